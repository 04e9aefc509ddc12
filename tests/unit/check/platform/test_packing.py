"""Whether pods find room, and what is kept of a node for others."""

from gitops.check import pods
from gitops.check.index import Index
from gitops.check.platform.capacity import plan
from gitops.check.platform.capacity.requests import Need
from tests.unit.check import clusters

GIB = 1024**3


def homeless(rooms: list[Need], **wanted: tuple[int, str]) -> list[str]:
    text = "".join(
        f"---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}, namespace: a}}\n"
        f"spec:\n  replicas: {replicas}\n  template:\n    spec:\n      containers:\n"
        f"        - {{name: c, resources: {{requests: {{memory: {memory}}}}}}}\n"
        for name, (replicas, memory) in wanted.items()
    )
    facts = Index(clusters.cluster(clusters.kustomization("a", text)))
    return list(plan.homeless(list(pods.templates(facts)), rooms))


def test_the_largest_pods_are_placed_first() -> None:
    rooms = [Need(4 * GIB, 1000), Need(4 * GIB, 1000)]
    assert homeless(rooms, small=(2, "1Gi"), large=(2, "3Gi")) == []


def test_room_on_several_nodes_is_none_for_one_pod() -> None:
    rooms = [Need(4 * GIB, 1000), Need(4 * GIB, 1000)]
    assert homeless(rooms, large=(3, "3Gi")) == ["Deployment/a/large"]
