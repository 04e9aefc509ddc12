"""References of custom resources to Secrets and ConfigMaps.

Two conventions cover most fields: `secretKeyRef` and `configMapKeyRef`, which every API means as
Kubernetes does, and bare `{name, key}` selectors in the groups listed here. What has a name alone
is in a table. Each group's API reference at the pins of the platform is the source.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot
from gitops.model.ids import ObjectId

Way = tuple[str | int, ...]
Found = tuple[Way, str, str, str, tuple[str, ...], bool]
"""The way to it; kind, namespace and name of what is meant; keys; whether it may be absent."""

_SELECTOR_GROUPS = frozenset(
    {
        "barmancloud.cnpg.io",
        "ceph.rook.io",
        "cert-manager.io",
        "dragonflydb.io",
        "external-secrets.io",
        "grafana.integreatly.org",
        "k8s.keycloak.org",
        "kafka.strimzi.io",
        "monitoring.coreos.com",
        "operator.victoriametrics.com",
        "postgresql.cnpg.io",
    }
)
"""Groups in which a mapping of a name and a key selects a key of a Secret, unless the field says
that it is a ConfigMap."""

_WRITTEN = frozenset(
    {
        "generatorRef",
        "match",
        "privateKeySecretRef",
        "remoteRef",
        "updatePolicy",
    }
)
"""Fields that are no such selectors, or name what a controller writes."""

_TLS = ("tls.crt", "tls.key")
_RESTIC = ("RESTIC_REPOSITORY", "RESTIC_PASSWORD")
"""Source: volsync, controllers/mover/restic/mover.go, `validateRepository`."""
_USER = ("password", "username")
_CNPG, _FLUX = "postgresql.cnpg.io", "source.toolkit.fluxcd.io"

_NAMED: dict[tuple[str, str], tuple[tuple[str, tuple[str, ...]], ...]] = {
    ("actions.github.com", "AutoscalingRunnerSet"): (("spec.githubConfigSecret", ()),),
    ("ceph.rook.io", "CephObjectStore"): (("spec.gateway.sslCertificateRef", ()),),
    ("cert-manager.io", "ClusterIssuer"): (("spec.ca.secretName", _TLS),),
    ("cert-manager.io", "Issuer"): (("spec.ca.secretName", _TLS),),
    ("dragonflydb.io", "Dragonfly"): (
        ("spec.tlsSecretRef.name", _TLS),
        ("spec.imagePullSecrets[].name", ()),
    ),
    ("external-secrets.io", "ExternalSecret"): (
        ("spec.target.template.templateFrom[].secret.name", ()),
    ),
    ("external-secrets.io", "PushSecret"): (("spec.selector.secret.name", ()),),
    ("fluxcd.controlplane.io", "FluxInstance"): (
        ("spec.sync.pullSecret", ()),
        ("spec.distribution.imagePullSecret", ()),
    ),
    ("helm.toolkit.fluxcd.io", "HelmRelease"): (("spec.kubeConfig.secretRef.name", ()),),
    ("k8s.keycloak.org", "Keycloak"): (
        ("spec.bootstrapAdmin.user.secret", _USER),
        ("spec.bootstrapAdmin.service.secret", ("client-id", "client-secret")),
        ("spec.http.tlsSecret", _TLS),
        ("spec.imagePullSecrets[].name", ()),
    ),
    ("kustomize.toolkit.fluxcd.io", "Kustomization"): (
        ("spec.decryption.secretRef.name", ()),
        ("spec.kubeConfig.secretRef.name", ()),
    ),
    ("monitoring.coreos.com", "Prometheus"): (("spec.secrets[]", ()),),
    ("notification.toolkit.fluxcd.io", "Provider"): (
        ("spec.secretRef.name", ()),
        ("spec.certSecretRef.name", ()),
    ),
    ("notification.toolkit.fluxcd.io", "Receiver"): (("spec.secretRef.name", ("token",)),),
    ("operator.victoriametrics.com", "VMAgent"): (("spec.secrets[]", ()),),
    ("operator.victoriametrics.com", "VMAlert"): (("spec.secrets[]", ()),),
    ("operator.victoriametrics.com", "VMAlertmanager"): (
        ("spec.configSecret", ("alertmanager.yaml",)),
        ("spec.secrets[]", ()),
    ),
    ("operator.victoriametrics.com", "VMAuth"): (("spec.secrets[]", ()),),
    ("operator.victoriametrics.com", "VMSingle"): (("spec.secrets[]", ()),),
    (_CNPG, "Cluster"): (
        ("spec.superuserSecret.name", _USER),
        ("spec.bootstrap.initdb.secret.name", _USER),
        ("spec.bootstrap.recovery.secret.name", _USER),
        ("spec.bootstrap.pg_basebackup.secret.name", _USER),
        ("spec.certificates.serverCASecret", ("ca.crt",)),
        ("spec.certificates.serverTLSSecret", _TLS),
        ("spec.certificates.clientCASecret", ("ca.crt",)),
        ("spec.certificates.replicationTLSSecret", _TLS),
        ("spec.managed.roles[].passwordSecret.name", _USER),
        ("spec.imagePullSecrets[].name", ()),
    ),
    (_CNPG, "DatabaseRole"): (("spec.passwordSecret.name", _USER),),
    (_CNPG, "Pooler"): (("spec.pgbouncer.authQuerySecret.name", ()),),
    (_FLUX, "Bucket"): (("spec.secretRef.name", ()), ("spec.certSecretRef.name", ())),
    (_FLUX, "GitRepository"): (
        ("spec.secretRef.name", ()),
        ("spec.proxySecretRef.name", ()),
        ("spec.verify.secretRef.name", ()),
    ),
    (_FLUX, "HelmChart"): (("spec.verify.secretRef.name", ()),),
    (_FLUX, "HelmRepository"): (("spec.secretRef.name", ()), ("spec.certSecretRef.name", ())),
    (_FLUX, "OCIRepository"): (
        ("spec.secretRef.name", ()),
        ("spec.certSecretRef.name", ()),
        ("spec.proxySecretRef.name", ()),
        ("spec.verify.secretRef.name", ()),
    ),
    ("volsync.backube", "ReplicationDestination"): (("spec.restic.repository", _RESTIC),),
    ("volsync.backube", "ReplicationSource"): (("spec.restic.repository", _RESTIC),),
}
"""Fields that name a Secret, with the keys that it must have. `[]` stands for every item."""


def references(facts: Index) -> Iterator[tuple[Owned, Found]]:
    """What custom resources refer to."""
    for key, owners in facts.owned.items():
        group, raw = key[0], owners[0].manifest.raw
        named = _NAMED.get(key[:2], ())
        may_select = group in _SELECTOR_GROUPS and b'"key":' in raw
        if named or may_select or (_is_custom(group) and b"KeyRef" in raw):
            owned = owners[0]
            for found in _of(facts, owned, may_select=may_select):
                yield owned, found


def named(facts: Index, fields: tuple[str, ...], mark: bytes) -> Iterator[tuple[Spot, str]]:
    """Fields of custom resources that all of them call the same, with the names they hold.

    `mark` is a part of the names of all fields: objects without it are not read.
    """
    for key, owners in facts.owned.items():
        manifest = owners[0].manifest
        if (_is_custom(key[0]) or key[0] == "snapshot.storage.k8s.io") and mark in manifest.raw:
            for way, name in _fields(facts.body(manifest).get("spec"), ("spec",), fields):
                yield Spot(facts, owners[0], way), name


def _fields(value: object, way: Way, wanted: tuple[str, ...]) -> Iterator[tuple[Way, str]]:
    match value:
        case list():
            for position, each in enumerate(value):
                yield from _fields(each, (*way, position), wanted)
        case dict():
            for field, each in value.items():
                if field in wanted and isinstance(each, str):
                    if each:
                        yield (*way, field), each
                else:
                    yield from _fields(each, (*way, field), wanted)


def _of(facts: Index, owned: Owned, *, may_select: bool) -> Iterator[Found]:
    found = owned.manifest.id
    body = facts.body(owned.manifest)
    namespace = found.namespace or _home(facts, found)
    for path, keys in _NAMED.get((found.group, found.kind), ()):
        for way, name in _follow(body, path.split(".")):
            if name and namespace:
                yield way, "Secret", namespace, name, keys, False
    spec = body.get("spec") if b'"key":' in owned.manifest.raw else None
    for way, kind, selector in _selectors(spec, ("spec",), anywhere=may_select):
        place = text(selector.get("namespace")) or namespace
        if place:
            keys = (text(selector.get("key")),)
            optional = selector.get("optional") is True
            yield (*way, "name"), kind, place, text(selector.get("name")), keys, optional


def _follow(value: object, path: list[str], way: Way = ()) -> Iterator[tuple[Way, str]]:
    if not path:
        yield way, text(value)
        return
    field, *rest = path
    inner = mapping(value).get(field.removesuffix("[]"))
    if not field.endswith("[]"):
        yield from _follow(inner, rest, (*way, field)) if inner is not None else ()
        return
    for position, each in enumerate(listing(inner)):
        yield from _follow(each, rest, (*way, field[:-2], position))


def _selectors(
    value: object, way: Way, *, anywhere: bool
) -> Iterator[tuple[Way, str, dict[str, Any]]]:
    match value:
        case list():
            for position, each in enumerate(value):
                yield from _selectors(each, (*way, position), anywhere=anywhere)
        case dict():
            for field, each in value.items():
                yield from _of_field(field, each, (*way, field), anywhere=anywhere)


def _of_field(
    field: str, value: object, way: Way, *, anywhere: bool
) -> Iterator[tuple[Way, str, dict[str, Any]]]:
    found = mapping(value)
    if field in ("secretKeyRef", "configMapKeyRef"):
        if _is_selector(found):
            yield way, "Secret" if field == "secretKeyRef" else "ConfigMap", found
    elif anywhere and _is_selector(found) and field not in _WRITTEN:
        yield way, "ConfigMap" if "onfig" in field else "Secret", found
    elif field not in _WRITTEN:
        yield from _selectors(value, way, anywhere=anywhere)


def _is_selector(found: dict[str, Any]) -> bool:
    held = {key for key in found if key not in ("namespace", "optional")}
    return held == {"name", "key"} and all(isinstance(found[key], str) for key in held)


def _home(facts: Index, found: ObjectId) -> str:
    """Where the Secrets of an object without a namespace lie, if that can be told.

    Source: cert-manager, `--cluster-resource-namespace`, by default its controller's own namespace;
    fluent-operator, the namespace of the FluentBit that the settings are for.
    """
    if found.kind == "ClusterIssuer":
        return _home_of_issuers(facts)
    if found.group == "fluentbit.fluent.io":
        places = {each.manifest.id.namespace for each in facts.of(found.group, "FluentBit")}
        return places.pop() if len(places) == 1 else ""
    return ""


def _home_of_issuers(facts: Index) -> str:
    for owned in facts.of("apps", "Deployment"):
        body = facts.body(owned.manifest)
        labels = mapping(at(body, "metadata", "labels"))
        own = labels.get("app.kubernetes.io/name") == "cert-manager"
        if own and labels.get("app.kubernetes.io/component") == "controller":
            return _told(body) or owned.manifest.id.namespace
    return ""


def _told(body: dict[str, Any]) -> str:
    containers = listing(at(body, "spec", "template", "spec", "containers"))
    arguments = [str(word) for each in containers for word in listing(mapping(each).get("args"))]
    option = "--cluster-resource-namespace="
    told = next((word for word in arguments if word.startswith(option)), "")
    place = told.removeprefix(option)
    return "" if place.startswith("$") else place


def _is_custom(group: str) -> bool:
    """Whether it is neither of Kubernetes nor of Flux: a HelmRelease holds values, not fields."""
    return "." in group and not group.endswith((".k8s.io", "fluxcd.io", "fluxcd.controlplane.io"))
