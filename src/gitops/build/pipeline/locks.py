"""The locks of a repository, by cluster and path."""

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256

import msgspec

from gitops.build.lock import compare
from gitops.build.pipeline.results import Store
from gitops.model.build import Cluster, Unit
from gitops.model.finding import Finding
from gitops.model.lock import FOLDER, Lock, Wanted, path_of

Locks = dict[str, dict[str, Lock]]

Parse = Callable[[bytes, str], Lock | tuple[Finding, ...]]
"""`text.parse`, from the content and the path of a file."""


class Kept(msgspec.Struct, frozen=True, array_like=True):
    """All locks of a repository as the cache holds them."""

    locks: Locks
    findings: tuple[Finding, ...]


_decode = msgspec.msgpack.Decoder(Kept).decode
_encode = msgspec.msgpack.Encoder().encode


def by_cluster(
    files: Mapping[str, bytes], parse: Parse, cache: Store, program: str
) -> tuple[Locks, tuple[Finding, ...]]:
    """Every lock that can be read; those that cannot are findings.

    `program` tells this program from others that use the same cache.
    """
    if not files:
        return {}, ()
    key = sha256(_encode((program, sorted(files.items())))).hexdigest()
    data = cache.get("locks", key)
    if data is None:
        kept = _parsed(files, parse)
        cache.put("locks", key, _encode(kept))
    else:
        kept = _decode(data)
    return kept.locks, kept.findings


def _parsed(files: Mapping[str, bytes], parse: Parse) -> Kept:
    locks: Locks = {}
    findings: list[Finding] = []
    for path, content in files.items():
        lock = parse(content, path)
        if isinstance(lock, Lock):
            cluster = path.removeprefix(f"{FOLDER}/").partition("/")[0]
            locks.setdefault(cluster, {})[path] = lock
        else:
            findings.extend(lock)
    return Kept(locks, tuple(findings))


def stale(clusters: tuple[Cluster, ...], locks: Locks) -> tuple[Finding, ...]:
    """Where locks and releases disagree. A repository without any lock has chosen to have none.

    Only the locks of these clusters are looked at. Interfaces are not compared: chart, version,
    values and digest together decide them, but for the kinds that others bring to the cluster.
    """
    if not locks:
        return ()
    needed = [each for cluster in clusters for each in _wanted(cluster, locks)]
    left = _paths(clusters) - {each.path for each in needed}
    held = (lock for cluster in clusters for lock in locks.get(cluster.name, {}).values())
    return compare.compare((lock for lock in held if lock.path not in left), needed)


def _paths(clusters: tuple[Cluster, ...]) -> frozenset[str]:
    """Where the locks of all releases lie, if they have any."""
    return frozenset(
        _path(cluster, unit)
        for cluster in clusters
        for unit in cluster.units
        if unit.id.kind == "HelmRelease"
    )


def _path(cluster: Cluster, unit: Unit) -> str:
    return path_of(cluster.name, unit.id.namespace, unit.id.name)


def _wanted(cluster: Cluster, locks: Locks) -> Iterator[Wanted]:
    """What releases need, as far as it is known. Without its chart a release needs no lock: that
    the chart is absent is told already."""
    held = locks.get(cluster.name, {})
    for unit in cluster.units:
        use = unit.chart
        if use is not None and (use.digest or use.values or _path(cluster, unit) in held):
            yield Wanted(
                path=_path(cluster, unit),
                at=unit.origin.source,
                release=unit.id,
                cluster=cluster.name,
                chart=use.address,
                version=use.version,
                values=use.values,
                digest=use.digest,
            )
