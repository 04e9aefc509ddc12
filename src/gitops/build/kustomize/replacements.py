"""The `replacements` field: values copied from one object into others."""

from collections.abc import Sequence
from typing import Any, Protocol

from gitops.model.finding import Finding
from gitops.model.ids import ObjectId
from gitops.model.origin import Location
from gitops.sources.tree import SourceTree


class Subject(Protocol):
    """An object whose body may be changed in place."""

    body: dict[str, Any]

    @property
    def ids(self) -> Sequence[ObjectId]:
        """The present id first, then the ids it had before, newest first."""


def load(
    entries: Sequence[Any], tree: SourceTree, folder: str, at: Location
) -> tuple[tuple[dict[str, Any], ...], tuple[Finding, ...]]:
    """The replacements of a kustomization, those in files (`path:`) included."""
    return (), ()


def apply(
    replacements: Sequence[dict[str, Any]], subjects: Sequence[Subject], at: Location
) -> tuple[Finding, ...]:
    """Changes the subjects in place, one replacement after the other."""
    return ()
