"""Flux itself, as flux-operator installs it.

Source: flux-operator v0.58.1, config/data/flux/v2.9.4 and internal/builder.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import listing, mapping, text
from gitops.check.operators import sketch
from gitops.check.operators.sketch import Body, Makers, Pods
from gitops.model.manifest import Manifest

DEFAULT = (
    "source-controller",
    "kustomize-controller",
    "helm-controller",
    "notification-controller",
)
"""What is installed where nothing is named."""

CONTROLLERS = (
    *DEFAULT,
    "image-automation-controller",
    "image-reflector-controller",
    "source-watcher",
)
"""All that Flux can be installed with, each with a ServiceAccount of its name."""

_SERVED = ("notification-controller", "source-controller", "source-watcher")
_PART = {"app.kubernetes.io/part-of": "flux"}


def instance(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """The controllers that a FluxInstance asks for, in its own namespace."""
    spec = mapping(body.get("spec"))
    names = [text(each) for each in listing(spec.get("components"))] or [*DEFAULT]
    namespace = found.id.namespace
    for name in names:
        yield sketch.account(namespace, name)
        yield _controller(namespace, name)
        if name in _SERVED:
            yield _service(namespace, name, name, "http")
    if "notification-controller" in names:
        yield _service(namespace, "webhook-receiver", "notification-controller", "http-webhook")
    if mapping(spec.get("cluster")).get("networkPolicy") is not False:
        yield from _policies(namespace)


def _service(namespace: str, name: str, app: str, target: str) -> Body:
    labels = {**_PART, "app.kubernetes.io/component": app, "control-plane": "controller"}
    port = sketch.port(80, "http", target)
    return sketch.service(namespace, name, labels, {"app": app}, [port])


def _policies(namespace: str) -> Iterator[Body]:
    """Closed but to its own namespace, to scrapers, and to whoever calls webhooks."""
    everybody: list[Body] = [{"namespaceSelector": {}}]
    own: Body = {"ingress": [{"from": [{"podSelector": {}}]}], "egress": [{}]}
    yield _policy(namespace, "allow-egress", {}, {**own, "policyTypes": ["Ingress", "Egress"]})
    scraping = {"from": everybody, "ports": [{"port": 8080, "protocol": "TCP"}]}
    yield _policy(namespace, "allow-scraping", {}, {"ingress": [scraping]})
    hooks: Body = {"matchLabels": {"app": "notification-controller"}}
    yield _policy(namespace, "allow-webhooks", hooks, {"ingress": [{"from": everybody}]})


def _policy(namespace: str, name: str, selector: Body, rules: Body) -> Body:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"podSelector": selector, "policyTypes": ["Ingress"], **rules},
    }


def _controller(namespace: str, name: str) -> Body:
    labels = {"app": name, "app.kubernetes.io/component": name, **_PART}
    ports = {"http-prom": 8080, "healthz": 9440}
    ports |= {"http": 9090} if name in _SERVED else {}
    ports |= {"http-webhook": 9292} if name == "notification-controller" else {}
    slow = name in ("source-controller", "source-watcher")
    resources = {
        "requests": {"cpu": "50m" if slow else "100m", "memory": "64Mi"},
        "limits": {"cpu": "1000m", "memory": "1Gi"},
    }
    pods = Pods(namespace, name, labels).runs("manager", sketch.listens(**ports), resources)
    pods.pod |= {"serviceAccountName": name, "priorityClassName": "system-cluster-critical"}
    return pods.deployment()


MAKERS: Makers = {("fluxcd.controlplane.io", "FluxInstance"): instance}
