"""What the platform runs by itself asks for what it needs, and cannot take all memory of a node."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.repository import manifests

TEMPLATES = {
    "CronJob": ("jobTemplate", "spec", "template", "spec"),
    "Deployment": ("template", "spec"),
    "DaemonSet": ("template", "spec"),
    "Job": ("template", "spec"),
    "StatefulSet": ("template", "spec"),
}
"""Where a kind keeps its pods."""

OPERATED = {"Cluster", "Dragonfly", "FluentBit", "VLSingle", "VMAgent", "VMAlert"}
OPERATED |= {"VMAlertmanager", "VMAuth", "VMSingle"}
"""Kinds whose operator makes pods with the resources that the object names."""

OBJECTS = [item for item in manifests.objects() if item.kind in TEMPLATES or item.kind in OPERATED]


def resources(item: manifests.Object) -> Iterator[tuple[str, dict[str, Any]]]:
    """The names of an object's containers, and what each asks for."""
    if item.kind in OPERATED:
        yield item.kind, item.spec.get("resources", {})
        return
    pod = item.spec
    for key in TEMPLATES[item.kind]:
        pod = pod[key]
    for container in [*pod.get("initContainers", []), *pod["containers"]]:
        yield container["name"], container.get("resources", {})


def test_there_is_something_to_look_at() -> None:
    assert {item.kind for item in OBJECTS} >= {"CronJob", "Deployment", *OPERATED}


@pytest.mark.parametrize("item", OBJECTS, ids=lambda item: f"{item.kind}-{item.name}")
def test_every_container_asks_for_cpu_and_memory_and_has_a_limit(item: manifests.Object) -> None:
    wrong = [
        name
        for name, asked in resources(item)
        if not {"cpu", "memory"} <= set(asked.get("requests", {}))
        or "memory" not in asked.get("limits", {})
    ]
    assert wrong == []
