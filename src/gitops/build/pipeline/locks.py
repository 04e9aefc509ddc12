"""The locks of a repository, by cluster and path."""

from collections.abc import Iterator, Mapping

from gitops.build.lock import compare, text
from gitops.model.build import Cluster
from gitops.model.finding import Finding
from gitops.model.lock import FOLDER, Lock, Wanted, path_of

Locks = dict[str, dict[str, Lock]]


def by_cluster(files: Mapping[str, bytes]) -> tuple[Locks, tuple[Finding, ...]]:
    """Every lock that can be read; those that cannot are findings."""
    locks: Locks = {}
    findings: list[Finding] = []
    for path, content in files.items():
        lock = text.parse(content, path)
        if isinstance(lock, Lock):
            cluster = path.removeprefix(f"{FOLDER}/").partition("/")[0]
            locks.setdefault(cluster, {})[path] = lock
        else:
            findings.extend(lock)
    return locks, tuple(findings)


def stale(clusters: tuple[Cluster, ...], locks: Locks) -> tuple[Finding, ...]:
    """Where locks and releases disagree. A repository without any lock has chosen to have none.

    Only the locks of these clusters are looked at. Interfaces are not compared: chart, version,
    values and digest together decide them, but for the kinds that others bring to the cluster.
    """
    if not locks:
        return ()
    held = [lock for cluster in clusters for lock in locks.get(cluster.name, {}).values()]
    return compare.compare(held, (each for cluster in clusters for each in _wanted(cluster)))


def _wanted(cluster: Cluster) -> Iterator[Wanted]:
    for unit in cluster.units:
        if unit.chart is not None and unit.chart.values:
            yield Wanted(
                path=path_of(cluster.name, unit.id.namespace, unit.id.name),
                at=unit.origin.source,
                release=unit.id,
                cluster=cluster.name,
                chart=unit.chart.address,
                version=unit.chart.version,
                values=unit.chart.values,
                digest=unit.chart.digest,
            )
