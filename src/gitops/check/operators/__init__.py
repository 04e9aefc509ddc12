"""What controllers make of the objects that units apply, as far as it is certain.

A certificate becomes a Secret, a database cluster becomes Services and Secrets: other objects name
them, and no file holds them. A maker gives bodies with only the fields that its controller is known
to set; it is listed by group and kind. What Kubernetes itself gives each cluster is in `given`.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check import fields
from gitops.check.operators import (
    dragonfly,
    fluent,
    fluxcd,
    gateways,
    grafana,
    keycloak,
    kubernetes,
    postgres,
    prometheus,
    rook,
    secrets,
    strimzi,
    victoria,
    volsync,
)
from gitops.check.operators.secrets import Namespaces
from gitops.check.operators.sketch import Makers
from gitops.model.manifest import Manifest, manifest

MADE = "made"
"""`incomplete` of an object that a controller makes."""

_MAKERS: Makers = {
    **dragonfly.MAKERS,
    **fluent.MAKERS,
    **fluxcd.MAKERS,
    **gateways.MAKERS,
    **grafana.MAKERS,
    **keycloak.MAKERS,
    **postgres.MAKERS,
    **prometheus.MAKERS,
    **rook.MAKERS,
    **secrets.MAKERS,
    **strimzi.MAKERS,
    **victoria.MAKERS,
    **volsync.MAKERS,
}

_COPIED = {("", "ConfigMap"), ("", "Secret")}

given = kubernetes.is_given
"""Whether Kubernetes itself makes the object of a key in every cluster."""


def made_of(
    found: Manifest, body: dict[str, Any], namespaces: Namespaces | None = None
) -> Iterator[Manifest]:
    """The objects that some controller makes of this one. Their origin is that of their cause.

    `namespaces` are those of the cluster with their labels: some controllers make an object in
    each that they select.
    """
    for sketch in _sketches(found, body, namespaces or {}):
        yield manifest(sketch, found.origin, MADE)


def makes(found: Manifest) -> bool:
    """Whether something is known to be made of the object."""
    kind = (found.id.group, found.id.kind)
    if kind in _COPIED:
        return secrets.is_copied(found)
    return kind in _MAKERS or kind == ("external-secrets.io", "ClusterExternalSecret")


def is_known(group: str, kind: str) -> bool:
    """Whether all that is made of objects of this kind is known here."""
    own = (group, kind) in _MAKERS or (group, kind) in kubernetes.QUIET
    return own or group in kubernetes.QUIET_GROUPS


def place(found: Manifest, body: dict[str, Any]) -> str:
    """The namespace in which the controller of an object makes what it makes: commonly its own.

    Source: Argo CD, "Declarative Setup": an Application goes to the namespace of its destination.
    """
    if (found.id.group, found.id.kind) == ("argoproj.io", "Application"):
        return fields.text(fields.at(body, "spec", "destination", "namespace"))
    return found.id.namespace


def _sketches(
    found: Manifest, body: dict[str, Any], namespaces: Namespaces
) -> Iterator[dict[str, Any]]:
    kind = (found.id.group, found.id.kind)
    if kind in _COPIED:
        yield from secrets.copies(body, namespaces)
    elif kind == ("external-secrets.io", "ClusterExternalSecret"):
        yield from secrets.cluster_external(found, body, namespaces)
    elif kind in _MAKERS:
        for sketch in _MAKERS[kind](found, body):
            yield sketch
            if "annotations" in sketch["metadata"]:
                yield from secrets.copies(sketch, namespaces)
