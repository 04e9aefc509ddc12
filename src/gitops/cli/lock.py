"""`gitops lock`: write down which chart every release uses, and what others can rely on in it."""

import sys
from argparse import Namespace

import msgspec

from gitops.build.lock import interface, text
from gitops.cli import arguments, compose
from gitops.model.build import ChartUse, Fleet, Rendered, Unit
from gitops.model.lock import Lock, path_of
from gitops.sources.charts import lockfiles
from gitops.sources.disk import DiskTree

_DESCRIPTION = "Record chart digests and release interfaces in gitops.lock.d/."


def run(given: list[str]) -> int:
    """Write the locks of all releases whose charts are here; 1 when a release stays without.

    Locks are the same for whoever writes them, and nothing decrypted gets into one: so they are
    made without any key.
    """
    parser = arguments.parser("lock", _DESCRIPTION)
    arguments.add_compile(parser)
    arguments.add_json(parser)
    options = parser.parse_args(given)
    fleet = compose.compile_repository(options, keyless=True)
    root = compose.repository(options.repo)
    locks = _locks(fleet)
    kept = _all_paths(fleet)
    orphans = set(lockfiles.read(DiskTree(root))) - kept
    changes = lockfiles.write(root, {lock.path: text.to_yaml(lock) for lock in locks}, orphans)
    return _report(options, changes, sorted(kept - {lock.path for lock in locks}))


def _locks(fleet: Fleet) -> list[Lock]:
    return [
        _lock(cluster.name, unit, unit.chart)
        for cluster in fleet.clusters
        for unit in cluster.units
        if unit.chart and unit.chart.digest and isinstance(unit.outcome, Rendered)
    ]


def _lock(cluster: str, unit: Unit, use: ChartUse) -> Lock:
    return Lock(
        path=path_of(cluster, unit.id.namespace, unit.id.name),
        chart=use.address,
        version=use.version,
        digest=use.digest,
        values=use.values,
        interface=interface.interface_of(unit.manifests),
        app_version=use.app_version,
        origin_digest=use.origin_digest,
    )


def _all_paths(fleet: Fleet) -> set[str]:
    return {
        path_of(cluster.name, unit.id.namespace, unit.id.name)
        for cluster in fleet.clusters
        for unit in cluster.units
        if unit.id.kind == "HelmRelease"
    }


def _report(options: Namespace, changes: lockfiles.Changes, without: list[str]) -> int:
    """Say what changed; a lock that could not be renewed stays as it is and is named."""
    if options.json:
        view = {"written": changes.written, "removed": changes.removed, "not locked": without}
        print(msgspec.json.encode(view).decode())
        return int(bool(without))
    sys.stdout.writelines(f"written {path}\n" for path in changes.written)
    sys.stdout.writelines(f"removed {path}\n" for path in changes.removed)
    sys.stdout.writelines(f"not locked {path}: its chart is not here\n" for path in without)
    return int(bool(without))
