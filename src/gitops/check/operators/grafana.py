"""The Grafana operator.

Source: grafana-operator v5.24.0, controllers/resources/resources.go (names) and
controllers/reconcilers/grafana (what they hold).
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import at, listing, mapping
from gitops.check.operators import sketch
from gitops.check.operators.sketch import Body, Makers, Pods
from gitops.model.manifest import Manifest

_USED = ("priorityClassName", "topologySpreadConstraints", "affinity", "nodeSelector")


def instance(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """A Deployment, two Services, and what they need. A Grafana that runs elsewhere makes none."""
    spec = mapping(body.get("spec"))
    if "external" in spec:
        return
    name, namespace = found.id.name, found.id.namespace
    selector = {"app": name}
    port = _port(spec)
    written = listing(at(spec, "service", "spec", "ports"))
    ports = [mapping(each) for each in written]
    ports = ports or [sketch.port(port, "grafana", "grafana-http")]
    labels = {
        **mapping(mapping(body.get("metadata")).get("labels")),
        **mapping(at(spec, "service", "metadata", "labels")),
    }
    yield sketch.service(namespace, f"{name}-service", labels, selector, ports)
    alerting = [sketch.port(9094, "grafana-alert")]
    yield sketch.headless(sketch.service(namespace, f"{name}-alerting", {}, selector, alerting))
    yield sketch.account(namespace, f"{name}-sa")
    yield sketch.config_map(namespace, f"{name}-ini", ("grafana.ini",))
    yield sketch.config_map(namespace, f"{name}-plugins")
    if not spec.get("disableDefaultAdminSecret"):
        keys = ("GF_SECURITY_ADMIN_PASSWORD", "GF_SECURITY_ADMIN_USER")
        yield sketch.secret(namespace, f"{name}-admin-credentials", keys)
    if claim := mapping(spec.get("persistentVolumeClaim")):
        yield sketch.claim(namespace, f"{name}-pvc", mapping(claim.get("spec")))
    yield _deployment(found, spec, port)


def _deployment(found: Manifest, spec: dict[str, Any], port: int) -> Body:
    given = mapping(at(spec, "deployment", "spec"))
    template = mapping(given.get("template"))
    pod = mapping(template.get("spec"))
    labels = {**mapping(at(template, "metadata", "labels")), "app": found.id.name}
    containers = [mapping(each) for each in listing(pod.get("containers"))]
    own = next((each for each in containers if each.get("name") == "grafana"), {})
    pods = Pods(found.id.namespace, f"{found.id.name}-deployment", labels, given.get("replicas", 1))
    ports = sketch.listens(**{"grafana-http": port, "grafana-alert": 9094})
    pods.runs("grafana", [*ports, *listing(own.get("ports"))], own.get("resources"))
    pods.takes(pod, *_USED, "imagePullSecrets")
    pods.pod["serviceAccountName"] = f"{found.id.name}-sa"
    return pods.deployment()


def _port(spec: dict[str, Any]) -> int:
    written = str(at(spec, "config", "server", "http_port"))
    return int(written) if written.isdigit() else 3000


def service_account(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """The Secrets of the tokens that a GrafanaServiceAccount names.

    Source: GrafanaServiceAccount, `spec.tokens[].secretName`; the key is `token`.
    """
    for token in map(mapping, listing(at(body, "spec", "tokens"))):
        if isinstance(token.get("secretName"), str):
            yield sketch.secret(found.id.namespace, token["secretName"], ("token",))


_GROUP = "grafana.integreatly.org"

MAKERS: Makers = {
    (_GROUP, "Grafana"): instance,
    (_GROUP, "GrafanaServiceAccount"): service_account,
}
