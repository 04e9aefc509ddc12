"""References to Secrets and ConfigMaps: of pods, and of custom resources whose fields are known."""

from collections.abc import Iterator
from typing import Any

import msgspec

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Key, Owned
from gitops.check.pods import Template
from gitops.check.wiring import argocd, custom
from gitops.check.wiring.templates import Templates

Way = tuple[str | int, ...]


class Reference(msgspec.Struct, frozen=True):
    """`pointer` leads to the reference. Without keys, any will do."""

    owned: Owned
    pointer: Way
    kind: str
    namespace: str
    name: str
    keys: tuple[str, ...] = ()
    optional: bool = False
    use: str = "needs"

    @property
    def wanted(self) -> Key:
        """What is referred to."""
        return ("", self.kind, self.namespace, self.name)


def all_of(facts: Index) -> tuple[Reference, ...]:
    """Every reference of a cluster, for `Index.view`."""
    return (
        *(found for each in facts.view(Templates).applied for found in of_template(each)),
        *(found for each in facts.of("", "ServiceAccount") for found in _of_account(facts, each)),
        *(
            found
            for each in facts.of("networking.k8s.io", "Ingress")
            for found in _tls(facts, each)
        ),
        *(found for each in facts.of(_GATEWAYS, "Gateway") for found in _listened(facts, each)),
        *(
            Reference(owned, way, "Secret", namespace, name, (key,))
            for owned, way, namespace, name, key in argocd.named(facts)
        ),
        *(
            Reference(owned, way, kind, namespace, name, keys, optional)
            for owned, (way, kind, namespace, name, keys, optional) in custom.references(facts)
        ),
    )


def of_template(template: Template) -> Iterator[Reference]:
    """What the pods of a template refer to."""
    for way, container in template.containers:
        yield from _of_container(template, way, container)
    spec: Way = (*template.pointer, "spec")
    for position, volume in enumerate(listing(template.spec.get("volumes"))):
        yield from _of_volume(template, (*spec, "volumes", position), mapping(volume))
    yield from _pull_secrets(template.owner, spec, template.spec)


def _of_container(template: Template, way: Way, container: dict[str, Any]) -> Iterator[Reference]:
    for position, each in enumerate(listing(container.get("env"))):
        source = mapping(mapping(each).get("valueFrom"))
        for field, kind in (("secretKeyRef", "Secret"), ("configMapKeyRef", "ConfigMap")):
            if field in source:
                pointer = (*way, "env", position, "valueFrom", field)
                yield from _one(template, pointer, kind, mapping(source[field]))
    for position, each in enumerate(listing(container.get("envFrom"))):
        for field, kind in (("secretRef", "Secret"), ("configMapRef", "ConfigMap")):
            if field in mapping(each):
                pointer = (*way, "envFrom", position, field)
                yield from _one(template, pointer, kind, mapping(each[field]))


def _of_volume(template: Template, way: Way, volume: dict[str, Any]) -> Iterator[Reference]:
    if "secret" in volume:
        yield from _one(template, (*way, "secret"), "Secret", mapping(volume["secret"]))
    if "configMap" in volume:
        yield from _one(template, (*way, "configMap"), "ConfigMap", mapping(volume["configMap"]))
    published = mapping(at(volume, "csi", "nodePublishSecretRef"))
    if published:
        yield from _one(template, (*way, "csi", "nodePublishSecretRef"), "Secret", published)
    for position, source in enumerate(listing(at(volume, "projected", "sources"))):
        for field, kind in (("secret", "Secret"), ("configMap", "ConfigMap")):
            if field in mapping(source):
                pointer = (*way, "projected", "sources", position, field)
                yield from _one(template, pointer, kind, mapping(source[field]))


def _one(template: Template, way: Way, kind: str, found: dict[str, Any]) -> Iterator[Reference]:
    field = "secretName" if "secretName" in found else "name"
    keys = [found.get("key"), *(mapping(each).get("key") for each in listing(found.get("items")))]
    named = tuple(key for key in keys if isinstance(key, str))
    if name := text(found.get(field)):
        optional = found.get("optional") is True
        yield Reference(
            template.owner, (*way, field), kind, template.namespace, name, named, optional
        )


def _of_account(facts: Index, owned: Owned) -> Iterator[Reference]:
    if owned.manifest.incomplete != "made":
        yield from _pull_secrets(owned, (), facts.body(owned.manifest))


def _pull_secrets(owned: Owned, way: Way, found: dict[str, Any]) -> Iterator[Reference]:
    """The kubelet goes on without one that is missing, and then may not be let in."""
    for position, each in enumerate(listing(found.get("imagePullSecrets"))):
        if name := text(mapping(each).get("name")):
            pointer = (*way, "imagePullSecrets", position, "name")
            yield Reference(
                owned, pointer, "Secret", owned.manifest.id.namespace, name, use="pulls with"
            )


def _tls(facts: Index, owned: Owned) -> Iterator[Reference]:
    """The certificates of an Ingress. cert-manager makes them where annotations ask it to."""
    body, namespace = facts.body(owned.manifest), owned.manifest.id.namespace
    annotations = mapping(at(body, "metadata", "annotations"))
    if not any(key.startswith(_ISSUED) for key in annotations):
        for position, each in enumerate(listing(at(body, "spec", "tls"))):
            way = ("spec", "tls", position, "secretName")
            if name := text(mapping(each).get("secretName")):
                yield Reference(owned, way, "Secret", namespace, name, ("tls.crt", "tls.key"))


def _listened(facts: Index, owned: Owned) -> Iterator[Reference]:
    """The certificates of the listeners of a Gateway.

    Source: Gateway API v1, `certificateRefs`: without a group and a kind it is a Secret, without a
    namespace one of the Gateway's own.
    """
    for number, listener in enumerate(listing(at(facts.body(owned.manifest), "spec", "listeners"))):
        for position, each in enumerate(listing(at(listener, "tls", "certificateRefs"))):
            found = mapping(each)
            way = ("spec", "listeners", number, "tls", "certificateRefs", position, "name")
            place = text(found.get("namespace")) or owned.manifest.id.namespace
            is_secret = found.get("kind", "Secret") == "Secret" and not found.get("group")
            if is_secret and (name := text(found.get("name"))):
                yield Reference(owned, way, "Secret", place, name, ("tls.crt", "tls.key"))


_GATEWAYS = "gateway.networking.k8s.io"
_ISSUED = ("cert-manager.io/", "kubernetes.io/tls-acme")
