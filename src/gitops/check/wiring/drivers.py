"""Drivers of storage: whose keys a class has, and who makes a volume of a snapshot.

Source: rook v1.20.6, pkg/operator/ceph/csi/secrets.go: the operator makes a key for each driver and
each of its two parts. Kubernetes, "Volume Snapshots": a volume is made of a snapshot by the driver
that took it.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import mapping, text
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot
from gitops.model.finding import Finding

_STORAGE, _SNAPSHOT = "storage.k8s.io", "snapshot.storage.k8s.io"
_VOLSYNC = "volsync.backube"
_CLASSES = (
    (_STORAGE, "StorageClass", "provisioner"),
    (_SNAPSHOT, "VolumeSnapshotClass", "driver"),
)
_DRIVERS = {".rbd.csi.ceph.com": "rook-csi-rbd-", ".cephfs.csi.ceph.com": "rook-csi-cephfs-"}
"""How the names of drivers end, and how those of their keys begin."""


def keys(facts: Index) -> Iterator[Finding]:
    """A class of Ceph has the keys that Rook makes for its driver."""
    for group, kind, field in _CLASSES:
        for owned in facts.of(group, kind):
            body = facts.body(owned.manifest)
            driver = text(body.get(field))
            wanted = next((key for end, key in _DRIVERS.items() if driver.endswith(end)), "")
            for name, value in mapping(body.get("parameters")).items() if wanted else ():
                if _is_foreign(name, text(value), wanted):
                    spot = Spot(facts, owned, ("parameters", name))
                    yield spot.error(
                        "storage/driver-key",
                        f"{spot.who} has the key {value} for driver {driver}: Ceph refuses it",
                        f"name {_own(text(value), wanted)}, or correct the driver",
                    )


def _is_foreign(name: str, value: str, wanted: str) -> bool:
    others = tuple(each for each in _DRIVERS.values() if each != wanted)
    return name.endswith("secret-name") and value.startswith(others)


def _own(value: str, wanted: str) -> str:
    return wanted + value.rpartition("-")[2]


def snapshots(facts: Index) -> Iterator[Finding]:
    """What VolSync makes of a snapshot is made by the driver that took it."""
    for kind in ("ReplicationDestination", "ReplicationSource"):
        for owned in facts.of(_VOLSYNC, kind):
            for mover, spec in mapping(facts.body(owned.manifest).get("spec")).items():
                yield from _copied(facts, owned, mover, mapping(spec))


def _copied(facts: Index, owned: Owned, mover: str, spec: dict[str, Any]) -> Iterator[Finding]:
    found = facts.find(_STORAGE, "StorageClass", "", text(spec.get("storageClassName")))
    name = text(spec.get("volumeSnapshotClassName"))
    taken = facts.find(_SNAPSHOT, "VolumeSnapshotClass", "", name)
    if found is None or taken is None or spec.get("copyMethod") != "Snapshot":
        return
    makes = text(facts.body(found.manifest).get("provisioner"))
    takes = text(facts.body(taken.manifest).get("driver"))
    if makes and takes and makes != takes:
        spot = Spot(facts, owned, ("spec", mover, "storageClassName"))
        yield spot.error(
            "storage/snapshot-driver",
            f"{spot.who} has snapshots taken by {takes} ({name}), and volumes made of them by "
            f"{makes} ({found.manifest.id.name}): no copy is ever made",
            "name classes of one driver",
            found,
            taken,
        )
