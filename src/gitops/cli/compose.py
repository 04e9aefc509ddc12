"""The only place that picks implementations: from a command line to a compiled fleet."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from typing import Any

import msgspec

from gitops.build.pipeline import discovery, locks
from gitops.build.pipeline.copies import Copies
from gitops.build.pipeline.fleet import compile_fleet
from gitops.build.pipeline.options import Options
from gitops.build.pipeline.ports import Ports
from gitops.errors import UsageError
from gitops.model import finding
from gitops.model.build import Fleet
from gitops.model.cluster import Entry
from gitops.model.config import Config
from gitops.model.finding import Finding
from gitops.model.origin import NOWHERE, Location
from gitops.model.render import ChartRenderer
from gitops.sources import cachedir, config, git, identity
from gitops.sources.age import Keyring
from gitops.sources.cache import Cache, NoCache
from gitops.sources.charts import lockfiles, store
from gitops.sources.charts.packing import Packer
from gitops.sources.disk import DiskTree
from gitops.sources.helm.cli import CommandRenderer
from gitops.sources.helm.client import WorkerRenderer
from gitops.sources.recording import Digests
from gitops.sources.tree import SourceTree
from gitops.ui.progress import Progress

_CACHE_LIMIT = 512 * 1024 * 1024
"""Bytes of results that are kept between runs."""


def compile_repository(arguments: argparse.Namespace) -> Fleet:
    """The fleet that the options of `arguments.add_compile` describe."""
    root = repository(arguments.repo)
    tree = _tree(root, arguments.rev)
    settings, findings = config.load(tree)
    _check_versions(arguments)
    held_copies, missing_copies = _copies(root, arguments.source, settings)
    found, missing = discovery.entries(tree, arguments.entry, settings.entries)
    held, unreadable = locks.by_cluster(lockfiles.read(tree))
    options = Options(
        kube_version=arguments.kube_version or settings.kube_version,
        fallback_flux=settings.flux_version,
        flux_version=arguments.flux_version or "",
        outside=settings.outside,
    )
    charts = chart_store()
    cache = _cache(arguments.no_cache)
    keyring = Keyring.from_environment(os.environ)
    with _renderer(arguments.helm) as renders, _progress() as told:
        ports = Ports(
            tree=tree,
            digests=Digests(tree),
            cache=cache,
            renders=renders,
            charts=charts,
            packer=Packer(charts),
            copies=Copies(held_copies),
            locks=held,
            keyring=keyring,
            builder=_deferred("gitops.build.pipeline.building", "build"),
            finisher=_deferred("gitops.build.pipeline.building", "finish"),
            patcher=_deferred("gitops.build.pipeline.building", "patch"),
            remotes=lru_cache(lambda: git.remote_urls(root)),
            program=f"{identity.of_program()} {arguments.helm}",
            told=told,
        )
        entries = _chosen(found, getattr(arguments, "clusters", ()))
        fleet = compile_fleet(
            entries, ports, options, (*findings, *missing_copies, *missing, *unreadable)
        )
    notes = (*cache.notes(), *keyring.notes(), *_damaged(charts), *_unnamed(tree))
    return msgspec.structs.replace(fleet, findings=(*fleet.findings, *notes))


def repository(folder: str) -> str:
    """The root of the repository that a folder lies in; the folder itself outside of Git."""
    if not os.path.isdir(folder):
        raise UsageError(f"{folder} is not a folder")
    return git.toplevel(folder) or os.path.abspath(folder)


def chart_store() -> store.Store:
    """The charts of whoever runs us."""
    return store.Store(os.path.join(cachedir.folder(os.environ), "charts"))


def _deferred(module: str, name: str) -> Any:
    """A function whose module is loaded when it is first called: start-up time is part of the
    product, and most runs find everything in the cache."""

    def call(*arguments: Any) -> Any:
        return getattr(import_module(module), name)(*arguments)

    return call


def _tree(root: str, revision: str | None) -> DiskTree | git.GitTree:
    return DiskTree(root) if revision is None else git.GitTree(root, revision)


def _cache(off: bool) -> Cache | NoCache:
    if off:
        return NoCache()
    return Cache(os.path.join(cachedir.folder(os.environ), "results"), _CACHE_LIMIT)


@contextmanager
def _renderer(name: str) -> Iterator[ChartRenderer]:
    if name == "command":
        yield CommandRenderer()
        return
    with WorkerRenderer() as worker:
        yield worker


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


def _unnamed(tree: DiskTree | git.GitTree) -> Iterator[Finding]:
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


def _chosen(found: Sequence[Entry], names: Sequence[str]) -> Sequence[Entry]:
    known = [entry.name for entry in found]
    unknown = sorted(set(names) - set(known))
    if unknown and known:
        raise UsageError(f"no cluster {', '.join(unknown)}; there are {', '.join(known)}")
    return [entry for entry in found if not names or entry.name in names]
