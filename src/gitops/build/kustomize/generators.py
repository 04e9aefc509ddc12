"""The bodies that configMapGenerator and secretGenerator give."""

from typing import Any

from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.sources.tree import SourceTree


def config_map(
    args: dict[str, Any], options: dict[str, Any], tree: SourceTree, folder: str, at: Location
) -> tuple[dict[str, Any] | None, tuple[Finding, ...]]:
    """The ConfigMap of one entry of `configMapGenerator`; `options` are the generatorOptions."""
    return None, ()


def secret(
    args: dict[str, Any], options: dict[str, Any], tree: SourceTree, folder: str, at: Location
) -> tuple[dict[str, Any] | None, tuple[Finding, ...]]:
    """The Secret of one entry of `secretGenerator`; `options` are the generatorOptions."""
    return None, ()
