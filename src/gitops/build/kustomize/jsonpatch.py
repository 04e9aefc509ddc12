"""JSON patches (RFC 6902), as kustomize applies them."""

from typing import Any

import msgspec

from gitops.build.kustomize.problem import Problem


class Operation(msgspec.Struct, frozen=True):
    """One operation; `value` is `msgspec.UNSET` where the patch gives none."""

    op: str
    path: str
    value: Any = msgspec.UNSET
    from_: str = ""


def parse(text: str) -> tuple[Operation, ...] | Problem:
    """The operations of a patch written as JSON or YAML."""
    return ()


def apply(body: dict[str, Any], operations: tuple[Operation, ...]) -> dict[str, Any] | Problem:
    """The patched object. `body` is used up; after a Problem it must not be used."""
    return body
