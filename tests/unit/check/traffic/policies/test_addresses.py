"""Addresses in policies, where the estate says whose they are."""

import msgspec
import pytest

from gitops.check.index import Index
from gitops.check.knowledge import Knowledge
from gitops.check.traffic.policies import idle
from tests import estates
from tests.unit.check import clusters


def told(network: str, mode: str = "") -> list[str]:
    text = f"""\
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: cilium-config, namespace: kube-system}}
data: {{policy-cidr-match-mode: "{mode}"}}
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {{name: out, namespace: web}}
spec: {{endpointSelector: {{}}, egress: [{{toCIDR: [{network}]}}]}}
"""
    estate = estates.loaded()
    name = next(iter(estate.estate.clusters))
    built = msgspec.structs.replace(
        clusters.cluster(clusters.kustomization("flux-system", text)), name=name
    )
    facts = Index(built, Knowledge(estate=estate))
    return [found.message.partition(":")[0] for found in idle.addresses(facts)]


def test_addresses_of_services_match_nothing() -> None:
    cluster = next(iter(estates.loaded().estate.clusters.values()))
    address = f"{cluster.services[10]}/32"
    assert told(address) == [
        f"CiliumNetworkPolicy/web/out names {address}, which are addresses of Services"
    ]


@pytest.mark.parametrize(("mode", "count"), [("", 1), ("nodes", 0)])
def test_a_node_matches_only_where_it_is_asked_for(mode: str, count: int) -> None:
    cluster = next(iter(estates.loaded().estate.clusters.values()))
    node = next(iter(cluster.nodes.values()))
    assert len(told(f"{node.address}/32", mode)) == count


def test_addresses_beside_the_nodes_are_somebody_elses() -> None:
    assert told("10.0.11.200/32") == []
