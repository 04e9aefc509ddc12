"""Where data is kept: volumes and buckets that somebody claims.

Those that hold nothing of their own are left out: caches, queues, logs that a database writes ahead
and keeps elsewhere, and volumes that lie outside of the cluster.
"""

import re
from collections.abc import Iterator

import msgspec

from gitops.check import pods
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.operators import MADE
from gitops.model.ids import ObjectId
from gitops.model.origin import Location

REASON = "gitops.check/no-backup"
"""The annotation that says why something needs no backup."""

_PASSING = re.compile(r"(?i)(^|[-_.])(cache|tmp|temp|scratch|wal|buffer|queue)([-_.\d]|$)|cache$")
_QUEUES = {"Alertmanager", "PrometheusAgent", "VLAgent", "VMAgent", "VMAlertmanager"}
_OWN_RULE = {("postgresql.cnpg.io", "Cluster")}
_OUTSIDE = re.compile(r"nfs|smb|cifs", re.I)


class Holder(msgspec.Struct, frozen=True):
    """Something that keeps data.

    `cause` is what the repository writes, `names` what a backup may call it, and `deleted` whether
    the data goes with the claim.
    """

    cause: Owned
    what: ObjectId
    names: tuple[str, ...]
    storage_class: str
    deleted: bool

    @property
    def namespace(self) -> str:
        """Where it lies."""
        return self.what.namespace


def holders(facts: Index) -> tuple[Holder, ...]:
    """All that is known to keep data of its own, and does not say that it needs no backup."""
    found = (*_claims(facts), *_sets(facts), *_buckets(facts))
    return tuple(each for each in found if not _is_excused(facts, each))


def _claims(facts: Index) -> Iterator[Holder]:
    for owned in facts.of("", "PersistentVolumeClaim"):
        spec = mapping(facts.body(owned.manifest).get("spec"))
        if spec.get("volumeName") or owned.manifest.incomplete == "locked":
            continue
        yield _holder(facts, owned, (owned.manifest.id.name,), spec)


def _sets(facts: Index) -> Iterator[Holder]:
    for template in pods.templates(facts):
        claims = listing(at(template.body, "spec", "volumeClaimTemplates"))
        for claim in claims if template.owner.manifest.id.kind == "StatefulSet" else ():
            name = text(at(claim, "metadata", "name"))
            own = template.owner.manifest.id.name
            names = (f"{name}-{own}", *(f"{name}-{own}-{n}" for n in range(template.replicas)))
            yield _holder(facts, template.owner, names, mapping(mapping(claim).get("spec")))


def _buckets(facts: Index) -> Iterator[Holder]:
    for owned in facts.of("objectbucket.io", "ObjectBucketClaim"):
        spec = mapping(facts.body(owned.manifest).get("spec"))
        if not at(spec, "additionalConfig", "bucketLifecycle"):
            names = (owned.manifest.id.name, text(spec.get("bucketName")))
            yield _holder(facts, owned, tuple(filter(None, names)), spec)


def _holder(facts: Index, owned: Owned, names: tuple[str, ...], spec: dict[str, object]) -> Holder:
    name = text(spec.get("storageClassName"))
    found = facts.find("storage.k8s.io", "StorageClass", "", name) if name else None
    policy = at(facts.body(found.manifest), "reclaimPolicy") if found else None
    deleted = found is not None and (policy or "Delete") == "Delete"
    return Holder(_cause(facts, owned), owned.manifest.id, names, name, deleted)


def _cause(facts: Index, owned: Owned) -> Owned:
    """The object that a controller makes this one of, else itself."""
    if owned.manifest.incomplete != MADE:
        return owned
    return facts.view(_by_place).get(owned.manifest.origin.source, owned)


def _by_place(facts: Index) -> dict[Location, Owned]:
    return {found[0].manifest.origin.source: found[0] for found in facts.owned.values()}


def _is_excused(facts: Index, holder: Holder) -> bool:
    cause = holder.cause.manifest
    notes = mapping(at(facts.body(cause), "metadata", "annotations"))
    found = facts.find("storage.k8s.io", "StorageClass", "", holder.storage_class)
    provisioner = text(at(facts.body(found.manifest), "provisioner")) if found else ""
    return bool(
        text(notes.get(REASON))
        or cause.id.kind in _QUEUES
        or (cause.id.group, cause.id.kind) in _OWN_RULE
        or any(_PASSING.search(name) for name in holder.names)
        or _OUTSIDE.search(provisioner or holder.storage_class)
    )
