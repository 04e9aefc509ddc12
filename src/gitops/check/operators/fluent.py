"""The Fluent operator.

Source: fluent-operator v3.10.0, pkg/operator/{daemonset,fluent-bit-service,rbac}.go and
controllers/fluentbitconfig_controller.go.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import at, listing, mapping, text
from gitops.check.operators import sketch
from gitops.check.operators.sketch import Body, Makers, Pods
from gitops.model.manifest import Manifest


def fluent_bit(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """A DaemonSet with its Service and ServiceAccount, and the Secret its settings come in."""
    spec = mapping(body.get("spec"))
    name, namespace = found.id.name, found.id.namespace
    own = mapping(mapping(body.get("metadata")).get("labels"))
    labels = mapping(spec.get("labels")) or own
    port = spec.get("metricsPort") or 2020
    service = mapping(spec.get("service"))
    ports = [sketch.port(port, "metrics"), *sketch.container_ports(spec.get("ports"))]
    reached = text(service.get("name")) or name
    yield sketch.service(namespace, reached, mapping(service.get("labels")) or own, labels, ports)
    yield sketch.account(namespace, name)
    if config := text(spec.get("fluentBitConfigName")):
        yield sketch.secret(namespace, config)
    pods = Pods(namespace, name, labels)
    opened = [*sketch.listens(metrics=port), *listing(spec.get("ports"))]
    pods.runs("fluent-bit", opened, spec.get("resources"))
    pods.takes(spec, "priorityClassName", "affinity", "nodeSelector", "tolerations")
    pods.takes(spec, "imagePullSecrets")
    pods.pod["serviceAccountName"] = name
    yield pods.daemon_set()


def fluentd(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """A workload, a Service and a ServiceAccount of one name."""
    labels = mapping(mapping(body.get("metadata")).get("labels"))
    name, namespace = found.id.name, found.id.namespace
    yield sketch.service(namespace, name, labels, labels, [])
    yield sketch.account(namespace, name)
    replicas = at(body, "spec", "replicas")
    yield Pods(namespace, name, labels, replicas).runs("fluentd", []).stateful_set(name)


MAKERS: Makers = {
    ("fluentbit.fluent.io", "FluentBit"): fluent_bit,
    ("fluentd.fluent.io", "Fluentd"): fluentd,
}
