"""Strimzi: Kafka, its users, its connectors.

Source: strimzi-kafka-operator 1.0.1, the *Resources classes of api/ (names) and
cluster-operator/.../model (ports); labels from `ResourceLabels`.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import at, listing, mapping, text
from gitops.check.operators import sketch
from gitops.check.operators.sketch import Body, Makers, Pods
from gitops.model.manifest import Manifest

_USED = ("priorityClassName", "topologySpreadConstraints", "affinity", "imagePullSecrets")
_INTERNAL = {"tcp-replication": 9091, "tcp-kafkaagent": 8443, "tcp-ctrlplane": 9090}


def kafka(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """The Services of the listeners, the authorities' Secrets, and what runs beside the brokers.

    The brokers themselves are those of KafkaNodePools.
    """
    spec = mapping(body.get("spec"))
    name, namespace = found.id.name, found.id.namespace
    yield from _services(found, mapping(spec.get("kafka")))
    yield sketch.secret(namespace, f"{name}-cluster-ca-cert", ("ca.crt", "ca.p12", "ca.password"))
    yield sketch.secret(namespace, f"{name}-clients-ca-cert", ("ca.crt", "ca.p12", "ca.password"))
    for each in ("cluster-ca", "clients-ca"):
        yield sketch.secret(namespace, f"{name}-{each}", ("ca.key",))
    yield sketch.secret(namespace, f"{name}-cluster-operator-certs")
    yield sketch.account(namespace, f"{name}-kafka")
    if "entityOperator" in spec:
        yield sketch.account(namespace, f"{name}-entity-operator")
        yield _beside(found, mapping(spec.get("entityOperator")), "entity-operator", {})
    yield from _exporter(found, spec)
    yield from _cruise_control(found, spec)


def _services(found: Manifest, brokers: dict[str, Any]) -> Iterator[Body]:
    name, namespace = found.id.name, found.id.namespace
    mine = _labels("Kafka", name, f"{name}-kafka")
    selector = {"strimzi.io/cluster": name, "strimzi.io/kind": "Kafka"}
    selector |= {"strimzi.io/name": f"{name}-kafka", "strimzi.io/broker-role": "true"}
    ports = [sketch.port(9091, "tcp-replication")]
    outer = []
    for each in map(mapping, listing(brokers.get("listeners"))):
        port = each.get("port")
        if isinstance(port, int):
            made = sketch.port(port, _port_name(text(each.get("name")), port))
            if each.get("type") == "internal":
                ports.append(made)
            else:
                outer.append((text(each.get("name")), made))
    yield sketch.service(namespace, f"{name}-kafka-bootstrap", mine, selector, ports)
    every = {key: value for key, value in selector.items() if key != "strimzi.io/broker-role"}
    brokers_ports = [sketch.port(9090, "tcp-ctrlplane"), sketch.port(8443, "tcp-kafkaagent")]
    service = sketch.service(
        namespace, f"{name}-kafka-brokers", mine, every, [*ports, *brokers_ports]
    )
    yield sketch.headless(service)
    for listener, made in outer:
        outside = f"{name}-kafka-{listener}-bootstrap"
        yield sketch.service(namespace, outside, mine, selector, [made])


def _port_name(listener: str, port: int) -> str:
    """The names of the three oldest listeners are kept: ListenersUtils."""
    old = {("plain", 9092): "tcp-clients", ("tls", 9093): "tcp-clientstls"}
    old |= {("external", 9094): "tcp-external"}
    return old.get((listener, port), f"tcp-{listener}")


def _exporter(found: Manifest, spec: dict[str, Any]) -> Iterator[Body]:
    if "kafkaExporter" in spec:
        yield sketch.account(found.id.namespace, f"{found.id.name}-kafka-exporter")
        given = mapping(spec.get("kafkaExporter"))
        yield _beside(found, given, "kafka-exporter", {"tcp-prometheus": 9404})


def _cruise_control(found: Manifest, spec: dict[str, Any]) -> Iterator[Body]:
    name, namespace = found.id.name, found.id.namespace
    if "cruiseControl" in spec:
        whole = f"{name}-cruise-control"
        yield sketch.account(namespace, whole)
        given = mapping(spec.get("cruiseControl"))
        yield _beside(found, given, "cruise-control", {"rest-api": 9090, "tcp-prometheus": 9404})
        labels = _labels("Kafka", name, whole)
        ports = [sketch.port(9090, "rest-api")]
        yield sketch.service(namespace, whole, labels, labels, ports)


def _beside(found: Manifest, given: dict[str, Any], what: str, ports: dict[str, int]) -> Body:
    name = f"{found.id.name}-{what}"
    template = mapping(at(given, "template", "pod"))
    labels = {
        **mapping(at(template, "metadata", "labels")),
        **_labels("Kafka", found.id.name, name),
        **_common(what, found.id.name),
    }
    pods = Pods(found.id.namespace, name, labels)
    pods.runs(what, sketch.listens(**ports), given.get("resources")).takes(template, *_USED)
    return pods.deployment()


def node_pool(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """The pods of a pool, `<cluster>-<pool>-<id>`; which listeners they have, the Kafka tells."""
    metadata, spec = mapping(body.get("metadata")), mapping(body.get("spec"))
    cluster = text(mapping(metadata.get("labels")).get("strimzi.io/cluster"))
    roles = listing(spec.get("roles"))
    template = mapping(at(spec, "template", "pod"))
    labels = {
        **mapping(at(template, "metadata", "labels")),
        **_labels("Kafka", cluster, f"{cluster}-kafka"),
        **_common("kafka", cluster),
        "strimzi.io/pool-name": found.id.name,
        "strimzi.io/broker-role": str("broker" in roles).lower(),
        "strimzi.io/controller-role": str("controller" in roles).lower(),
    }
    pods = Pods(found.id.namespace, f"{cluster}-{found.id.name}", labels, spec.get("replicas", 1))
    ports = sketch.listens(**_INTERNAL, **{"tcp-prometheus": 9404})
    pods.runs("kafka", ports, spec.get("resources")).takes(template, *_USED)
    pods.pod["serviceAccountName"] = f"{cluster}-kafka"
    yield pods.stateful_set(f"{cluster}-kafka-brokers", *_claims(mapping(spec.get("storage"))))


def _claims(storage: dict[str, Any]) -> Iterator[Body]:
    volumes = listing(storage.get("volumes")) if storage.get("type") == "jbod" else [storage]
    for volume in map(mapping, volumes):
        if volume.get("type") == "persistent-claim":
            name = f"data-{volume['id']}" if "id" in volume else "data"
            spec = {
                "accessModes": ["ReadWriteOnce"],
                "resources": {"requests": {"storage": volume.get("size")}},
            }
            if volume.get("class"):
                spec["storageClassName"] = volume["class"]
            yield sketch.claim_template(name, spec)


def user(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """The Secret of a user, with the keys of its way to log in."""
    spec = mapping(body.get("spec"))
    match at(spec, "authentication", "type"):
        case "scram-sha-512":
            keys = ["password", "sasl.jaas.config"]
        case "tls":
            keys = ["ca.crt", "user.crt", "user.key", "user.p12", "user.password"]
        case _:
            return
    yield sketch.secret(found.id.namespace, found.id.name, keys)


def connect(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """The REST interface of Kafka Connect, and its workers."""
    yield from _workers(found, body, "KafkaConnect", "connect", "connect-api")


def mirror_maker(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """The REST interface of MirrorMaker 2, and its workers."""
    yield from _workers(found, body, "KafkaMirrorMaker2", "mirrormaker2", "mirrormaker2-api")


def bridge(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """The REST interface of the bridge, and its pods."""
    port = at(body, "spec", "http", "port")
    number = port if isinstance(port, int) else 8080
    yield from _workers(found, body, "KafkaBridge", "bridge", "bridge-service", number)


def _workers(
    found: Manifest, body: dict[str, Any], kind: str, what: str, service: str, port: int = 8083
) -> Iterator[Body]:
    spec = mapping(body.get("spec"))
    name, namespace = f"{found.id.name}-{what}", found.id.namespace
    mine = _labels(kind, found.id.name, name)
    reached = sketch.port(port, "rest-api")
    yield sketch.service(namespace, f"{found.id.name}-{service}", mine, mine, [reached])
    yield sketch.account(namespace, name)
    template = mapping(at(spec, "template", "pod"))
    labels = {**mapping(at(template, "metadata", "labels")), **mine}
    pods = Pods(namespace, name, labels, spec.get("replicas", 1))
    ports = sketch.listens(**{"rest-api": port, "tcp-prometheus": 9404})
    yield pods.runs(what, ports, spec.get("resources")).takes(template, *_USED).deployment()


def _labels(kind: str, cluster: str, name: str) -> dict[str, str]:
    return {"strimzi.io/cluster": cluster, "strimzi.io/kind": kind, "strimzi.io/name": name}


def _common(what: str, cluster: str) -> dict[str, str]:
    """The labels that pods have and selectors do not: `Labels.generateDefaultLabels`."""
    return {
        "app.kubernetes.io/instance": cluster,
        "app.kubernetes.io/managed-by": "strimzi-cluster-operator",
        "app.kubernetes.io/name": what,
        "app.kubernetes.io/part-of": f"strimzi-{cluster}",
        "strimzi.io/component-type": what,
    }


_GROUP = "kafka.strimzi.io"

MAKERS: Makers = {
    (_GROUP, "Kafka"): kafka,
    (_GROUP, "KafkaBridge"): bridge,
    (_GROUP, "KafkaConnect"): connect,
    (_GROUP, "KafkaMirrorMaker2"): mirror_maker,
    (_GROUP, "KafkaNodePool"): node_pool,
    (_GROUP, "KafkaUser"): user,
}
