"""The only place that picks implementations: from a command line to a compiled fleet."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from typing import Protocol

import msgspec

from gitops.build.pipeline import discovery, locks
from gitops.build.pipeline.copies import Copies
from gitops.build.pipeline.fleet import compile_fleet
from gitops.build.pipeline.options import Options
from gitops.build.pipeline.ports import Ports
from gitops.cli import late
from gitops.errors import UsageError
from gitops.model import finding
from gitops.model.build import Fleet
from gitops.model.cluster import Entry
from gitops.model.config import Config
from gitops.model.finding import Finding
from gitops.model.origin import NOWHERE, Location
from gitops.sources import cachedir, checkout, config, identity
from gitops.sources.age import Keyring
from gitops.sources.cache import Cache, NoCache
from gitops.sources.charts import lockfiles, store
from gitops.sources.disk import DiskTree
from gitops.sources.recording import Digests
from gitops.sources.schemas import machines
from gitops.sources.schemas import store as schemas
from gitops.sources.tree import SourceTree
from gitops.ui.progress import Progress

_RENDERERS = {
    "sdk": ("gitops.sources.helm.client", "WorkerRenderer"),
    "command": ("gitops.sources.helm.cli", "CommandRenderer"),
}
"""Where each choice of `--helm` is found."""

_CACHE_LIMIT = 512 * 1024 * 1024
"""Bytes of results that are kept between runs."""


class Tree(SourceTree, Protocol):
    """The repository, and what of it has no name that can be used."""

    @property
    def unnamed(self) -> tuple[str, ...]: ...


class Compiled(msgspec.Struct, frozen=True):
    """A fleet, the files it was compiled from, and what the repository says about itself.

    `digests` know every file that was read; `program` tells this program from others that use the
    same cache.
    """

    fleet: Fleet
    tree: Tree
    settings: Config
    digests: Digests
    cache: Cache | NoCache
    program: str


def compile_repository(arguments: argparse.Namespace, *, keyless: bool = False) -> Fleet:
    """The fleet that the options of `arguments.add_compile` describe; `keyless` as somebody has it
    who can read no secret."""
    return compiled(arguments, keyless=keyless).fleet


def compiled(arguments: argparse.Namespace, *, keyless: bool = False) -> Compiled:
    """The same, with what it was compiled from."""
    root = repository(arguments.repo)
    tree = _tree(root, arguments.rev)
    settings, findings = config.load(tree)
    _check_versions(arguments)
    held_copies, missing_copies = _copies(root, arguments.source, settings)
    cache = _cache(arguments.no_cache)
    program = f"{identity.of_program()} {arguments.helm}"
    syncs = discovery.Syncs(cache, program)
    found, missing = discovery.entries(tree, arguments.entry, settings.entries, syncs)
    parse = late.function("gitops.build.lock.text", "parse")
    held, unreadable = locks.by_cluster(lockfiles.read(tree), parse, cache, program)
    charts = chart_store()
    keyring = Keyring() if keyless else Keyring.from_environment(os.environ)
    renderer = late.Renderer(*_RENDERERS[arguments.helm])
    with closing(renderer) as renders, _progress() as told:
        ports = Ports(
            tree=tree,
            digests=Digests(tree),
            cache=cache,
            renders=renders,
            charts=charts,
            packer=late.Packer(charts),
            copies=Copies(held_copies),
            locks=held,
            keyring=keyring,
            builder=late.function("gitops.build.pipeline.building", "build"),
            finisher=late.function("gitops.build.pipeline.building", "finish"),
            patcher=late.function("gitops.build.pipeline.building", "patch"),
            remotes=lru_cache(lambda: late.load("gitops.sources.git", "remote_urls")(root)),
            program=program,
            told=told,
        )
        findings = (*findings, *missing_copies, *missing, *unreadable)
        fleet = compile_fleet(
            _chosen(found, arguments), ports, _options(arguments, settings), findings
        )
    notes = (*cache.notes(), *keyring.notes(), *_damaged(charts), *_unnamed(tree))
    fleet = msgspec.structs.replace(fleet, findings=(*fleet.findings, *notes))
    return Compiled(fleet, tree, settings, ports.digests, cache, program)


def _options(arguments: argparse.Namespace, settings: Config) -> Options:
    return Options(
        kube_version=arguments.kube_version or settings.kube_version,
        fallback_flux=settings.flux_version,
        flux_version=arguments.flux_version or "",
        outside=settings.outside,
    )


def repository(folder: str) -> str:
    """The root of the repository that a folder lies in; the folder itself outside of Git."""
    if not os.path.isdir(folder):
        raise UsageError(f"{folder} is not a folder")
    return checkout.toplevel(folder) or os.path.abspath(folder)


def chart_store() -> store.Store:
    """The charts of whoever runs us."""
    return store.Store(os.path.join(cachedir.folder(os.environ), "charts"))


def machine_schemas() -> machines.Schemas:
    """The schemas of machine configurations that whoever runs us imported."""
    return machines.Schemas(os.path.join(cachedir.folder(os.environ), "schemas"))


def schema_store() -> schemas.Store:
    """The CustomResourceDefinitions that whoever runs us imported."""
    return schemas.Store(os.path.join(cachedir.folder(os.environ), "schemas"))


def _tree(root: str, revision: str | None) -> Tree:
    if revision is None:
        return DiskTree(root)
    tree: Tree = late.load("gitops.sources.git", "GitTree")(root, revision)
    return tree


def _cache(off: bool) -> Cache | NoCache:
    if off:
        return NoCache()
    return Cache(os.path.join(cachedir.folder(os.environ), "results"), _CACHE_LIMIT)


@contextmanager
def _progress() -> Iterator[Callable[[int, int, str], None]]:
    """Tells a person at a terminal how far a long run is."""
    if not sys.stderr.isatty():
        yield lambda done, total, what: None
        return
    shown = Progress(sys.stderr.write, time.monotonic)
    try:
        yield shown.show
    finally:
        shown.close()


def _damaged(charts: store.Store) -> Iterator[Finding]:
    hint = "`gitops charts verify` tells whether more of them are"
    for warning in charts.warnings:
        yield finding.note("helm/damaged-chart", NOWHERE, warning, hint)


def _unnamed(tree: Tree) -> Iterator[Finding]:
    for path in tree.unnamed:
        message = "the name of this file is not UTF-8: Flux sees it, and nothing here can"
        hint = "rename it, or remove it"
        yield finding.warning("repository/file-name", Location(path), message, hint)


def _check_versions(arguments: argparse.Namespace) -> None:
    for option, example in (("kube_version", "1.33.5"), ("flux_version", "2.9.4")):
        version = getattr(arguments, option)
        if version is not None and not config.is_version(version):
            name = option.replace("_", "-")
            raise UsageError(f"--{name} {version} is no version; write it like {example}")


def _copies(
    root: str, named: Sequence[str], settings: Config
) -> tuple[Mapping[str, SourceTree], tuple[Finding, ...]]:
    """Copies of other repositories by address. The command line wins over the configuration."""
    folders = {url: os.path.join(root, path) for url, path in settings.sources.items()}
    missing = [url for url, folder in folders.items() if not os.path.isdir(folder)]
    findings = tuple(_missing_copy(url, settings.sources[url]) for url in missing)
    folders = {url: folder for url, folder in folders.items() if url not in missing}
    for value in named:
        url, equals, folder = value.rpartition("=")
        if not equals or not os.path.isdir(folder):
            raise UsageError(f"--source {value}: URL=DIR is expected, with an existing folder")
        folders[url] = folder
    return {url: DiskTree(folder) for url, folder in folders.items()}, findings


def _missing_copy(url: str, folder: str) -> Finding:
    return finding.error(
        "config/missing-source",
        Location(config.PATH),
        f"the copy of {url} is not there: {folder!r} is no folder",
        "sources are folders relative to the root of the repository; clone it there",
    )


def _chosen(found: Sequence[Entry], arguments: argparse.Namespace) -> Sequence[Entry]:
    names: Sequence[str] = getattr(arguments, "clusters", ())
    known = [entry.name for entry in found]
    unknown = sorted(set(names) - set(known))
    if unknown and known:
        raise UsageError(f"no cluster {', '.join(unknown)}; there are {', '.join(known)}")
    return [entry for entry in found if not names or entry.name in names]
