"""Strategic merge patches, as kustomize applies them."""

from typing import Any

from gitops.build.kustomize.openapi import OpenApi
from gitops.build.kustomize.problem import Problem


def merge(
    target: dict[str, Any], patch: dict[str, Any], openapi: OpenApi
) -> dict[str, Any] | Problem | None:
    """The patched object; None when the patch deletes it.

    `target` is used up: it may be changed and become part of the result. `patch` is left as it is
    and shares nothing with the result. After a Problem the target must not be used.
    """
    for key, value in patch.items():
        if value is None:
            target.pop(key, None)
        elif isinstance(value, dict) and isinstance(target.get(key), dict):
            merge(target[key], value, openapi)
        else:
            target[key] = value
    return target
