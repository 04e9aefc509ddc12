"""Compiles every cluster of a repository."""

import itertools
from collections.abc import Sequence

import msgspec

from gitops.build.flux import version
from gitops.build.flux.version import Features
from gitops.build.pipeline import discovery, locks
from gitops.build.pipeline.cluster import ClusterCompiler
from gitops.build.pipeline.options import Options
from gitops.build.pipeline.ports import Ports
from gitops.model.build import Cluster, Fleet
from gitops.model.cluster import Entry, SourceRef, Sync
from gitops.model.finding import Finding
from gitops.model.origin import NOWHERE
from gitops.sources.ignore import IgnoringTree


def compile_fleet(
    entries: Sequence[Entry], ports: Ports, options: Options, findings: Sequence[Finding] = ()
) -> Fleet:
    """All clusters, in the order of `entries`. `findings` are those of the repository itself.

    Every cluster goes as far as it can before the first one waits for a chart.
    """
    artifact = IgnoringTree(ports.tree)
    syncs = discovery.Syncs(ports.cache, ports.program)
    starts = [
        _Start(entry, discovery.sync(artifact, entry, syncs), ports, options) for entry in entries
    ]
    begun = [_begun(start) for start in starts]
    clusters = tuple(itertools.starmap(_compiled, zip(starts, begun, strict=True)))
    return Fleet(clusters, (*findings, *locks.stale(clusters, ports.locks)))


class _Start(msgspec.Struct, frozen=True):
    """A cluster, how it starts, and what it is compiled with."""

    entry: Entry
    sync: Sync
    ports: Ports
    options: Options

    def compiler(self, features: Features) -> ClusterCompiler:
        """The cluster before anything of it is compiled, for one version of Flux."""
        return ClusterCompiler(self.entry, self.sync, self.ports, self.options, features)


class _Begun(msgspec.Struct, frozen=True):
    """A cluster that went as far as it can without charts, and for which version of Flux."""

    compiler: ClusterCompiler
    features: Features


def _begun(start: _Start) -> _Begun:
    named = start.options.flux_version or start.sync.flux_version or start.options.fallback_flux
    begun = _Begun(start.compiler(version.features(named)), version.features(named))
    other = begun.compiler.begin()
    if other is not None:
        begun = _Begun(start.compiler(other), other)
        begun.compiler.begin()
    return begun


def _from(sync: Sync, source: SourceRef) -> Sync:
    """The same start from another source, whose name a FluxInstance gives to all that it makes."""
    if sync.at == NOWHERE:
        return msgspec.structs.replace(sync, source=source)
    return msgspec.structs.replace(
        sync, source=source, name=source.name, namespace=source.namespace
    )


def _compiled(start: _Start, begun: _Begun) -> Cluster:
    """The cluster as the Flux that it installs would have it, unless the operator chose one, and
    from the source that its Kustomizations name."""
    compiler = begun.compiler
    cluster = compiler.run()
    source = compiler.other_source()
    if source is not None:
        start = msgspec.structs.replace(start, sync=_from(start.sync, source))
        compiler = start.compiler(begun.features)
        cluster = compiler.run()
    other = compiler.other_flux(chosen=bool(start.options.flux_version))
    return start.compiler(other).run() if other else cluster
