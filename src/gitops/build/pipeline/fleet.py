"""Compiles every cluster of a repository."""

from collections.abc import Sequence

from gitops.build.pipeline import discovery, locks
from gitops.build.pipeline.cluster import ClusterCompiler
from gitops.build.pipeline.options import Options
from gitops.build.pipeline.ports import Ports
from gitops.model.build import Fleet
from gitops.model.cluster import Entry
from gitops.model.finding import Finding
from gitops.sources.ignore import IgnoringTree


def compile_fleet(
    entries: Sequence[Entry], ports: Ports, options: Options, findings: Sequence[Finding] = ()
) -> Fleet:
    """All clusters, in the order of `entries`. `findings` are those of the repository itself.

    Every cluster goes as far as it can before the first one waits for a chart.
    """
    artifact = IgnoringTree(ports.tree)
    compilers = [
        ClusterCompiler(entry, discovery.sync(artifact, entry), ports, options) for entry in entries
    ]
    for compiler in compilers:
        compiler.advance()
    clusters = tuple(compiler.run() for compiler in compilers)
    return Fleet(clusters, (*findings, *locks.stale(clusters, ports.locks)))
