"""How many objects a second are held against their schemas, once these are compiled."""

import time
from typing import Any

from gitops.check.schemas.builtin import Builtin
from gitops.check.schemas.validating import Validator
from gitops.sources.schemas import kubernetes

LEAST = 20_000
"""Objects a second that are asked of it."""

_COUNT = 2000


def rate() -> float:
    """Objects a second on one core: as many Services as Deployments with two containers."""
    known = Builtin(kubernetes.definitions("1.33.5"))
    asked = [(_deployment(), "apps", "Deployment"), (_service(), "", "Service")]
    validators = []
    for body, group, kind in asked:
        schema = known.schema(group, "v1", kind)
        assert schema is not None
        validator = Validator(schema, custom=False)
        assert validator.problems(body) == ()
        validators.append((validator, body))
    start = time.perf_counter()
    for _ in range(_COUNT):
        for validator, body in validators:
            validator.problems(body)
    return 2 * _COUNT / (time.perf_counter() - start)


def _deployment() -> dict[str, Any]:
    container = {
        "image": "registry.example.org/web:1.0.0",
        "env": [{"name": f"NAME_{number}", "value": "value"} for number in range(6)],
        "ports": [{"name": "http", "containerPort": 8080}],
        "livenessProbe": {"httpGet": {"path": "/", "port": "http"}, "periodSeconds": 10},
        "resources": {"requests": {"cpu": "100m", "memory": "1Gi"}},
        "securityContext": {"runAsNonRoot": True, "capabilities": {"drop": ["ALL"]}},
    }
    containers = [{"name": name, **container} for name in ("web", "proxy")]
    labels = {"app": "web"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": containers}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "web", "labels": labels},
        "spec": {"replicas": 3, "selector": {"matchLabels": labels}, "template": template},
    }


def _service() -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "namespace": "web", "labels": {"app": "web"}},
        "spec": {"selector": {"app": "web"}, "ports": [{"name": "http", "port": 80}]},
    }
