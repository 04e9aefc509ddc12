"""Secrets that controllers write: External Secrets and cert-manager."""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import listing, mapping, text
from gitops.model.manifest import Manifest


def external(found: Manifest, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The target of an ExternalSecret.

    Source: external-secrets.io/v1beta1. With `dataFrom`, or a template whose keys are not all
    literal, the keys are those of a remote item: the sketch then has no `data` at all.
    """
    spec = mapping(body.get("spec"))
    target = mapping(spec.get("target"))
    name = text(target.get("name")) or found.id.name
    template = mapping(mapping(target.get("template")).get("data"))
    keys = template or [text(mapping(each).get("secretKey")) for each in listing(spec.get("data"))]
    known = not spec.get("dataFrom") and not mapping(target.get("template")).get("templateFrom")
    yield _secret(name, found.id.namespace, keys if known else None)


def certificate(found: Manifest, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The Secret of a Certificate: cert-manager writes the chain, the key and, when the issuer
    tells it, the authority."""
    name = text(mapping(body.get("spec")).get("secretName"))
    if name:
        yield _secret(name, found.id.namespace, ("ca.crt", "tls.crt", "tls.key"))


def _secret(name: str, namespace: str, keys: Any) -> dict[str, Any]:
    secret: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": namespace},
    }
    return secret if keys is None else {**secret, "data": dict.fromkeys(sorted(keys), "")}


MAKERS = {
    ("external-secrets.io", "ExternalSecret"): external,
    ("cert-manager.io", "Certificate"): certificate,
}
