"""Custom resources that name each other, as their controllers look them up.

The API reference of each group at the pins of the platform is the source. Of a kind of which the
cluster shows no object at all nothing is said: it is somebody else's business there.
"""

from collections.abc import Iterator

import msgspec

from gitops.check import selectors
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot
from gitops.check.wiring import near
from gitops.check.wiring.presence import Presence, doubtful
from gitops.model.finding import Finding, Severity

Way = tuple[str | int, ...]
EACH = "[]"
OWN, ANY, NONE = "own", "any", ""
"""Where the other is: in the same namespace, in any, or in none because its kind has none."""


class Relation(msgspec.Struct, frozen=True):
    """A field of one kind that names an object of another.

    `where` is one of the constants, or the way to a field that holds the namespace. `ending` limits
    the names that are meant, and nothing is where the field `unless` is set.
    """

    group: str
    kind: str
    way: tuple[str, ...]
    to: tuple[str, str]
    where: str | tuple[str, ...] = OWN
    ending: str = ""
    unless: tuple[str, ...] = ()


_CNPG, _CEPH, _GRAFANA = "postgresql.cnpg.io", "ceph.rook.io", "grafana.integreatly.org"
_KAFKA, _STORAGE, _SNAPSHOT = "kafka.strimzi.io", "storage.k8s.io", "snapshot.storage.k8s.io"
_METRICS, _FLUENT = "operator.victoriametrics.com", "fluentbit.fluent.io"
_ADMISSION = "admissionregistration.k8s.io"
_CLUSTER = ("spec", "cluster", "name")
_POOLS = ("parameters", "clusterID")
_LABEL = ("metadata", "labels", "strimzi.io/cluster")

RELATIONS = (
    Relation(_CNPG, "Backup", _CLUSTER, (_CNPG, "Cluster")),
    Relation(_CNPG, "Database", _CLUSTER, (_CNPG, "Cluster")),
    Relation(_CNPG, "DatabaseRole", _CLUSTER, (_CNPG, "Cluster")),
    Relation(_CNPG, "Pooler", _CLUSTER, (_CNPG, "Cluster")),
    Relation(_CNPG, "ScheduledBackup", _CLUSTER, (_CNPG, "Cluster")),
    Relation(
        _CNPG,
        "Cluster",
        ("spec", "plugins", EACH, "parameters", "barmanObjectName"),
        ("barmancloud.cnpg.io", "ObjectStore"),
    ),
    Relation(
        _CEPH,
        "CephObjectStoreUser",
        ("spec", "store"),
        (_CEPH, "CephObjectStore"),
        ("spec", "clusterNamespace"),
    ),
    Relation(
        _CEPH,
        "CephFilesystemSubVolumeGroup",
        ("spec", "filesystemName"),
        (_CEPH, "CephFilesystem"),
    ),
    Relation(
        "objectbucket.io",
        "ObjectBucketClaim",
        ("spec", "additionalConfig", "bucketOwner"),
        (_CEPH, "CephObjectStoreUser"),
        ANY,
    ),
    Relation(
        _STORAGE,
        "StorageClass",
        ("parameters", "pool"),
        (_CEPH, "CephBlockPool"),
        _POOLS,
        unless=("parameters", "fsName"),
    ),
    Relation(_STORAGE, "StorageClass", ("parameters", "fsName"), (_CEPH, "CephFilesystem"), _POOLS),
    Relation(
        _STORAGE,
        "StorageClass",
        ("parameters", "objectStoreName"),
        (_CEPH, "CephObjectStore"),
        ("parameters", "objectStoreNamespace"),
    ),
    Relation(
        _STORAGE, "StorageClass", ("provisioner",), ("csi.ceph.io", "Driver"), ANY, ".csi.ceph.com"
    ),
    Relation(
        _SNAPSHOT,
        "VolumeSnapshotClass",
        ("driver",),
        ("csi.ceph.io", "Driver"),
        ANY,
        ".csi.ceph.com",
    ),
    Relation(
        "k8s.keycloak.org",
        "KeycloakRealmImport",
        ("spec", "keycloakCRName"),
        ("k8s.keycloak.org", "Keycloak"),
    ),
    Relation(_GRAFANA, "GrafanaDashboard", ("spec", "folderRef"), (_GRAFANA, "GrafanaFolder")),
    Relation(
        _FLUENT,
        "FluentBit",
        ("spec", "fluentBitConfigName"),
        (_FLUENT, "ClusterFluentBitConfig"),
        NONE,
    ),
    Relation(_KAFKA, "KafkaNodePool", _LABEL, (_KAFKA, "Kafka")),
    Relation(_KAFKA, "KafkaTopic", _LABEL, (_KAFKA, "Kafka")),
    Relation(_KAFKA, "KafkaUser", _LABEL, (_KAFKA, "Kafka")),
    Relation("argoproj.io", "Application", ("spec", "project"), ("argoproj.io", "AppProject")),
    Relation(
        _ADMISSION,
        "ValidatingAdmissionPolicyBinding",
        ("spec", "policyName"),
        (_ADMISSION, "ValidatingAdmissionPolicy"),
        NONE,
    ),
)

_TYPED = (
    ("notification.toolkit.fluxcd.io", "Receiver", ("spec", "resources", EACH)),
    ("notification.toolkit.fluxcd.io", "Alert", ("spec", "eventSources", EACH)),
    (_METRICS, "VMUser", ("spec", "targetRefs", EACH, "crd")),
)
"""References that say themselves which kind they mean."""


class Selection(msgspec.Struct, frozen=True):
    """A field that selects objects of a kind by their labels; what is beside it under `places` may
    name the namespaces."""

    group: str
    kind: str
    way: tuple[str, ...]
    of: tuple[str, str]
    places: tuple[str, ...] = ()


_SELECTIONS = (
    Selection(
        _METRICS,
        "VMAlert",
        ("spec", "notifiers", EACH, "selector"),
        (_METRICS, "VMAlertmanager"),
        places=("namespaceSelector", "matchNames"),
    ),
)
_TAKEN = (
    Selection(
        _FLUENT, "ClusterFluentBitConfig", ("spec", "inputSelector"), (_FLUENT, "ClusterInput")
    ),
    Selection(
        _FLUENT, "ClusterFluentBitConfig", ("spec", "filterSelector"), (_FLUENT, "ClusterFilter")
    ),
    Selection(
        _FLUENT, "ClusterFluentBitConfig", ("spec", "outputSelector"), (_FLUENT, "ClusterOutput")
    ),
    Selection(_METRICS, "VMAuth", ("spec", "userSelector"), (_METRICS, "VMUser")),
)
"""Selections that leave no object of a kind out."""


def missing(facts: Index) -> Iterator[Finding]:
    """What a field names exists, in the namespace that its controller looks in."""
    for relation in RELATIONS:
        for owned in facts.of(relation.group, relation.kind) if facts.of(*relation.to) else ():
            body = facts.body(owned.manifest)
            for way, value in follow(body, relation.way) if _is_meant(body, relation) else ():
                if name := text(value) if text(value).endswith(relation.ending) else "":
                    where = _namespace(facts, owned, relation)
                    spot = Spot(facts, owned, way)
                    for found in _found(facts, spot, relation.to, where, name):
                        yield _likelier(facts, relation, where, found)
    yield from _typed(facts)


def _likelier(facts: Index, relation: Relation, where: str, found: Finding) -> Finding:
    """What may be somewhere out of sight is more likely the one object there is that nobody
    names."""
    there = [
        owned for owned in facts.of(*relation.to) if where in (ANY, owned.manifest.id.namespace)
    ]
    named = {
        text(value)
        for owned in facts.of(relation.group, relation.kind)
        for _, value in follow(facts.body(owned.manifest), relation.way)
    }
    if found.severity is not Severity.NOTE or len(there) != 1:
        return found
    (only,) = there
    if only.manifest.id.name in named:
        return found
    return msgspec.structs.replace(
        found,
        severity=Severity.WARNING,
        hint=f"nobody names {only.manifest.id}: is it meant?",
        related=(*found.related, facts.at(only, "metadata", "name")),
    )


def _typed(facts: Index) -> Iterator[Finding]:
    for group, kind, path in _TYPED:
        for owned in facts.of(group, kind):
            for way, value in follow(facts.body(owned.manifest), path):
                found = mapping(value)
                wanted, name = text(found.get("kind")), text(found.get("name"))
                near_by = {key[0] for key in facts.known if key[1] == wanted}
                where = text(found.get("namespace")) or owned.manifest.id.namespace
                is_root = any((each.namespace, each.name) == (where, name) for each in facts.roots)
                if len(near_by) == 1 and name not in ("", "*") and not is_root:
                    spot = Spot(facts, owned, (*way, "name"))
                    yield from _found(facts, spot, (near_by.pop(), wanted), where, name)


def empty(facts: Index) -> Iterator[Finding]:
    """What a selector is for exists."""
    for each in _SELECTIONS:
        for owned in facts.of(each.group, each.kind) if facts.of(*each.of) else ():
            for way, selector in follow(facts.body(owned.manifest), each.way):
                field = _barren(facts, each, mapping(selector))
                if field:
                    spot = Spot(facts, owned, (*way, *field))
                    yield doubtful(
                        "reference/selects-nothing",
                        spot,
                        facts.view(Presence).makers(owned.manifest.id.namespace),
                        f"{spot.who} selects no {each.of[1]}",
                        f"correct the selector, or the labels of a {each.of[1]}",
                    )


def _barren(facts: Index, each: Selection, selector: dict[str, object]) -> tuple[str, ...]:
    """The field below that leaves nothing over; none where something fits."""
    labels = mapping(selector.get("labelSelector"))
    fitting = [it for it in facts.of(*each.of) if _takes(facts, labels, it)]
    if not fitting:
        return ("labelSelector",)
    names = listing(at(selector, *each.places))
    is_there = not names or any(it.manifest.id.namespace in names for it in fitting)
    return () if is_there else each.places


def left_out(facts: Index) -> Iterator[Finding]:
    """What is there to be selected is selected."""
    for each in _TAKEN:
        selectors = [
            selector
            for owned in facts.of(each.group, each.kind)
            for _, selector in follow(facts.body(owned.manifest), each.way)
        ]
        for owned in facts.of(*each.of) if selectors else ():
            if not any(_takes(facts, selector, owned) for selector in selectors):
                spot = Spot(facts, owned, ("metadata", "labels"))
                yield spot.warning(
                    "reference/not-selected",
                    f"{spot.who} has labels that no {each.kind} selects: it counts for nothing",
                    f"correct the labels, or the selector of a {each.kind}",
                )


def _takes(facts: Index, selector: object, owned: Owned) -> bool:
    labels = mapping(at(facts.body(owned.manifest), "metadata", "labels"))
    return selectors.matches(mapping(selector), labels)


def _found(
    facts: Index, spot: Spot, kind: tuple[str, str], where: str, name: str
) -> Iterator[Finding]:
    known = [owned.manifest.id for owned in facts.of(*kind)]
    presence = facts.view(Presence)
    is_there = any(each.name == name for each in known) if where == ANY else False
    key = (*kind, "" if where == ANY else where, name)
    if is_there or presence.has(key) or key in facts.known:
        return
    names = sorted({each.name for each in known if where in (ANY, each.namespace)})
    close = near.best(name, names)
    hint = f"did you mean {close!r}?" if close else f"there is {', '.join(names) or 'none there'}"
    place = f" in namespace {where}" if where not in (ANY, NONE) else ""
    message = f"{spot.who} names {kind[1]} {name!r}{place}, which does not exist"
    yield presence.absent("reference/missing", spot, key, message, hint)


def _is_meant(body: dict[str, object], relation: Relation) -> bool:
    return not relation.unless or at(body, *relation.unless) is None


def _namespace(facts: Index, owned: Owned, relation: Relation) -> str:
    if relation.where == OWN:
        return owned.manifest.id.namespace
    if isinstance(relation.where, str):
        return relation.where
    held = text(at(facts.body(owned.manifest), *relation.where))
    return held or owned.manifest.id.namespace


def follow(value: object, path: tuple[str, ...], way: Way = ()) -> Iterator[tuple[Way, object]]:
    """Every value that a path leads to; `EACH` stands for all items of a list."""
    if not path:
        if value is not None:
            yield way, value
        return
    field, rest = path[0], path[1:]
    if field == EACH:
        for position, each in enumerate(listing(value)):
            yield from follow(each, rest, (*way, position))
    else:
        yield from follow(mapping(value).get(field), rest, (*way, field))
