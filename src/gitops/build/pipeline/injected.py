"""Patches in `spec.patches`: the unit's own, or defaults that its parent patched into it.

A parent that gives defaults to all its children writes one patch, and most children have nothing
for some of them to change. So such a patch is reported where it is written, and a child in which it
changes nothing is no news.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from gitops.errors import PathError
from gitops.model.finding import Finding
from gitops.model.flux import Kustomization
from gitops.model.origin import Location
from gitops.sources import yamlio
from gitops.sources.tree import SourceTree


class Owner(msgspec.Struct, frozen=True):
    """Where the patches of a unit are written; `is_parent` says that they are defaults."""

    at: Location
    is_parent: bool


def owner(wanted: Kustomization, tree: SourceTree) -> Owner:
    """Who wrote the patches that Flux adds to a kustomization."""
    patched = [step.at for step in wanted.origin.steps if step.action == "patch"]
    if not patched or not wanted.spec.patches or _are_own(wanted, tree):
        return Owner(wanted.origin.source, is_parent=False)
    return Owner(patched[-1], is_parent=True)


def fair(found: Iterable[Finding], by: Owner) -> tuple[Finding, ...]:
    """The findings without those that blame a default for changing nothing in one child."""
    return tuple(
        each
        for each in found
        if not (by.is_parent and each.at == by.at and each.rule == "kustomize/dead-patch")
    )


def _are_own(wanted: Kustomization, tree: SourceTree) -> bool:
    """Whether the file that declares the unit has just these patches."""
    source = wanted.origin.source
    try:
        documents, _ = yamlio.parse(tree.read(source.path), source.path)
    except PathError:
        return False
    bodies = (each.value for each in documents if each.document == source.document)
    patches = [_patches(body) for body in bodies]
    return patches == [[patch.patch for patch in wanted.spec.patches]]


def _patches(body: Any) -> list[Any]:
    spec = body.get("spec") if isinstance(body, dict) else None
    patches = spec.get("patches") if isinstance(spec, dict) else None
    return [patch.get("patch") for patch in patches or () if isinstance(patch, dict)]
