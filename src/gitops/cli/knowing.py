"""What the rules are told about a compiled repository."""

import os
from argparse import Namespace
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from gitops.check.knowledge import Knowledge
from gitops.cli import compose, late
from gitops.cli.compose import Compiled
from gitops.model.finding import Finding
from gitops.sources import beside, clock
from gitops.sources.recording import ReadSet, RecordingTree
from gitops.sources.tree import Kind, SourceTree


def knowledge(compiled: Compiled, arguments: Namespace, tree: RecordingTree) -> Knowledge:
    """All that can be known without asking anybody; `tree` is where places are looked up."""
    estate, wrong = _facts(tree, "fleet.yaml", "gitops.estate.loading")
    vault, more = _facts(tree, "secrets/vault.yaml", "gitops.estate.vault")
    phases, others = _facts(tree, "bootstrap/helmfile.d", "gitops.estate.helmfiles", Kind.FOLDER)
    locator = late.load("gitops.check.locating", "Locator")(tree)
    _, plain = _facts(tree, ".sops.yaml", "gitops.sources.sops.creation")
    return Knowledge(
        kube_version=arguments.kube_version or compiled.settings.kube_version,
        kube_version_assumed=not arguments.kube_version and compiled.settings.kube_version_assumed,
        kube_version_asked=bool(arguments.kube_version),
        locate=locator,
        line=locator.line,
        taken=locator.taken,
        today=arguments.today or clock.today(os.environ),
        estate=estate,
        vault=vault,
        helmfiles=phases,
        machines=late.function("gitops.cli.machining", "machines")(tree, estate) if estate else (),
        mistakes=(*wrong, *more, *others, *plain),
        outside=compiled.settings.outside,
        outside_told=compiled.settings.outside_told,
        registries=compiled.settings.registries,
        named=bool(arguments.entry or compiled.settings.entries),
        whole=not arguments.clusters,
        definitions=late.function("gitops.sources.schemas.kubernetes", "definitions"),
        imported=compose.schema_store().definition,
        require_schemas=arguments.require_schemas,
        beforehand=partial(late.function("gitops.estate.beforehand", "load"), tree),
        unlisted=partial(late.function("gitops.estate.unlisted", "load"), tree),
        beside=partial(begin, tree),
    )


def begin(tree: RecordingTree, work: Callable[[], bytes]) -> Callable[[], bytes]:
    """Work that may go on in a copy of the process, where it reads a copy of the tree."""
    answer = beside.begin(lambda: msgspec.msgpack.encode((work(), tree.reads)))

    def result() -> bytes:
        found, reads = msgspec.msgpack.decode(answer(), type=tuple[bytes, ReadSet])
        tree.add(reads)
        return found

    return result


def _facts(
    tree: SourceTree, path: str, home: str, kind: Kind = Kind.FILE
) -> tuple[Any, tuple[Finding, ...]]:
    """What a file of facts says, and what is wrong in it; nothing, where there is no such file."""
    if tree.kind(path) is not kind:
        return None, ()
    found: tuple[Any, tuple[Finding, ...]] = late.load(home, "load")(tree)
    return found


_FILES = ("fleet.yaml", "secrets/vault.yaml", "gitops.toml")
"""What rules are told of, besides the objects and the files they come from."""


def fingerprint(compiled: Compiled, arguments: Namespace) -> tuple[object, ...]:
    """All that `knowledge` depends on: where it is the same, so is every answer."""
    for path in _FILES:
        compiled.digests.contents[path]
    return (
        arguments.kube_version,
        tuple(arguments.entry),
        arguments.require_schemas,
        compose.schema_store().fingerprint,
        compose.machine_schemas().fingerprint,
        str(arguments.today or clock.today(os.environ)),
        compiled.digests.contents.sorted,
    )
