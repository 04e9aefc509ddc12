"""The secrets of a cluster, as `talosctl gen secrets` writes them.

Source: Talos v1.13.9, `pkg/machinery/config/generate/secrets`: keys of the YAML are the names of
Go's fields in lower case, and certificates and keys are the base64 of their PEM.
"""

from typing import Any

import msgspec

from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.sources import yamlio


class Pair(msgspec.Struct, frozen=True):
    """A certificate and its key."""

    crt: str
    key: str


class Key(msgspec.Struct, frozen=True):
    """A key alone."""

    key: str


class Cluster(msgspec.Struct, frozen=True):
    """By which members of a cluster find each other."""

    id: str
    secret: str


class Secrets(msgspec.Struct, frozen=True):
    """The token that nodes join with, and what Secrets are encrypted with in etcd."""

    bootstraptoken: str
    secretboxencryptionsecret: str = ""
    aescbcencryptionsecret: str = ""


class Trustd(msgspec.Struct, frozen=True):
    """The token by which a machine asks others for its certificate."""

    token: str


class Certs(msgspec.Struct, frozen=True):
    """The authorities of a cluster."""

    etcd: Pair
    k8s: Pair
    k8saggregator: Pair
    k8sserviceaccount: Key
    os: Pair


class Bundle(msgspec.Struct, frozen=True):
    """All of it."""

    cluster: Cluster
    secrets: Secrets
    trustdinfo: Trustd
    certs: Certs


PLACES = {
    "aggregator-ca-crt": ("certs", "k8saggregator", "crt"),
    "aggregator-ca-key": ("certs", "k8saggregator", "key"),
    "bootstrap-token": ("secrets", "bootstraptoken"),
    "cluster-id": ("cluster", "id"),
    "cluster-secret": ("cluster", "secret"),
    "etcd-ca-crt": ("certs", "etcd", "crt"),
    "etcd-ca-key": ("certs", "etcd", "key"),
    "kubernetes-ca-crt": ("certs", "k8s", "crt"),
    "kubernetes-ca-key": ("certs", "k8s", "key"),
    "os-ca-crt": ("certs", "os", "crt"),
    "os-ca-key": ("certs", "os", "key"),
    "secretbox-encryption-secret": ("secrets", "secretboxencryptionsecret"),
    "service-account-key": ("certs", "k8sserviceaccount", "key"),
    "trustd-token": ("trustdinfo", "token"),
}
"""Fields of the item in 1Password, and where each value stands in the bundle."""


def item(cluster: str) -> str:
    """The item in 1Password that holds the bundle of a cluster."""
    return f"talos-{cluster}"


def fields(bundle: Bundle) -> dict[str, str]:
    """The values by their fields in 1Password."""
    found = {}
    for field, place in PLACES.items():
        value: Any = bundle
        for part in place:
            value = getattr(value, part)
        found[field] = value
    return found


def admin_fields(person: Pair) -> dict[str, str]:
    """The fields of the same item that a talosconfig is made of. They are no part of the bundle: an
    administrator can always be made anew from it."""
    return {"admin-crt": person.crt, "admin-key": person.key}


def of_fields(values: dict[str, str]) -> dict[str, Any]:
    """The same the other way round: a bundle as YAML holds it, as far as the values go."""
    found: dict[str, Any] = {}
    for field, (*way, last) in PLACES.items():
        inner = found
        for part in way:
            inner = inner.setdefault(part, {})
        if field in values:
            inner[last] = values[field]
    return found


def text(bundle: Bundle) -> str:
    """The YAML, in the order of Go's fields; an encryption secret that is not there is left out."""
    value = msgspec.to_builtins(bundle)
    value["secrets"] = {key: found for key, found in value["secrets"].items() if found}
    certs = {each: _pair(found) for each, found in value["certs"].items()}
    return yamlio.dump({**value, "certs": certs})


def _pair(value: dict[str, str]) -> dict[str, str]:
    return {part: value[part] for part in ("crt", "key") if part in value}


def read(content: bytes, path: str) -> Bundle | tuple[Finding, ...]:
    """A bundle, or why the text is none. No message holds a value."""
    documents, mistakes = yamlio.parse(content, path)
    if mistakes or len(documents) != 1:
        return mistakes or (_wrong(path, f"{path} holds {len(documents)} documents, not one"),)
    return convert(documents[0].value, path)


def convert(value: Any, path: str) -> Bundle | tuple[Finding, ...]:
    """The same of what YAML holds."""
    missing = [place for place in PLACES.values() if _at(value, place) is None]
    other = ("secrets", "aescbcencryptionsecret")
    absent = [place for place in missing if place != PLACES["secretbox-encryption-secret"]]
    if len(absent) < len(missing) and not _at(value, other):
        absent.append(PLACES["secretbox-encryption-secret"])
    if absent:
        return tuple(_wrong(path, f"{'.'.join(place)} is missing") for place in sorted(absent))
    return msgspec.convert(value, Bundle, strict=False)


def _at(value: Any, place: tuple[str, ...]) -> str | None:
    for part in place:
        value = value.get(part) if isinstance(value, dict) else None
    return value if isinstance(value, str) and value else None


def _wrong(path: str, message: str) -> Finding:
    hint = "it is what `talosctl gen secrets` and `gitops talos secrets new` write"
    return finding.error("talos/bundle", Location(path), message, hint)
