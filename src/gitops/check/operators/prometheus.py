"""The Prometheus operator.

Source: prometheus-operator, pkg/{prometheus,alertmanager,thanos}: StatefulSets of a fixed prefix,
and one governing Service for each kind and namespace.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from gitops.check.fields import at, mapping, text
from gitops.check.operators import sketch
from gitops.check.operators.sketch import Body, Makers, Pods
from gitops.model.manifest import Manifest

_KINDS = {
    "alertmanager": ("alertmanager-operated", 9093, "alertmanager"),
    "prometheus": ("prometheus-operated", 9090, "prometheus"),
    "thanos-ruler": ("thanos-ruler-operated", 10902, "thanos-ruler"),
}
_USED = ("priorityClassName", "topologySpreadConstraints", "affinity", "nodeSelector")


def stateful(kind: str, found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """A StatefulSet `<kind>-<name>` behind the Service `<kind>-operated`.

    Without a ServiceAccount in the spec the pods run as `default`.
    """
    spec = mapping(body.get("spec"))
    service, port, app = _KINDS[kind]
    name = text(spec.get("portName")) or "web"
    mine = {"app.kubernetes.io/name": app}
    made = sketch.service(
        found.id.namespace,
        service,
        {f"operated-{kind}": "true"},
        mine,
        [sketch.port(port, name, name)],
    )
    yield sketch.headless(made)
    labels = {
        **mapping(at(spec, "podMetadata", "labels")),
        **mine,
        "app.kubernetes.io/instance": found.id.name,
        "app.kubernetes.io/managed-by": "prometheus-operator",
        kind: found.id.name,
    }
    pods = Pods(found.id.namespace, f"{kind}-{found.id.name}", labels, spec.get("replicas", 1))
    pods.runs(
        app, sketch.listens(**{name: port, "reloader-web": 8080}), spec.get("resources")
    ).takes(spec, *_USED)
    pods.takes(spec, "serviceAccountName", "imagePullSecrets")
    claim = at(spec, "storage", "volumeClaimTemplate", "spec")
    claims = [sketch.claim_template(f"{kind}-{found.id.name}-db", claim)] if claim else []
    yield pods.stateful_set(service, *claims)


_GROUP = "monitoring.coreos.com"

MAKERS: Makers = {
    (_GROUP, "Alertmanager"): partial(stateful, "alertmanager"),
    (_GROUP, "Prometheus"): partial(stateful, "prometheus"),
    (_GROUP, "PrometheusAgent"): partial(stateful, "prometheus"),
    (_GROUP, "ThanosRuler"): partial(stateful, "thanos-ruler"),
}
