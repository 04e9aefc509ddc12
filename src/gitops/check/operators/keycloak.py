"""The operator of Keycloak.

Source: keycloak, operator/src/main/java/org/keycloak/operator (Constants, the *DependentResource
classes) of 26.x, and its guide "Basic deployment" for the names of the Secret and the Service.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import at, mapping, text
from gitops.check.operators import sketch
from gitops.check.operators.sketch import Body, Makers, Pods
from gitops.model.manifest import Manifest


def instance(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """A StatefulSet, the Services in front of it and between its members, and the first admin.

    A TLS Secret opens the https port and closes http, unless `httpEnabled` keeps it open.
    """
    spec = mapping(body.get("spec"))
    http = mapping(spec.get("http"))
    name, namespace = found.id.name, found.id.namespace
    mine = {
        "app": "keycloak",
        "app.kubernetes.io/instance": name,
        "app.kubernetes.io/managed-by": "keycloak-operator",
    }
    opened = _ports(http)
    ports = [sketch.port(number, port) for port, number in opened.items()]
    service = text(http.get("serviceName")) or f"{name}-service"
    labels = {**mapping(http.get("labels")), **mine}
    yield sketch.service(namespace, service, labels, mine, ports)
    discovery = sketch.service(namespace, f"{name}-discovery", mine, mine, [sketch.port(7800)])
    yield sketch.headless(discovery)
    if not at(spec, "bootstrapAdmin", "user", "secret"):
        yield sketch.secret(namespace, f"{name}-initial-admin", ("password", "username"))
    pods = Pods(
        namespace,
        name,
        {**mapping(at(spec, "unsupported", "podTemplate", "metadata", "labels")), **mine},
        spec.get("instances", 1),
    )
    pods.runs("keycloak", sketch.listens(**opened), spec.get("resources"))
    pods.takes(spec, "imagePullSecrets")
    pods.takes(mapping(spec.get("scheduling")), "priorityClassName", "affinity")
    yield pods.stateful_set(f"{name}-discovery")


def _ports(http: dict[str, Any]) -> dict[str, int]:
    is_secure = bool(http.get("tlsSecret"))
    ports = {"https": http.get("httpsPort") or 8443} if is_secure else {}
    if http.get("httpEnabled") or not is_secure:
        ports["http"] = http.get("httpPort") or 8080
    return {**ports, "management": 9000}


MAKERS: Makers = {("k8s.keycloak.org", "Keycloak"): instance}
