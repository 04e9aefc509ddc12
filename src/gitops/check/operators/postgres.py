"""CloudNativePG: clusters and poolers.

Source: cloudnative-pg v1.30.0: api/v1/cluster_funcs.go (names), pkg/specs/services.go, secrets.go,
pods.go and pkg/specs/pgbouncer.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from gitops.check.fields import at, listing, mapping, text
from gitops.check.operators import sketch
from gitops.check.operators.sketch import Body, Makers, Pods
from gitops.model.manifest import Manifest

_USER_KEYS = (
    "dbname",
    "fqdn-jdbc-uri",
    "fqdn-uri",
    "host",
    "jdbc-uri",
    "password",
    "pgpass",
    "port",
    "uri",
    "user",
    "username",
)
_SELECTORS = {
    "rw": {"cnpg.io/instanceRole": "primary"},
    "ro": {"cnpg.io/instanceRole": "replica"},
    "r": {"cnpg.io/podRole": "instance"},
}


def cluster(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """Services, Secrets, the ServiceAccount, and the instances.

    The operator runs bare pods, one of them primary; the sketch is a StatefulSet. Roles are labels
    that change with time, so the sketched pods have none of them.
    """
    spec = mapping(body.get("spec"))
    yield from _services(found, spec)
    yield from _secrets(found, spec)
    if not spec.get("serviceAccountName"):
        yield sketch.account(found.id.namespace, found.id.name)
    yield _instances(found, spec)


def _services(found: Manifest, spec: Mapping[str, Any]) -> Iterator[Body]:
    name, off = found.id.name, listing(at(spec, "managed", "services", "disabledDefaultServices"))
    for kind in ("rw", "ro", "r"):
        if kind not in off:
            yield _service(found, f"{name}-{kind}", kind)
    for each in listing(at(spec, "managed", "services", "additional")):
        kind = text(mapping(each).get("selectorType"))
        metadata = mapping(at(each, "serviceTemplate", "metadata"))
        if kind in _SELECTORS and (more := text(metadata.get("name"))):
            yield _service(found, more, kind, mapping(metadata.get("labels")))


def _service(
    found: Manifest, name: str, kind: str, labels: Mapping[str, str] | None = None
) -> Body:
    mine = {"cnpg.io/cluster": found.id.name}
    selector = {**mine, **_SELECTORS[kind]}
    ports = [sketch.port(5432, "postgres")]
    return sketch.service(found.id.namespace, name, {**mine, **(labels or {})}, selector, ports)


def _secrets(found: Manifest, spec: Mapping[str, Any]) -> Iterator[Body]:
    name, namespace = found.id.name, found.id.namespace
    given = mapping(spec.get("certificates"))
    if spec.get("enableSuperuserAccess") is True and not at(spec, "superuserSecret", "name"):
        yield sketch.secret(namespace, f"{name}-superuser", _USER_KEYS)
    if _makes_application_secret(spec):
        yield sketch.secret(namespace, f"{name}-app", _USER_KEYS)
    if not given.get("serverCASecret") or not given.get("clientCASecret"):
        yield sketch.secret(namespace, f"{name}-ca", ("ca.crt", "ca.key"))
    if not given.get("serverTLSSecret"):
        yield sketch.secret(namespace, f"{name}-server", ("tls.crt", "tls.key"))
    if not given.get("replicationTLSSecret"):
        yield sketch.secret(namespace, f"{name}-replication", ("tls.crt", "tls.key"))


def _makes_application_secret(spec: Mapping[str, Any]) -> bool:
    """Whether the operator writes the Secret of the application's user itself."""
    for way in ("initdb", "recovery", "pg_basebackup"):
        if at(spec, "bootstrap", way, "secret", "name"):
            return False
    return True


def _instances(found: Manifest, spec: Mapping[str, Any]) -> Body:
    name = found.id.name
    labels = {
        **mapping(at(spec, "inheritedMetadata", "labels")),
        "cnpg.io/cluster": name,
        "cnpg.io/podRole": "instance",
        "app.kubernetes.io/name": "postgresql",
        "app.kubernetes.io/instance": name,
        "app.kubernetes.io/component": "database",
        "app.kubernetes.io/managed-by": "cloudnative-pg",
    }
    ports = sketch.listens(postgresql=5432, metrics=9187, status=8000)
    pods = Pods(found.id.namespace, name, labels, spec.get("instances", 1))
    pods.runs("postgres", ports, spec.get("resources"))
    pods.takes(spec, "priorityClassName", "topologySpreadConstraints", "imagePullSecrets")
    pods.takes(mapping(spec.get("affinity")), "nodeSelector", "tolerations")
    pods.pod["serviceAccountName"] = text(spec.get("serviceAccountName")) or name
    storage = [("pgdata", spec.get("storage")), ("pg-wal", spec.get("walStorage"))]
    claims = [sketch.claim_template(each, _claim(mapping(size))) for each, size in storage if size]
    return pods.stateful_set("", *claims)


def _claim(storage: Mapping[str, Any]) -> Body:
    spec = {"accessModes": ["ReadWriteOnce"], **mapping(storage.get("pvcTemplate"))}
    if name := storage.get("storageClass"):
        spec["storageClassName"] = name
    if size := storage.get("size"):
        spec["resources"] = {"requests": {"storage": size}}
    return spec


def pooler(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """The Service and the Deployment of PgBouncer, both of the pooler's name."""
    spec = mapping(body.get("spec"))
    name, namespace = found.id.name, found.id.namespace
    labels = {
        **mapping(at(spec, "template", "metadata", "labels")),
        "cnpg.io/poolerName": name,
        "cnpg.io/cluster": text(at(spec, "cluster", "name")),
        "cnpg.io/podRole": "pooler",
    }
    selector = {"cnpg.io/poolerName": name}
    more = mapping(at(spec, "serviceTemplate", "metadata", "labels"))
    port = sketch.port(5432, "pgbouncer", "pgbouncer")
    yield sketch.service(namespace, name, {**more, **labels}, selector, [port])
    if not spec.get("serviceAccountName"):
        yield sketch.account(namespace, name)
    yield _bouncers(found, spec, labels)


def _bouncers(found: Manifest, spec: Mapping[str, Any], labels: Mapping[str, str]) -> Body:
    given = mapping(at(spec, "template", "spec"))
    containers = [mapping(each) for each in listing(given.get("containers"))]
    resources = next((e.get("resources") for e in containers if e.get("name") == "pgbouncer"), None)
    pods = Pods(found.id.namespace, found.id.name, labels, spec.get("instances", 1))
    ports = sketch.listens(pgbouncer=5432, metrics=9127)
    pods.runs("pgbouncer", ports, resources)
    pods.takes(given, "priorityClassName", "topologySpreadConstraints", "affinity", "nodeSelector")
    pods.pod["serviceAccountName"] = text(spec.get("serviceAccountName")) or found.id.name
    return pods.deployment()


def role(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """The certificate of a role that asks for one.

    Source: api/v1/databaserole_types.go, clientCertSecretSuffix.
    """
    if mapping(body.get("spec")).get("clientCertificate"):
        yield sketch.secret(found.id.namespace, f"{found.id.name}-client-cert")


MAKERS: Makers = {
    ("postgresql.cnpg.io", "Cluster"): cluster,
    ("postgresql.cnpg.io", "DatabaseRole"): role,
    ("postgresql.cnpg.io", "Pooler"): pooler,
}
