"""Storage: classes, claims and snapshots.

Source: a claim waits for a class that does not exist, without an error and for ever; a pod waits
for its claims. What access modes a driver can give, its documentation tells.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from gitops.check import operators
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Key, Owned
from gitops.check.pods import Template
from gitops.check.spot import Spot
from gitops.check.wiring import custom
from gitops.check.wiring.presence import Presence
from gitops.check.wiring.templates import Templates
from gitops.model.finding import Finding

Way = tuple[str | int, ...]

_STORAGE, _SNAPSHOT = "storage.k8s.io", "snapshot.storage.k8s.io"
_DEFAULT = "storageclass.kubernetes.io/is-default-class"
_CLASS_FIELDS = ("cacheStorageClassName", "storageClass", "storageClassName")
_ONE_NODE = {
    "local.csi.openebs.io": ("ReadOnlyMany", "ReadWriteMany"),
    "openebs.io/local": ("ReadOnlyMany", "ReadWriteMany"),
    "rancher.io/local-path": ("ReadOnlyMany", "ReadWriteMany"),
    "rbd.csi.ceph.com": ("ReadWriteMany",),
    "zfs.csi.openebs.io": ("ReadOnlyMany", "ReadWriteMany"),
}
"""Access modes that a provisioner cannot give to a file system, by the end of its name."""


class Claim(msgspec.Struct, frozen=True):
    """A claim, or a template of claims; `pointer` leads to its spec."""

    owned: Owned
    pointer: Way
    spec: dict[str, Any]

    def spot(self, facts: Index, *field: str | int) -> Spot:
        """A field of its spec."""
        return Spot(facts, self.owned, (*self.pointer, *field))


def classes(facts: Index) -> Iterator[Finding]:
    """Every class that is named exists, where the classes of the cluster are among the objects. A
    name that volumes bear brings claims and these together without a class of that name."""
    presence = facts.view(Presence)
    if not facts.of(_STORAGE, "StorageClass"):
        return
    volumes = frozenset(
        text(at(facts.body(each.manifest), "spec", "storageClassName"))
        for each in facts.of("", "PersistentVolume")
    )
    for spot, key in _once(facts, "StorageClass", (*_claimed(facts), *_asked(facts))):
        if not (presence.has(key) or key[3] in volumes):
            name = key[3]
            names = ", ".join(sorted(each.manifest.id.name for each in facts.of(*key[:2])))
            message = f"{spot.who} asks for StorageClass {name!r}, which does not exist: it waits"
            yield presence.absent("storage/class-missing", spot, key, message, f"there is {names}")


def snapshot_classes(facts: Index) -> Iterator[Finding]:
    """Every class of snapshots that is named exists, where there are any."""
    presence = facts.view(Presence)
    if not facts.of(_SNAPSHOT, "VolumeSnapshotClass"):
        return
    asked = custom.named(facts, ("volumeSnapshotClassName",), b"olumeSnapshotClassName")
    for spot, key in _once(facts, "VolumeSnapshotClass", asked):
        if not presence.has(key):
            name = key[3]
            names = ", ".join(sorted(each.manifest.id.name for each in facts.of(*key[:2])))
            message = f"{spot.who} asks for VolumeSnapshotClass {name!r}, which does not exist"
            yield presence.absent(
                "storage/snapshot-class-missing", spot, key, message, f"there is {names}"
            )


def claims(facts: Index) -> Iterator[Finding]:
    """Every claim that a pod mounts exists."""
    presence = facts.view(Presence)
    for each in facts.view(Templates).applied:
        for position, volume in enumerate(listing(each.spec.get("volumes"))):
            name = text(at(volume, "persistentVolumeClaim", "claimName"))
            key: Key = ("", "PersistentVolumeClaim", each.namespace, name)
            if name and not presence.has(key):
                field = ("persistentVolumeClaim", "claimName")
                spot = Spot(facts, each.owner, _volume(each, position, *field))
                message = (
                    f"{spot.who} mounts PersistentVolumeClaim/{each.namespace}/{name}, "
                    "which does not exist: its pods wait"
                )
                hint = "add the claim, or correct its name"
                yield presence.absent("storage/claim-missing", spot, key, message, hint)


def copied(facts: Index) -> Iterator[Finding]:
    """Every claim that VolSync copies exists. A StatefulSet makes one for each of its pods.

    Nothing is said where a controller that is not known to make claims may have made it.
    """
    presence = facts.view(Presence)
    for owned in facts.of("volsync.backube", "ReplicationSource"):
        name = text(at(facts.body(owned.manifest), "spec", "sourcePVC"))
        namespace = owned.manifest.id.namespace
        key: Key = ("", "PersistentVolumeClaim", namespace, name)
        if name and not presence.has(key) and not _is_of_others(facts, namespace, name):
            made = {*_of_sets(facts, namespace)}
            if name not in made:
                spot = Spot(facts, owned, ("spec", "sourcePVC"))
                message = (
                    f"{spot.who} copies PersistentVolumeClaim/{namespace}/{name}, which does not "
                    "exist: no copy is ever made"
                )
                known = ", ".join(sorted(made))
                hint = f"there is {known}" if known else "add the claim, or correct its name"
                yield presence.absent("storage/claim-missing", spot, key, message, hint)


def _of_sets(facts: Index, namespace: str) -> Iterator[str]:
    """The claims that StatefulSets of a namespace make of their templates."""
    for each in facts.view(Templates).within.get(namespace, ()):
        for claim in listing(at(each.body, "spec", "volumeClaimTemplates")):
            stem = f"{text(at(claim, 'metadata', 'name'))}-{each.owner.manifest.id.name}"
            first = at(each.body, "spec", "ordinals", "start")
            start = first if isinstance(first, int) else 0
            yield from (f"{stem}-{number}" for number in range(start, start + each.replicas))


def _is_of_others(facts: Index, namespace: str, name: str) -> bool:
    """Whether it bears the name of a custom resource, or of one that a controller makes."""
    for key in facts.owned:
        is_custom = "." in key[0] and not key[0].endswith((".k8s.io", ".fluxcd.io", ".backube"))
        if is_custom and key[2] == namespace and name.startswith(key[3]):
            return True
    return False


def defaults(facts: Index) -> Iterator[Finding]:
    """A claim without a class gets the default one: there is one, and only one."""
    known = facts.of(_STORAGE, "StorageClass")
    default = [each for each in known if _is_default(facts, each)]
    presence = facts.view(Presence)
    if len(default) > 1:
        names = ", ".join(each.manifest.id.name for each in default)
        spot = Spot(facts, default[-1], ("metadata", "annotations", _DEFAULT))
        message = f"{names} are all the default class: the newest one is taken"
        hint = "leave the annotation to one of them"
        yield spot.warning("storage/two-defaults", message, hint, *default[:-1])
    for claim in _claims(facts) if known and not default else ():
        if "storageClassName" not in claim.spec and not claim.spec.get("volumeName"):
            spot = claim.spot(facts)
            message = f"{spot.who} asks for no StorageClass, and none is the default: it waits"
            key = (_STORAGE, "StorageClass", "", "")
            hint = "name a class, or mark one as the default"
            yield presence.absent("storage/no-default-class", spot, key, message, hint)


def modes(facts: Index) -> Iterator[Finding]:
    """A driver can give the access modes that are asked of it."""
    for claim in _claims(facts):
        owned = facts.find(_STORAGE, "StorageClass", "", text(claim.spec.get("storageClassName")))
        if owned is None or claim.spec.get("volumeMode") == "Block":
            continue
        provisioner = text(facts.body(owned.manifest).get("provisioner"))
        refused = next((each for end, each in _ONE_NODE.items() if provisioner.endswith(end)), ())
        for position, mode in enumerate(listing(claim.spec.get("accessModes"))):
            if mode in refused:
                spot = claim.spot(facts, "accessModes", position)
                yield spot.error(
                    "storage/access-mode",
                    f"{spot.who} wants {mode} of {owned.manifest.id}: {provisioner} cannot give it",
                    "use a class of a shared file system, or ReadWriteOnce",
                    owned,
                )


def _once(facts: Index, kind: str, asked: Iterable[tuple[Spot, str]]) -> Iterator[tuple[Spot, Key]]:
    """Whoever asks for a class; where it may be in a part that cannot be seen, the first alone."""
    group = _STORAGE if kind == "StorageClass" else _SNAPSHOT
    doubted: set[Key] = set()
    for spot, name in asked:
        key = (group, kind, "", name)
        if key not in doubted:
            doubted |= {key} if facts.view(Presence).hiders(key) else set()
            yield spot, key


def _claims(facts: Index) -> Iterator[Claim]:
    for owned in facts.of("", "PersistentVolumeClaim"):
        if (spec := facts.body(owned.manifest).get("spec")) is not None:
            yield Claim(owned, ("spec",), mapping(spec))
    for owned in facts.of("apps", "StatefulSet"):
        found = listing(at(facts.body(owned.manifest), "spec", "volumeClaimTemplates"))
        for position, each in enumerate(found):
            way = ("spec", "volumeClaimTemplates", position, "spec")
            yield Claim(owned, way, mapping(mapping(each).get("spec")))
    for each in facts.view(Templates).applied:
        for position, volume in enumerate(listing(each.spec.get("volumes"))):
            field = ("ephemeral", "volumeClaimTemplate", "spec")
            if (spec := at(volume, *field)) is not None:
                yield Claim(each.owner, _volume(each, position, *field), mapping(spec))


def _volume(template: Template, position: int, *field: str) -> Way:
    return (*template.pointer, "spec", "volumes", position, *field)


def _claimed(facts: Index) -> Iterator[tuple[Spot, str]]:
    for claim in _claims(facts):
        name = text(claim.spec.get("storageClassName"))
        if name and claim.owned.manifest.incomplete != operators.MADE:
            yield claim.spot(facts, "storageClassName"), name


def _asked(facts: Index) -> Iterator[tuple[Spot, str]]:
    """What custom resources ask for, by the names that all of them give the field."""
    yield from custom.named(facts, _CLASS_FIELDS, b"torageClass")
    for kind in ("Kafka", "KafkaNodePool"):
        for owned in facts.of("kafka.strimzi.io", kind):
            for position, each in enumerate(
                listing(at(facts.body(owned.manifest), "spec", "storage", "volumes"))
            ):
                if name := text(mapping(each).get("class")):
                    way = ("spec", "storage", "volumes", position, "class")
                    yield Spot(facts, owned, way), name


def _is_default(facts: Index, owned: Owned) -> bool:
    annotations = mapping(at(facts.body(owned.manifest), "metadata", "annotations"))
    return str(annotations.get(_DEFAULT)).lower() == "true"
