"""What Flux changes in an object before it applies it, so that the API server does not.

Source: fluxcd/pkg ssa/normalize. Flux also converts the kinds it knows to Go structs and back,
which adds empty fields such as `strategy: {}`; they mean nothing and are not reproduced.
"""

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

_TEMPLATES = {
    ("v1", "Pod"): (),
    ("apps/v1", "Deployment"): ("spec", "template"),
    ("apps/v1", "StatefulSet"): ("spec", "template"),
    ("apps/v1", "DaemonSet"): ("spec", "template"),
    ("apps/v1", "ReplicaSet"): ("spec", "template"),
    ("batch/v1", "Job"): ("spec", "template"),
    ("batch/v1", "CronJob"): ("spec", "jobTemplate", "spec", "template"),
}
_RBAC = "rbac.authorization.k8s.io/v1"


def normalise(body: dict[str, Any], *, complete: bool = True) -> None:
    """Change the object in place: no status but for CRDs, no creation time, ports with a protocol,
    and `stringData` of a Secret moved to `data` unless it holds placeholders (not `complete`)."""
    kind = (str(body.get("apiVersion")), str(body.get("kind")))
    if kind in ((_RBAC, "Role"), (_RBAC, "ClusterRole")):
        return
    for port in _ports(kind, body):
        if isinstance(port, dict) and not port.get("protocol"):
            port["protocol"] = "TCP"
    if kind == ("v1", "Secret") and complete:
        _move_string_data(body)
    _map(body.get("metadata")).pop("creationTimestamp", None)
    if not (kind[0].startswith("apiextensions.k8s.io/") and kind[1] == "CustomResourceDefinition"):
        body.pop("status", None)


def _ports(kind: tuple[str, str], body: dict[str, Any]) -> Iterator[Any]:
    """The ports of a Service, or of the containers (not init containers) of a workload."""
    if kind == ("v1", "Service"):
        yield from _list(_map(body.get("spec")).get("ports"))
    elif kind in _TEMPLATES:
        template = body
        for field in _TEMPLATES[kind]:
            template = _map(template.get(field))
        for container in _list(_map(template.get("spec")).get("containers")):
            yield from _list(_map(container).get("ports"))


def _move_string_data(body: dict[str, Any]) -> None:
    text = body.get("stringData")
    data = body.get("data")
    if not isinstance(text, dict) or not (data is None or isinstance(data, dict)):
        return
    if all(isinstance(value, str) for value in text.values()):
        encoded = {key: b64encode(value.encode()).decode() for key, value in text.items()}
        fields = {"data": {**(data or {}), **encoded}} if encoded else {}
        _replace(body, "stringData", fields)


def _replace(body: dict[str, Any], field: str, fields: dict[str, Any]) -> None:
    """Put other fields in place of one, so that the order of the rest stays."""
    items = list(body.items())
    body.clear()
    for key, value in items:
        if key == field:
            body.update(fields)
        elif key not in fields:
            body[key] = value


def _map(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
