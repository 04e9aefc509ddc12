"""What the rules are told about a compiled repository."""

import os
from argparse import Namespace

from gitops.check.knowledge import Knowledge
from gitops.cli import late
from gitops.cli.compose import Compiled
from gitops.sources import clock
from gitops.sources.tree import Kind, SourceTree


def knowledge(compiled: Compiled, arguments: Namespace, tree: SourceTree) -> Knowledge:
    """All that can be known without asking anybody; `tree` is where places are looked up."""
    return Knowledge(
        kube_version=arguments.kube_version or compiled.settings.kube_version,
        locate=late.load("gitops.check.locating", "Locator")(tree),
        today=clock.today(os.environ),
        estate=late.load("gitops.estate.loading", "load")(tree)[0] if _has_estate(tree) else None,
        outside=compiled.settings.outside,
    )


def _has_estate(tree: SourceTree) -> bool:
    return tree.kind("fleet.yaml") is Kind.FILE


_FILES = ("fleet.yaml", "secrets/vault.yaml", "gitops.toml")
"""What rules are told of, besides the objects and the files they come from."""


def fingerprint(compiled: Compiled, arguments: Namespace) -> tuple[object, ...]:
    """All that `knowledge` depends on: where it is the same, so is every answer."""
    for path in _FILES:
        compiled.digests.contents[path]
    return (
        arguments.kube_version,
        str(clock.today(os.environ)),
        compiled.digests.contents.sorted,
    )
