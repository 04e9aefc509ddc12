"""Volumes against the disks that they lie on.

Sources: docs.ceph.com, Monitor Config Reference: `mon osd nearfull ratio` is 0.85, and each copy of
an object lies on a disk of its own; openebs.io, Local PV Hostpath: a volume lies on the node where
its pod first ran, and nothing but the size of the disk limits it.
"""

from collections.abc import Iterator

import msgspec

from gitops.check import pods
from gitops.check.fields import at, listing, text
from gitops.check.index import Index
from gitops.check.platform.capacity import requests
from gitops.model import finding
from gitops.model.estate import Cluster
from gitops.model.finding import Finding

_NEARLY_FULL = 0.85
_CEPH = (".rbd.csi.ceph.com", ".cephfs.csi.ceph.com")
_BUCKETS = ".ceph.rook.io/bucket"
_LOCAL = ("openebs.io/local", "rancher.io/local-path")
_ROOK = "ceph.rook.io"
_GIB = 1024**3


class Volumes(msgspec.Struct, frozen=True):
    """So many volumes of one size in a class."""

    storage_class: str
    size: int
    count: int


def asked(facts: Index) -> Iterator[Volumes]:
    """All volumes and buckets that claims of the cluster ask for, those of controllers included."""
    for owned in facts.of("", "PersistentVolumeClaim"):
        body = facts.body(owned.manifest)
        yield Volumes(text(at(body, "spec", "storageClassName")), requests.size(body), 1)
    for template in pods.templates(facts):
        claims = listing(at(template.body, "spec", "volumeClaimTemplates"))
        for claim in claims if template.owner.manifest.id.kind == "StatefulSet" else ():
            name = text(at(claim, "spec", "storageClassName"))
            yield Volumes(name, requests.size(claim), template.replicas)
    for owned in facts.of("objectbucket.io", "ObjectBucketClaim"):
        spec = at(facts.body(owned.manifest), "spec")
        yield Volumes(text(at(spec, "storageClassName")), _bucket(at(spec, "additionalConfig")), 1)


def _bucket(asked: object) -> int:
    """What a bucket may come to hold: Rook sets no quota of the user where an owner is named."""
    mine = None if at(asked, "bucketOwner") else at(asked, "maxSize")
    return int(requests.quantity(at(asked, "bucketMaxSize") or mine))


def crowded(facts: Index) -> Iterator[Finding]:
    """What volumes may come to hold has room on the disks of the estate."""
    loaded = facts.knowledge.estate
    cluster = loaded.estate.clusters.get(facts.cluster.name) if loaded else None
    if loaded is None or cluster is None:
        return
    place = loaded.at("clusters", facts.cluster.name, "nodes")
    for words, need, room in (_ceph(facts, cluster), _local(facts, cluster)):
        if need > room:
            yield finding.warning(
                "capacity/disks",
                place,
                f"{words} of {facts.cluster.name} may come to hold {need / _GIB:.0f} GiB, and "
                f"there is room for {room / _GIB:.0f} GiB",
                "ask for smaller volumes, or add disks",
            )


def _ceph(facts: Index, cluster: Cluster) -> tuple[str, int, int]:
    """All copies of what lies in Ceph, against its disks until it warns."""
    need = sum(
        volumes.size * volumes.count * _copies(facts, volumes.storage_class)
        for volumes in asked(facts)
    )
    raw = sum(node.disks.ceph.size for node in cluster.nodes.values())
    return "volumes and buckets in Ceph, with all copies,", need, int(raw * _NEARLY_FULL)


def _copies(facts: Index, storage_class: str) -> int:
    """How often Ceph keeps what lies in a class, 0 for classes of others."""
    provisioner = _provisioner(facts, storage_class)
    found = facts.find("storage.k8s.io", "StorageClass", "", storage_class)
    parameters = at(facts.body(found.manifest), "parameters") if found else None
    if provisioner.endswith(_BUCKETS):
        way: tuple[str | int, ...] = ("spec", "dataPool", "replicated", "size")
        return _size(facts, "CephObjectStore", text(at(parameters, "objectStoreName")), way)
    if provisioner.endswith(_CEPH[1]):
        way = ("spec", "dataPools", 0, "replicated", "size")
        return _size(facts, "CephFilesystem", text(at(parameters, "fsName")), way)
    if provisioner.endswith(_CEPH[0]):
        way = ("spec", "replicated", "size")
        return _size(facts, "CephBlockPool", text(at(parameters, "pool")), way)
    return 0


def _size(facts: Index, kind: str, name: str, way: tuple[str | int, ...]) -> int:
    """The copies in a pool, one where that is not known."""
    pools = (each for each in facts.of(_ROOK, kind) if each.manifest.id.name == name)
    found = next((at(facts.body(each.manifest), *way) for each in pools), 1)
    return found if isinstance(found, int) else 1


def _local(facts: Index, cluster: Cluster) -> tuple[str, int, int]:
    """What one node gets when each set is spread over all, against the smallest disk."""
    nodes = len(cluster.nodes)
    need = sum(
        volumes.size * -(-volumes.count // nodes)
        for volumes in asked(facts)
        if _provisioner(facts, volumes.storage_class) in _LOCAL
    )
    room = min(node.disks.local.size for node in cluster.nodes.values())
    return "local volumes on one node", need, room


def _provisioner(facts: Index, storage_class: str) -> str:
    found = facts.find("storage.k8s.io", "StorageClass", "", storage_class)
    return text(at(facts.body(found.manifest), "provisioner")) if found else ""


RULES = (crowded,)
