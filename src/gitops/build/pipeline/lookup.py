"""ConfigMaps and Secrets of a cluster, as far as they can be told before they exist."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gitops.build.flux.variables import Known, Unknown, Value
from gitops.build.helm.values import ANY, Datum
from gitops.build.pipeline.inventory import Inventory, text_data
from gitops.model.manifest import Manifest
from gitops.model.secret import placeholder
from gitops.sources import yamlio


class ClusterData:
    """Values for `substituteFrom` and `valuesFrom`.

    `outside` names what the operator creates by hand, as `Kind/namespace/name`. `own` are objects
    that one unit alone sees, for it makes them itself.
    """

    def __init__(
        self, inventory: Inventory, outside: frozenset[str], own: Iterable[Manifest] = ()
    ) -> None:
        self._inventory = inventory
        self._outside = outside
        self._own = {(each.id.kind, each.id.namespace, each.id.name): each for each in own}
        self._agreed: set[tuple[str, str, str]] = set()

    def beside(self, own: Iterable[Manifest]) -> "ClusterData":
        """The same, with what a unit makes itself."""
        return ClusterData(self._inventory, self._outside, own)

    def is_agreed(self, kind: str, namespace: str, name: str) -> bool:
        """Whether two Kustomizations or more take variables from the object, or one that gives its
        children the same: such a name is no slip of the pen, so where nothing creates the object,
        it is made by hand."""
        key = (kind, namespace, name)
        if key not in self._agreed and self._users(*key) > 1:
            self._agreed.add(key)
        return key in self._agreed

    def _users(self, kind: str, namespace: str, name: str) -> int:
        wanted = {"kind": kind, "name": name}
        return sum(
            any(wanted.items() <= reference.items() for reference in _references(spec))
            for each in self._inventory.of_kind("Kustomization")
            if each.id.namespace == namespace and name.encode() in each.raw
            for spec in _specs(each)
        )

    def _producer(self, kind: str, namespace: str, name: str) -> Manifest | None:
        found = self._inventory.producer(namespace, name)
        makes = kind == "Secret" or (found is not None and found.id.kind == _BUCKET)
        return found if makes else None

    def _held(self, kind: str, namespace: str, name: str) -> Manifest | None:
        own = self._own.get((kind, namespace, name))
        return own or self._inventory.find(kind, namespace, name)

    def find(self, kind: str, namespace: str, name: str) -> Mapping[str, Value] | None:
        """The keys of a ConfigMap or Secret with their values, or None: nothing creates it."""
        held = self._held(kind, namespace, name)
        if held is not None:
            return _values(held)
        producer = self._producer(kind, namespace, name)
        if producer is not None:
            return _promised(producer, kind, name)
        return {} if f"{kind}/{namespace}/{name}" in self._outside else None

    def is_open(self, kind: str, namespace: str, name: str) -> str:
        """Why the object may have keys that nothing here names; "" where it cannot."""
        if self._held(kind, namespace, name) is not None:
            return ""
        producer = self._producer(kind, namespace, name)
        if producer is not None:
            return f"{producer.id} creates it" if _has_free_keys(producer) else ""
        written = f"{kind}/{namespace}/{name}"
        by_hand = kind == "Secret" or written in self._outside
        by_hand = by_hand or self.is_agreed(kind, namespace, name)
        return f"{written} is created by hand" if by_hand else ""

    def is_revealed(self, kind: str, namespace: str, name: str) -> bool:
        """Whether the object's values were decrypted here."""
        held = self._held(kind, namespace, name)
        return held is not None and held.revealed

    def texts(
        self, kind: str, namespace: str, name: str, *, masked: bool = False
    ) -> Mapping[str, Datum] | None:
        """The same for Helm values. `masked` hides what was decrypted, as if there were no key."""
        held = self._held(kind, namespace, name)
        if held is not None and held.revealed and masked:
            return {key: _datum(value) for key, value in _hidden(held).items()}
        found = self.find(kind, namespace, name)
        if found is None:
            return None
        data = {key: _datum(value) for key, value in found.items()}
        reason = self.is_open(kind, namespace, name)
        return data | {ANY: Datum("", reason)} if reason else data


def _specs(kustomization: Manifest) -> Iterator[dict[str, Any]]:
    """What a Kustomization asks for, and what it lays down for those that it applies."""
    spec = _map(kustomization.body().get("spec"))
    yield spec
    patches = spec.get("patches")
    for each in map(_map, patches if isinstance(patches, list) else ()):
        documents, _ = yamlio.parse(str(each.get("patch")).encode(), "patch")
        yield from (_map(_map(document.value).get("spec")) for document in documents)


def _references(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    listed = _map(spec.get("postBuild")).get("substituteFrom")
    yield from map(_map, listed if isinstance(listed, list) else ())


def _values(held: Manifest) -> Mapping[str, Value]:
    if held.incomplete:
        return _hidden(held)
    return {key: Known(text) for key, text in text_data(held.body()).items()}


def _hidden(held: Manifest) -> Mapping[str, Value]:
    body = held.body()
    keys = (*_map(body.get("data")), *_map(body.get("stringData")))
    namespace, name, reason = held.id.namespace, held.id.name, f"{held.id} is not readable here"
    return {key: _unknown(namespace, name, key, reason) for key in keys}


def _datum(value: Value) -> Datum:
    match value:
        case Known(text):
            return Datum(text)
        case Unknown(placeholder, reason):
            return Datum(placeholder, reason)


_BUCKET = "ObjectBucketClaim"
_OF_CLUSTER = "ClusterExternalSecret"
_OF_BUCKET = {
    "ConfigMap": ("BUCKET_HOST", "BUCKET_NAME", "BUCKET_PORT", "BUCKET_REGION", "BUCKET_SUBREGION"),
    "Secret": ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
}
"""Source: lib-bucket-provisioner, pkg/provisioner/resourcehandlers.go, newBucketConfigMap and
newCredentialsSecret; both have the name of the claim."""


def _promised(producer: Manifest, kind: str, name: str) -> Mapping[str, Value]:
    """The keys that an ExternalSecret, a SealedSecret or a claim of a bucket promises."""
    reason = f"{producer.id} creates it in the cluster"
    namespace = producer.id.namespace
    keys = _OF_BUCKET[kind] if producer.id.kind == _BUCKET else sorted(_secret_keys(producer))
    return {key: Unknown(placeholder(kind, namespace, name, key), reason) for key in keys}


def _secret_keys(producer: Manifest) -> set[str]:
    spec = _asked(producer)
    keys = set(_map(spec.get("encryptedData")))
    keys.update(_map(_map(_map(spec.get("target")).get("template")).get("data")))
    entries = spec.get("data")
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("secretKey"), str):
            keys.add(entry["secretKey"])
    return keys


def _asked(producer: Manifest) -> dict[str, Any]:
    """The spec that tells of the keys: of one of the cluster, that of those which it makes."""
    spec = _map(producer.body().get("spec"))
    return _map(spec.get("externalSecretSpec")) if producer.id.kind == _OF_CLUSTER else spec


def _has_free_keys(producer: Manifest) -> bool:
    if producer.id.kind == "SealedSecret":
        return False
    spec = _asked(producer)
    template = _map(_map(spec.get("target")).get("template"))
    return bool(spec.get("dataFrom") or template.get("templateFrom"))


def _unknown(namespace: str, name: str, key: str, reason: str) -> Unknown:
    return Unknown(placeholder("Secret", namespace, name, key), reason)


def _map(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
