"""Bodies of objects that controllers make: only the fields that are certain."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from gitops.check.fields import listing, mapping
from gitops.model.manifest import Manifest

Body = dict[str, Any]
Labels = Mapping[str, str]

Makers = Mapping[tuple[str, str], Callable[[Manifest, Body], Iterator[Body]]]
"""What is made of the objects of each group and kind."""


def secret(namespace: str, name: str, keys: Iterable[str] | None = None) -> Body:
    """A Secret with these keys; with None, with keys that nobody can tell."""
    body = _named("v1", "Secret", namespace, name)
    return body if keys is None else {**body, "data": dict.fromkeys(sorted(keys), "")}


def config_map(namespace: str, name: str, keys: Iterable[str] | None = None) -> Body:
    """A ConfigMap with these keys; with None, with keys that nobody can tell."""
    body = _named("v1", "ConfigMap", namespace, name)
    return body if keys is None else {**body, "data": dict.fromkeys(sorted(keys), "")}


def account(namespace: str, name: str) -> Body:
    """A ServiceAccount."""
    return _named("v1", "ServiceAccount", namespace, name)


def claim(namespace: str, name: str, spec: object = None) -> Body:
    """A PersistentVolumeClaim; without a spec, one of which nothing but the name is known."""
    body = _named("v1", "PersistentVolumeClaim", namespace, name)
    return {**body, "spec": mapping(spec)} if spec is not None else body


def service(
    namespace: str, name: str, labels: Labels, selector: Labels, ports: Iterable[Body]
) -> Body:
    """A Service."""
    body = _named("v1", "Service", namespace, name, labels)
    spec: Body = {"ports": [*ports]}
    return {**body, "spec": {**spec, "selector": dict(selector)} if selector else spec}


def headless(made: Body) -> Body:
    """The same Service without an address of its own."""
    return {**made, "spec": {**made["spec"], "clusterIP": "None"}}


def port(number: int, name: str = "", target: int | str | None = None) -> Body:
    """A port of a Service."""
    return {**({"name": name} if name else {}), "port": number, "targetPort": target or number}


def listens(**ports: int) -> list[Body]:
    """Ports of a container; an underscore in a name stands for a hyphen."""
    return [
        {"name": name.replace("_", "-"), "containerPort": number} for name, number in ports.items()
    ]


class Pods:
    """Pods that a controller runs, sketched as the workload that comes nearest to them."""

    def __init__(self, namespace: str, name: str, labels: Labels, replicas: object = 1) -> None:
        self.namespace, self.name, self.labels = namespace, name, dict(labels)
        self.replicas = replicas if isinstance(replicas, int) else 1
        self.container: Body = {"name": "main"}
        self.pod: Body = {}

    def runs(self, container: str, ports: Iterable[Body], resources: object = None) -> "Pods":
        """Its one container that others reach; a controller may add more."""
        self.container = {"name": container, "ports": [*ports]}
        if resources:
            self.container["resources"] = resources
        return self

    def takes(self, spec: Mapping[str, Any], *names: str) -> "Pods":
        """Fields of the pod that its cause holds under the same names."""
        self.pod |= {name: spec[name] for name in names if spec.get(name)}
        return self

    def deployment(self) -> Body:
        """As a Deployment."""
        return self._workload("Deployment")

    def daemon_set(self) -> Body:
        """As a DaemonSet."""
        return self._workload("DaemonSet")

    def stateful_set(self, service_name: str = "", *claims: Body) -> Body:
        """As a StatefulSet; the claims are templates with a name and a spec."""
        body = self._workload("StatefulSet")
        more: Body = {"serviceName": service_name} if service_name else {}
        if claims:
            more["volumeClaimTemplates"] = [*claims]
        return {**body, "spec": {**body["spec"], **more}}

    def _workload(self, kind: str) -> Body:
        template = {
            "metadata": {"labels": self.labels},
            "spec": {**self.pod, "containers": [self.container]},
        }
        spec: Body = {"selector": {"matchLabels": self.labels}, "template": template}
        if kind != "DaemonSet":
            spec["replicas"] = self.replicas
        return {**_named("apps/v1", kind, self.namespace, self.name, self.labels), "spec": spec}


def claim_template(name: str, spec: object) -> Body:
    """A template of claims for a StatefulSet."""
    return {"metadata": {"name": name}, "spec": mapping(spec)}


def container_ports(value: object) -> list[Body]:
    """Ports of a container as a Service has them."""
    ports = [mapping(each) for each in listing(value)]
    return [
        port(each["containerPort"], str(each.get("name", "")))
        for each in ports
        if isinstance(each.get("containerPort"), int)
    ]


def _named(
    api_version: str, kind: str, namespace: str, name: str, labels: Labels | None = None
) -> Body:
    metadata: Body = {"name": name, "namespace": namespace}
    if labels:
        metadata["labels"] = dict(labels)
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata}
