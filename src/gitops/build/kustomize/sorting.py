"""The order of the result: the `sortOptions` field."""

from typing import Any

from gitops.build.kustomize import fieldspecs
from gitops.build.kustomize.directive import Directive
from gitops.build.kustomize.fieldspecs import FIRST, LAST, type_text
from gitops.build.kustomize.problem import Problem
from gitops.build.kustomize.resource import Resource

FIFO = "fifo"
LEGACY = "legacy"


def arrange(asked: Directive, resources: list[Resource], options: dict[str, Any]) -> None:
    """Sorts in place as the options say."""
    order = options.get("order", "")
    legacy = options.get("legacySortOptions")
    if order not in (FIFO, LEGACY):
        hint = f"use {FIFO} for the order of the files, or {LEGACY} to sort by kind"
        problem = Problem(f"order is {FIFO} or {LEGACY}, not {order!r}", hint)
        asked.problem("kustomize/sort-options", problem)
    elif order == FIFO and legacy is not None:
        hint = f"set order to {LEGACY}, or remove legacySortOptions"
        problem = Problem(f"legacySortOptions need the order {LEGACY}", hint)
        asked.problem("kustomize/sort-options", problem)
    elif order == LEGACY and legacy is not None:
        by_kind(resources, legacy.get("orderFirst", ()), legacy.get("orderLast", ()))
    elif order == LEGACY:
        by_kind(resources)


def by_kind(
    resources: list[Resource], first: tuple[str, ...] = FIRST, last: tuple[str, ...] = LAST
) -> None:
    """Sorts in place by kind, then by type, namespace and name: the order of `kustomize build`."""
    ranks = fieldspecs.ranks(first, last)

    def key(resource: Resource) -> tuple[int, str, str, str]:
        group, version, kind = gvk = resource.gvk
        # Namespaces of the core group stand before those of any other.
        type_ = "" if kind == "Namespace" and not group else type_text(gvk)
        name = f"{resource.namespace or '~X'}|{resource.name or '~N'}"
        return ranks.get(kind, 0), type_, version, name

    resources.sort(key=key)
