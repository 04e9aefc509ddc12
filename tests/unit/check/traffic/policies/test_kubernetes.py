"""What NetworkPolicies mean, after the documentation of networking.k8s.io/v1."""

from gitops.check.index import Index
from gitops.check.traffic.policies import identities
from gitops.check.traffic.policies.enforcement import Enforcement
from gitops.check.traffic.policies.rules import Connection, Direction, Open
from tests.unit.check import clusters
from tests.unit.check.traffic.policies.test_cilium import PODS, named


def is_open(spec: str, source: str, target: str, side: Direction, port: int = 8080) -> bool:
    text = (
        f"{PODS}---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        f"metadata: {{name: p, namespace: web}}\nspec: {spec}\n"
    )
    root = clusters.kustomization("flux-system", text)
    found = Index(clusters.cluster(root)).view(Enforcement)
    connection = Connection(named(found, source), named(found, target), port)
    return isinstance(found.judge(connection, side), Open)


def test_without_types_ingress_is_closed_and_egress_is_not() -> None:
    assert not is_open("{podSelector: {}}", "front", "back", "ingress")
    assert is_open("{podSelector: {}}", "front", "back", "egress")


def test_a_rule_without_peers_is_for_everybody() -> None:
    assert is_open("{podSelector: {}, ingress: [{}]}", "far", "back", "ingress")


def test_pods_alone_are_those_of_the_own_namespace() -> None:
    spec = "{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: front}}}]}]}"
    assert is_open(spec, "front", "back", "ingress")
    assert not is_open(spec, "far", "back", "ingress")


def test_namespaces_and_pods_of_one_entry_hold_together() -> None:
    spaces = "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: other}}"
    spec = f"{{podSelector: {{}}, ingress: [{{from: [{{{spaces}}}]}}]}}"
    assert is_open(spec, "far", "back", "ingress")
    assert not is_open(spec, "front", "back", "ingress")
    both = f"{spaces}, podSelector: {{matchLabels: {{app: back}}}}"
    assert not is_open(
        f"{{podSelector: {{}}, ingress: [{{from: [{{{both}}}]}}]}}", "far", "back", "ingress"
    )


def test_a_port_is_one_of_tcp_unless_it_says_otherwise() -> None:
    spec = "{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 8080}]}]}"
    assert is_open(spec, "front", "back", "egress", 8080)
    assert not is_open(spec, "front", "back", "egress", 8081)


def test_where_cilium_is_not_addresses_may_be_pods() -> None:
    spec = (
        "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}"
    )
    assert is_open(spec, "front", "back", "egress")


def test_the_world_is_not_in_a_namespace() -> None:
    assert not identities.outside("example.org").is_pod
