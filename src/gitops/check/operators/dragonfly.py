"""Dragonfly.

Source: dragonfly-operator v1.6.1, internal/resources/resources.go and const.go.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import at, mapping, text
from gitops.check.operators import sketch
from gitops.check.operators.sketch import Body, Makers, Pods
from gitops.model.manifest import Manifest

_PORTS = {"redis": 6379, "admin": 9999}


def instance(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """A StatefulSet, and the Service that follows its master."""
    spec = mapping(body.get("spec"))
    name, namespace = found.id.name, found.id.namespace
    mine = {"app": name, "app.kubernetes.io/name": "dragonfly"}
    service = mapping(spec.get("serviceSpec"))
    memcached = spec.get("memcachedPort")
    ports = [sketch.port(6379, "redis")]
    ports += [sketch.port(memcached, "memcached")] if isinstance(memcached, int) else []
    labels = {**mapping(service.get("labels")), **mine}
    reached = text(service.get("name")) or name
    yield sketch.service(namespace, reached, labels, {**mine, "role": "master"}, ports)
    yield _stateful_set(found, spec, mine)


def _stateful_set(found: Manifest, spec: dict[str, Any], mine: dict[str, str]) -> Body:
    given = {**mapping(spec.get("labels")), **mapping(at(spec, "podMetadata", "labels"))}
    labels = {**given, **mine, "app.kubernetes.io/part-of": "dragonfly"}
    pods = Pods(found.id.namespace, found.id.name, labels, spec.get("replicas", 1))
    ports = dict(_PORTS)
    if isinstance(spec.get("memcachedPort"), int):
        ports["memcached"] = spec["memcachedPort"]
    pods.runs("dragonfly", sketch.listens(**ports), spec.get("resources"))
    pods.takes(spec, "priorityClassName", "topologySpreadConstraints", "affinity")
    pods.takes(spec, "nodeSelector", "serviceAccountName", "imagePullSecrets")
    volumes = {
        "df": at(spec, "snapshot", "persistentVolumeClaimSpec"),
        "tiering": at(spec, "tiering", "persistentVolumeClaimSpec"),
    }
    claims = [sketch.claim_template(name, claim) for name, claim in volumes.items() if claim]
    return pods.stateful_set(found.id.name, *claims)


MAKERS: Makers = {("dragonflydb.io", "Dragonfly"): instance}
