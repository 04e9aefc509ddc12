"""The operator of VictoriaMetrics: metrics, logs, agents, alerts, users.

Source: VictoriaMetrics/operator v0.64.1, api/operator/v1beta1 and v1 (names, labels),
internal/config/config.go (ports) and internal/controller/operator/factory (what runs).
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from gitops.check.fields import at, listing, mapping, text
from gitops.check.operators import sketch
from gitops.check.operators.sketch import Body, Makers, Pods
from gitops.model.manifest import Manifest

_USED = (
    "priorityClassName",
    "topologySpreadConstraints",
    "affinity",
    "nodeSelector",
    "imagePullSecrets",
)
_PORTS = {
    "vlagent": 9429,
    "vlogs": 9428,
    "vlsingle": 9428,
    "vmagent": 8429,
    "vmalert": 8080,
    "vmalertmanager": 9093,
    "vmanomaly": 8490,
    "vmauth": 8427,
    "vmsingle": 8429,
    "vtsingle": 10428,
}
_BINARY = 8428
"""The port of the program itself, which the Service of a VMSingle has besides
(factory/vmsingle/vmsingle.go, createOrUpdateService)."""
_PARTS = {
    "vminsert": (8480, {}, False),
    "vmselect": (8481, {}, True),
    "vmstorage": (8482, {"vminsert": 8400, "vmselect": 8401}, True),
    "vlinsert": (9481, {}, False),
    "vlselect": (9471, {}, False),
    "vlstorage": (9491, {}, True),
}
"""The parts of a cluster: their port, others besides, and whether they are StatefulSets."""


def single(kind: str, found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """A Deployment, its Service and ServiceAccount, and its claim, named `<kind>-<name>`."""
    spec = mapping(body.get("spec"))
    whole = f"{kind}-{found.id.name}"
    yield from _reached(found, kind, spec)
    yield _pods(found, kind, spec).deployment()
    if spec.get("storage") and kind in ("vlogs", "vlsingle", "vmsingle", "vtsingle"):
        claim = {"accessModes": ["ReadWriteOnce"], **mapping(spec["storage"])}
        yield sketch.claim(found.id.namespace, whole, claim)


def agent(kind: str, found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """The same, as a StatefulSet where it is asked for; the agent of logs always is one."""
    spec = mapping(body.get("spec"))
    if kind == "vmagent" and not spec.get("statefulMode"):
        yield from single(kind, found, body)
        return
    yield from _reached(found, kind, spec)
    storage = mapping(mapping(spec.get("statefulStorage") or spec.get("storage")))
    yield _pods(found, kind, spec).stateful_set(f"{kind}-{found.id.name}", *_claims(kind, storage))


def alertmanager(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """A StatefulSet behind a headless Service that its members find each other by."""
    kind, spec = "vmalertmanager", mapping(body.get("spec"))
    whole = f"{kind}-{found.id.name}"
    name = text(spec.get("portName")) or "http"
    port = _number(spec.get("port")) or _PORTS[kind]
    mine = _labels(kind, found.id.name)
    ports = [sketch.port(port, name, name)]
    mesh = [sketch.port(9094, "tcp-mesh"), {**sketch.port(9094, "udp-mesh"), "protocol": "UDP"}]
    labels = {**mapping(at(spec, "serviceSpec", "metadata", "labels")), **mine}
    made = sketch.service(found.id.namespace, whole, labels, mine, [*ports, *mesh])
    yield sketch.headless(made)
    yield from _more_services(found, whole, mine, spec, ports)
    yield from _account(found, whole, spec)
    pods = _pods(found, kind, spec)
    pods.container = {**pods.container, "ports": sketch.listens(**{name: port, "mesh-tcp": 9094})}
    storage = mapping(spec.get("storage"))
    yield pods.stateful_set(whole, *_claims(kind, storage))


def cluster(prefix: str, found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """The three parts of a cluster that are asked for, each with its own Service."""
    spec = mapping(body.get("spec"))
    account = text(spec.get("serviceAccountName"))
    yield from _account(found, f"{prefix}-{found.id.name}", spec)
    for part, (default, more, is_stateful) in _PARTS.items():
        if part.startswith(prefix[:2]) and part in spec:
            own = {"serviceAccountName": account or f"{prefix}-{found.id.name}"}
            yield from _part(found, part, {**own, **mapping(spec[part])}, default, more)
            pods = _pods(found, part, {**own, **mapping(spec[part])}, default, more)
            storage = mapping(mapping(spec[part]).get("storage"))
            service = f"{part}-{found.id.name}"
            claims = _claims(part, storage)
            yield pods.stateful_set(service, *claims) if is_stateful else pods.deployment()


def _part(
    found: Manifest, part: str, spec: Mapping[str, Any], default: int, more: Mapping[str, int]
) -> Iterator[Body]:
    whole, mine = f"{part}-{found.id.name}", _labels(part, found.id.name)
    port = _number(spec.get("port")) or default
    ports = [sketch.port(port, "http"), *(sketch.port(each, name) for name, each in more.items())]
    made = sketch.service(found.id.namespace, whole, mine, mine, ports)
    yield sketch.headless(made) if part in ("vmselect", "vmstorage", "vlstorage") else made
    yield from _more_services(found, whole, mine, spec, ports)


def auth(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """A proxy, and the Secret with its settings."""
    yield from single("vmauth", found, body)
    yield sketch.secret(found.id.namespace, f"vmauth-config-{found.id.name}", ("config.yaml.gz",))


def user(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """The Secret with what a user logs in with; none where a reference holds it."""
    spec = mapping(body.get("spec"))
    given = {"name": "name", "bearerToken": "bearerToken", "username": "username"}
    keys = [key for key, field in given.items() if spec.get(field)]
    if spec.get("password") or spec.get("generatePassword"):
        keys.append("password")
    if not (spec.get("disable_secret_creation") or spec.get("passwordRef")):
        yield sketch.secret(found.id.namespace, f"vmuser-{found.id.name}", keys)


def _reached(found: Manifest, kind: str, spec: Mapping[str, Any]) -> Iterator[Body]:
    whole, mine = f"{kind}-{found.id.name}", _labels(kind, found.id.name)
    port = sketch.port(_number(spec.get("port")) or _PORTS[kind], "http")
    given = mapping(spec.get("serviceSpec"))
    labels, ports = mine, [port]
    if given.get("useAsDefault"):
        labels = {**mapping(at(given, "metadata", "labels")), **mine}
        ports = _overridden(given, port)
    if kind == "vmsingle" and port["port"] != _BINARY:
        ports = [*ports, sketch.port(_BINARY, "http-alias")]
    yield sketch.service(found.id.namespace, whole, labels, mine, ports)
    yield from _more_services(found, whole, mine, spec, [port])
    yield from _account(found, whole, spec)


def _overridden(given: Mapping[str, Any], port: Body) -> list[Body]:
    ports = [mapping(each) for each in listing(at(given, "spec", "ports"))]
    return ports if any(each.get("name") == "http" for each in ports) else [*ports, port]


def _more_services(
    found: Manifest,
    whole: str,
    mine: Mapping[str, str],
    spec: Mapping[str, Any],
    ports: list[Body],
) -> Iterator[Body]:
    """`serviceSpec` without `useAsDefault` asks for a second Service."""
    given = mapping(spec.get("serviceSpec"))
    if given and not given.get("useAsDefault"):
        name = text(at(given, "metadata", "name")) or f"{whole}-additional-service"
        written = [mapping(each) for each in listing(at(given, "spec", "ports"))]
        labels = {**mapping(at(given, "metadata", "labels")), **mine}
        selector = mapping(at(given, "spec", "selector")) or mine
        yield sketch.service(found.id.namespace, name, labels, selector, written or ports)


def _account(found: Manifest, whole: str, spec: Mapping[str, Any]) -> Iterator[Body]:
    if not spec.get("serviceAccountName"):
        yield sketch.account(found.id.namespace, whole)


def _pods(
    found: Manifest,
    kind: str,
    spec: Mapping[str, Any],
    default: int = 0,
    more: Mapping[str, int] | None = None,
) -> Pods:
    whole = f"{kind}-{found.id.name}"
    labels = {
        **mapping(at(spec, "podMetadata", "labels")),
        **_labels(kind, found.id.name),
    }
    replicas = spec.get("replicaCount", 1)
    pods = Pods(found.id.namespace, whole, labels, replicas)
    port = _number(spec.get("port")) or default or _PORTS[kind]
    ports = sketch.listens(http=port, **(more or {}))
    container = "alertmanager" if kind == "vmalertmanager" else kind
    pods.runs(container, ports, spec.get("resources")).takes(spec, *_USED)
    pods.pod["serviceAccountName"] = text(spec.get("serviceAccountName")) or whole
    return pods


def _claims(kind: str, storage: Mapping[str, Any]) -> list[Body]:
    spec = at(storage, "volumeClaimTemplate", "spec")
    return [sketch.claim_template(f"{kind}-db", spec)] if spec else []


def _labels(kind: str, name: str) -> dict[str, str]:
    return {
        "app.kubernetes.io/name": kind,
        "app.kubernetes.io/instance": name,
        "app.kubernetes.io/component": "monitoring",
        "managed-by": "vm-operator",
    }


def _number(value: object) -> int:
    """Ports are written as text there."""
    return int(str(value)) if str(value).isdigit() else 0


_GROUP = "operator.victoriametrics.com"

MAKERS: Makers = {
    (_GROUP, "VLAgent"): partial(agent, "vlagent"),
    (_GROUP, "VLCluster"): partial(cluster, "vlcluster"),
    (_GROUP, "VLogs"): partial(single, "vlogs"),
    (_GROUP, "VLSingle"): partial(single, "vlsingle"),
    (_GROUP, "VMAgent"): partial(agent, "vmagent"),
    (_GROUP, "VMAlert"): partial(single, "vmalert"),
    (_GROUP, "VMAlertmanager"): alertmanager,
    (_GROUP, "VMAnomaly"): partial(agent, "vmanomaly"),
    (_GROUP, "VMAuth"): auth,
    (_GROUP, "VMCluster"): partial(cluster, "vmcluster"),
    (_GROUP, "VMSingle"): partial(single, "vmsingle"),
    (_GROUP, "VMUser"): user,
    (_GROUP, "VTSingle"): partial(single, "vtsingle"),
}
