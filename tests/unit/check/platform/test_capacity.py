"""What pods ask for."""

from decimal import Decimal
from typing import Any

import pytest

from gitops.check import pods
from gitops.check.index import Index
from gitops.check.platform.capacity import requests
from gitops.check.platform.capacity.requests import Need
from tests.unit.check import clusters

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: web}
spec:
"""


def need(spec: str) -> Need:
    facts = Index(clusters.cluster(clusters.kustomization("a", f"---\n{POD}{spec}")))
    (template,) = pods.templates(facts)
    return requests.of_pod(template)


def container(cpu: str, **more: Any) -> str:
    fields = "".join(f", {key}: {value}" for key, value in more.items())
    return f"    - {{name: c, resources: {{requests: {{cpu: {cpu}}}}}{fields}}}\n"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1Gi", 1024**3),
        ("100m", Decimal("0.1")),
        ("1.5", Decimal("1.5")),
        ("2k", 2000),
        ("1e3", 1000),
    ],
)
def test_quantities_are_those_of_kubernetes(text: str, value: object) -> None:
    assert requests.quantity(text) == value


@pytest.mark.parametrize("text", ["", "Gi", "1 Gi", "1KB", None, "${SIZE}"])
def test_what_is_no_quantity_counts_as_nothing(text: object) -> None:
    assert requests.quantity(text) == 0


def test_containers_need_what_all_of_them_ask_for() -> None:
    assert need("  containers:\n" + container("100m") + container("1")) == Need(cpu=1100)


def test_an_init_container_counts_where_it_needs_more_than_all_that_follow() -> None:
    spec = "  initContainers:\n" + container("2") + "  containers:\n" + container("1")
    assert need(spec) == Need(cpu=2000)


def test_sidecars_count_with_the_containers_and_with_what_is_prepared_after_them() -> None:
    sidecar = container("500m", restartPolicy="Always")
    spec = "  initContainers:\n" + sidecar + container("2") + "  containers:\n" + container("1")
    assert need(spec) == Need(cpu=2500)


def test_a_limit_stands_for_a_request_that_is_not_there() -> None:
    spec = "  containers:\n    - {name: c, resources: {limits: {memory: 1Ki, cpu: 1}}}\n"
    assert need(spec) == Need(memory=1024, cpu=1000)


def test_overhead_comes_on_top() -> None:
    spec = "  overhead: {memory: 1Ki}\n  containers:\n" + container("1")
    assert need(spec) == Need(memory=1024, cpu=1000)
