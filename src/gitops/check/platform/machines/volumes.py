"""Volumes of machines: what keeps its data on one finds it.

Source: docs.talos.dev, UserVolumeConfig, ExistingVolumeConfig and ExternalVolumeConfig: a volume is
mounted at /var/mnt/NAME. Whoever writes to another folder there, writes to the disk of the system.
"""

import re
from collections.abc import Iterator

import msgspec

from gitops.check import index, pods
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.platform.machines import configured
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.machine import Machine

_PATH = re.compile(r"/var/mnt/(?P<name>[A-Za-z0-9._-]+)")
_VOLUMES = ("UserVolumeConfig", "ExistingVolumeConfig", "ExternalVolumeConfig")
_BASE = "cas.openebs.io/config"
"""Source: openebs.io, dynamic-localpv-provisioner: its `BasePath` is a folder of nodes."""

Way = tuple[str | int, ...]


class Use(msgspec.Struct, frozen=True):
    """A folder of nodes that an object names."""

    owned: Owned
    way: Way
    path: str


def missing(facts: Index) -> Iterator[Finding]:
    """The folders below /var/mnt that objects name are volumes of all machines."""
    for machine in facts.view(configured.machines):
        for use in facts.view(_uses):
            if not _is_there(machine, use.path):
                yield _missing(facts, machine, use)


def _missing(facts: Index, machine: Machine, use: Use) -> Finding:
    known = sorted(document.name for document in machine.of(*_VOLUMES))
    who = use.owned.manifest.id
    place = next((machine.locate(each, ("name",)) for each in machine.of(*_VOLUMES)), machine.at())
    mistake = finding.warning(
        "talos/volume-missing",
        facts.at(use.owned, *use.way),
        f"{who} keeps data in {use.path} of its node, and machines have no volume there: it would "
        "lie on the disk of the system",
        f"machines mount {', '.join(f'/var/mnt/{name}' for name in known) or 'none'}",
        place,
    )
    return index.about(who, mistake)


def _is_there(machine: Machine, path: str) -> bool:
    """By a volume of its own, a partition of `machine.disks`, or a folder that the kubelet gets."""
    found = _PATH.match(path)
    mounts = listing(machine.get("machine", "kubelet", "extraMounts"))
    disks = map(mapping, listing(machine.get("machine", "disks")))
    parts = (part for disk in disks for part in listing(disk.get("partitions")))
    others = [
        *(text(mapping(each).get("destination")) for each in mounts),
        *(text(mapping(each).get("mountpoint")) for each in parts),
    ]
    named = found is None or any(each.name == found["name"] for each in machine.of(*_VOLUMES))
    return named or any(each and path.startswith(each.rstrip("/")) for each in others)


def _uses(facts: Index) -> tuple[Use, ...]:
    return tuple(each for each in _all(facts) if _PATH.match(each.path))


def _all(facts: Index) -> Iterator[Use]:
    for template in pods.templates(facts):
        way = (*template.pointer, "spec", "volumes")
        for number, volume in enumerate(listing(template.spec.get("volumes"))):
            path = text(at(volume, "hostPath", "path"))
            yield Use(template.owner, (*way, number, "hostPath", "path"), path)
        for place, container in template.containers:
            for number, each in enumerate(map(mapping, listing(container.get("env")))):
                if not _is_mounted(container, text(each.get("value"))):
                    where = (*place, "env", number, "value")
                    yield Use(template.owner, where, text(each.get("value")))
    for owned in facts.of("", "PersistentVolume"):
        for kind in ("local", "hostPath"):
            way = ("spec", kind, "path")
            yield Use(owned, way, text(at(facts.body(owned.manifest), *way)))
    for owned in facts.of("storage.k8s.io", "StorageClass"):
        way = ("metadata", "annotations", _BASE)
        for found in _PATH.finditer(text(at(facts.body(owned.manifest), *way))):
            yield Use(owned, way, found.group())


def _is_mounted(container: dict[str, object], path: str) -> bool:
    """A path inside of the container, not one of the node."""
    mounts = (
        text(mapping(each).get("mountPath")) for each in listing(container.get("volumeMounts"))
    )
    return any(each and path.startswith(each) for each in mounts)


RULES = (missing,)
