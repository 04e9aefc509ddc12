"""The only place that picks implementations: from a command line to a compiled fleet."""

import argparse
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from typing import Any

from gitops.build.pipeline import discovery, locks
from gitops.build.pipeline.copies import Copies
from gitops.build.pipeline.fleet import compile_fleet
from gitops.build.pipeline.options import Options
from gitops.build.pipeline.ports import Ports, Store
from gitops.errors import UsageError
from gitops.model.build import Fleet
from gitops.model.cluster import Entry
from gitops.model.config import Config
from gitops.model.render import ChartRenderer
from gitops.sources import cachedir, config, git, identity
from gitops.sources.age import Keyring
from gitops.sources.cache import Cache, NoCache
from gitops.sources.charts import lockfiles, store
from gitops.sources.charts.packing import Packer
from gitops.sources.disk import DiskTree
from gitops.sources.helm.client import WorkerRenderer
from gitops.sources.recording import Digests
from gitops.sources.tree import SourceTree

_CACHE_LIMIT = 512 * 1024 * 1024
"""Bytes of results that are kept between runs."""


def compile_repository(arguments: argparse.Namespace) -> Fleet:
    """The fleet that the options of `arguments.add_compile` describe."""
    root = repository(arguments.repo)
    tree = _tree(root, arguments.rev)
    settings, findings = config.load(tree)
    found, missing = discovery.entries(tree, arguments.entry, settings.entries)
    held, unreadable = locks.by_cluster(lockfiles.read(tree))
    options = Options(
        kube_version=arguments.kube_version or settings.kube_version,
        fallback_flux=settings.flux_version,
        flux_version=arguments.flux_version or "",
        outside=settings.outside,
    )
    charts = chart_store()
    with _renderer(arguments.helm) as renders:
        ports = Ports(
            tree=tree,
            digests=Digests(tree),
            cache=_cache(arguments.no_cache),
            renders=renders,
            charts=charts,
            packer=Packer(charts),
            copies=Copies(_copies(root, arguments.source, settings)),
            locks=held,
            keyring=Keyring.from_environment(os.environ),
            builder=_deferred("gitops.build.pipeline.building", "build"),
            finisher=_deferred("gitops.build.pipeline.building", "finish"),
            remotes=lru_cache(lambda: git.remote_urls(root)),
            program=identity.of_program(),
        )
        entries = _chosen(found, getattr(arguments, "clusters", ()))
        return compile_fleet(entries, ports, options, (*findings, *missing, *unreadable))


def repository(folder: str) -> str:
    """The root of the repository that a folder lies in; the folder itself outside of Git."""
    start = here = os.path.abspath(folder)
    if not os.path.isdir(start):
        raise UsageError(f"{folder} is not a folder")
    while not os.path.exists(os.path.join(here, ".git")):
        above = os.path.dirname(here)
        if above == here:
            return start
        here = above
    return here


def chart_store() -> store.Store:
    """The charts of whoever runs us."""
    return store.Store(os.path.join(cachedir.folder(os.environ), "charts"))


def _deferred(module: str, name: str) -> Any:
    """A function whose module is loaded when it is first called: start-up time is part of the
    product, and most runs find everything in the cache."""

    def call(*arguments: Any) -> Any:
        return getattr(import_module(module), name)(*arguments)

    return call


def _tree(root: str, revision: str | None) -> SourceTree:
    return DiskTree(root) if revision is None else git.GitTree(root, revision)


def _cache(off: bool) -> Store:
    if off:
        return NoCache()
    return Cache(os.path.join(cachedir.folder(os.environ), "results"), _CACHE_LIMIT)


@contextmanager
def _renderer(name: str) -> Iterator[ChartRenderer]:
    with WorkerRenderer() as worker:
        yield worker


def _copies(root: str, named: Sequence[str], settings: Config) -> Mapping[str, SourceTree]:
    folders = {url: os.path.join(root, path) for url, path in settings.sources.items()}
    for value in named:
        url, equals, folder = value.rpartition("=")
        if not equals or not os.path.isdir(folder):
            raise UsageError(f"--source {value}: URL=DIR is expected, with an existing folder")
        folders[url] = folder
    return {url: DiskTree(folder) for url, folder in folders.items()}


def _chosen(found: Sequence[Entry], names: Sequence[str]) -> Sequence[Entry]:
    known = [entry.name for entry in found]
    unknown = sorted(set(names) - set(known))
    if unknown and known:
        raise UsageError(f"no cluster {', '.join(unknown)}; there are {', '.join(known)}")
    return [entry for entry in found if not names or entry.name in names]
