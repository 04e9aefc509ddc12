"""Compiles every cluster of a repository."""

from collections.abc import Sequence

import msgspec

from gitops.build.flux import version
from gitops.build.flux.version import Features
from gitops.build.pipeline import discovery, locks
from gitops.build.pipeline.cluster import ClusterCompiler
from gitops.build.pipeline.options import Options
from gitops.build.pipeline.ports import Ports
from gitops.model.build import Cluster, Fleet
from gitops.model.cluster import Entry, Sync
from gitops.model.finding import Finding
from gitops.sources.ignore import IgnoringTree


def compile_fleet(
    entries: Sequence[Entry], ports: Ports, options: Options, findings: Sequence[Finding] = ()
) -> Fleet:
    """All clusters, in the order of `entries`. `findings` are those of the repository itself.

    Every cluster goes as far as it can before the first one waits for a chart.
    """
    artifact = IgnoringTree(ports.tree)
    syncs = discovery.Syncs(ports.cache, ports.program)
    starts = [(entry, discovery.sync(artifact, entry, syncs)) for entry in entries]
    compilers = [
        ClusterCompiler(entry, sync, ports, options, _first_guess(sync, options))
        for entry, sync in starts
    ]
    for compiler in compilers:
        compiler.advance()
    clusters = tuple(
        _compiled(entry, sync, ports, options, compiler)
        for (entry, sync), compiler in zip(starts, compilers, strict=True)
    )
    return Fleet(clusters, (*findings, *locks.stale(clusters, ports.locks)))


def _first_guess(sync: Sync, options: Options) -> Features:
    named = options.flux_version or sync.flux_version or options.fallback_flux
    return version.features(named)


def _compiled(
    entry: Entry, sync: Sync, ports: Ports, options: Options, compiler: ClusterCompiler
) -> Cluster:
    """The cluster as the Flux that it installs would have it, unless the operator chose one, and
    from the source that its Kustomizations name."""
    cluster = compiler.run()
    source = compiler.other_source()
    if source is not None:
        sync = msgspec.structs.replace(sync, source=source)
        compiler = ClusterCompiler(entry, sync, ports, options, _first_guess(sync, options))
        cluster = compiler.run()
    other = compiler.other_flux(chosen=bool(options.flux_version))
    return ClusterCompiler(entry, sync, ports, options, other).run() if other else cluster
