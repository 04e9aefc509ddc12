"""Secrets that controllers write: External Secrets, cert-manager, Sealed Secrets, and copies."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gitops.check import selectors
from gitops.check.fields import listing, mapping, text
from gitops.check.operators import sketch
from gitops.check.operators.sketch import Body, Makers
from gitops.model.manifest import Manifest

Namespaces = Mapping[str, Mapping[str, str]]
"""The namespaces of a cluster with their labels."""

_REFLECTOR = "reflector.v1.k8s.emberstack.com/"
_REPLICATOR = "replicator.v1.mittwald.de/"


def external(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """The target of an ExternalSecret.

    Source: external-secrets.io/v1beta1. With `dataFrom`, or a template whose keys are not all
    literal, the keys are those of a remote item: the sketch then has no `data` at all. A target
    of another kind than Secret is none.
    """
    spec = mapping(body.get("spec"))
    kind = text(mapping(mapping(spec.get("target")).get("manifest")).get("kind"))
    is_made = mapping(spec.get("target")).get("creationPolicy") != "None"
    if kind in ("", "Secret") and is_made:
        own = mapping(body.get("metadata"))
        yield _labelled(_target(found.id.namespace, found.id.name, spec), own, spec)


def _labelled(made: Body, own: Mapping[str, Any], spec: Mapping[str, Any]) -> Body:
    """The target with its labels: those of the template, without one those of the ExternalSecret.

    Source: external-secrets v0.12.1, externalsecret_controller_template.go, `setMetadata`.
    """
    template = mapping(spec.get("target")).get("template")
    given = own if template is None else mapping(mapping(template).get("metadata"))
    return {**made, "metadata": {**made["metadata"], "labels": dict(mapping(given.get("labels")))}}


def cluster_external(
    found: Manifest, body: dict[str, Any], namespaces: Namespaces
) -> Iterator[Body]:
    """The targets of the ExternalSecrets that a ClusterExternalSecret makes in each namespace.

    Source: external-secrets.io/v1beta1, `namespaces`, `namespaceSelector(s)`, `externalSecretName`.
    """
    spec = mapping(body.get("spec"))
    given = [*listing(spec.get("namespaceSelectors")), spec.get("namespaceSelector")]
    chosen = {text(name) for name in listing(spec.get("namespaces"))}
    for selector in filter(None, given):
        chosen |= {name for name, own in namespaces.items() if selectors.matches(selector, own)}
    name = text(spec.get("externalSecretName")) or found.id.name
    for namespace in sorted(chosen - {""}):
        yield _target(namespace, name, mapping(spec.get("externalSecretSpec")))


def certificate(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """The Secret of a Certificate: cert-manager writes the chain, the key and, when the issuer
    tells it, the authority; keystores on request.

    Source: cert-manager v1.16.2, `spec.keystores` and `spec.additionalOutputFormats`.
    """
    spec = mapping(body.get("spec"))
    keys = ["ca.crt", "tls.crt", "tls.key"]
    stores = mapping(spec.get("keystores"))
    if "jks" in stores:
        keys += ["keystore.jks", "truststore.jks"]
    if "pkcs12" in stores:
        keys += ["keystore.p12", "truststore.p12"]
    formats = {mapping(each).get("type") for each in listing(spec.get("additionalOutputFormats"))}
    keys += ["key.der"] if "DER" in formats else []
    keys += ["tls-combined.pem"] if "CombinedPEM" in formats else []
    if name := text(spec.get("secretName")):
        annotations = mapping(mapping(spec.get("secretTemplate")).get("annotations"))
        yield _annotated(sketch.secret(found.id.namespace, name, keys), annotations)


def issuer(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """The key of an ACME account. Those of a ClusterIssuer lie in cert-manager's own namespace,
    which no issuer tells: they are left out."""
    acme = mapping(mapping(body.get("spec")).get("acme"))
    reference = mapping(acme.get("privateKeySecretRef"))
    if found.id.namespace and (name := text(reference.get("name"))):
        yield sketch.secret(found.id.namespace, name, [text(reference.get("key")) or "tls.key"])


def ingress(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """The Secrets that cert-manager fills for an annotated Ingress or Gateway.

    Source: cert-manager v1.16.2, ingress-shim; the annotation names an issuer.
    """
    annotations = mapping(mapping(body.get("metadata")).get("annotations"))
    if not {"cert-manager.io/cluster-issuer", "cert-manager.io/issuer"} & annotations.keys():
        return
    spec = mapping(body.get("spec"))
    names = [text(mapping(each).get("secretName")) for each in listing(spec.get("tls"))]
    for listener in listing(spec.get("listeners")):
        tls = mapping(mapping(listener).get("tls"))
        names += [text(mapping(each).get("name")) for each in listing(tls.get("certificateRefs"))]
    for name in sorted({*names} - {""}):
        yield sketch.secret(found.id.namespace, name, ("ca.crt", "tls.crt", "tls.key"))


def sealed(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """The Secret that a SealedSecret is opened into, with the keys that are sealed.

    Source: bitnami-labs/sealed-secrets, bitnami.com/v1alpha1.
    """
    spec = mapping(body.get("spec"))
    template = mapping(spec.get("template"))
    keys = {*mapping(spec.get("encryptedData")), *mapping(template.get("data"))}
    annotations = mapping(mapping(template.get("metadata")).get("annotations"))
    yield _annotated(sketch.secret(found.id.namespace, found.id.name, keys), annotations)


def talos(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """The Secret of a Talos ServiceAccount, which bears its name.

    Source: siderolabs/talos, Kubernetes access to the Talos API.
    """
    del body
    yield sketch.secret(found.id.namespace, found.id.name, ["config"])


def is_copied(found: Manifest) -> bool:
    """Whether an object asks to be copied into other namespaces; told from its bytes."""
    return b"/reflection-auto" in found.raw or b"mittwald.de/replicate-to" in found.raw


def copies(body: Body, namespaces: Namespaces) -> Iterator[Body]:
    """What Reflector or Replicator makes of an annotated Secret or ConfigMap elsewhere.

    Source: emberstack/kubernetes-reflector (`reflection-auto-enabled` with a list of patterns, all
    namespaces without one) and mittwald/kubernetes-replicator (`replicate-to`).
    """
    metadata = mapping(body.get("metadata"))
    patterns = _patterns(mapping(metadata.get("annotations")))
    for namespace in sorted(namespaces) if patterns else ():
        if namespace != metadata.get("namespace") and _any_matches(patterns, namespace):
            place = {"name": metadata.get("name"), "namespace": namespace}
            held: Body = {key: body[key] for key in ("data", "stringData") if key in body}
            yield {"apiVersion": "v1", "kind": body.get("kind"), "metadata": place, **held}


def _patterns(annotations: Mapping[str, Any]) -> list[str]:
    written = text(annotations.get(f"{_REPLICATOR}replicate-to"))
    if annotations.get(f"{_REFLECTOR}reflection-auto-enabled") == "true":
        written = text(annotations.get(f"{_REFLECTOR}reflection-auto-namespaces")) or ".*"
    return [each.strip() for each in written.split(",") if each.strip()]


def _any_matches(patterns: Iterable[str], namespace: str) -> bool:
    """A pattern that is no regular expression of ours counts as matching: it may be one of .NET's
    or Go's."""
    for pattern in patterns:
        try:
            if re.fullmatch(pattern, namespace):
                return True
        except re.error:
            return True
    return False


def _target(namespace: str, name: str, spec: Mapping[str, Any]) -> Body:
    target = mapping(spec.get("target"))
    template = mapping(target.get("template"))
    keys = _keys(spec, template)
    annotations = mapping(mapping(template.get("metadata")).get("annotations"))
    return _annotated(sketch.secret(namespace, text(target.get("name")) or name, keys), annotations)


def _keys(spec: Mapping[str, Any], template: Mapping[str, Any]) -> list[str] | None:
    """The keys of a target, where they are told. A template replaces what was fetched, unless it
    is merged with it."""
    merges = template.get("mergePolicy") == "Merge"
    written = mapping(template.get("data"))
    if template.get("templateFrom"):
        return None
    if written and not merges:
        return [*written]
    if spec.get("dataFrom"):
        return None
    fetched = [text(mapping(each).get("secretKey")) for each in listing(spec.get("data"))]
    return [*fetched, *written]


def _annotated(body: Body, annotations: Mapping[str, Any]) -> Body:
    metadata = {**body["metadata"], "annotations": dict(annotations)}
    return {**body, "metadata": metadata} if annotations else body


MAKERS: Makers = {
    ("external-secrets.io", "ExternalSecret"): external,
    ("cert-manager.io", "Certificate"): certificate,
    ("cert-manager.io", "Issuer"): issuer,
    ("networking.k8s.io", "Ingress"): ingress,
    ("bitnami.com", "SealedSecret"): sealed,
    ("talos.dev", "ServiceAccount"): talos,
}
