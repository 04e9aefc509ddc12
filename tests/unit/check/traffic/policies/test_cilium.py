"""What CiliumNetworkPolicies mean; the cases follow Cilium's own documentation and sources."""

from gitops.check.index import Index
from gitops.check.traffic.policies import identities
from gitops.check.traffic.policies.enforcement import Enforcement
from gitops.check.traffic.policies.identities import Identity
from gitops.check.traffic.policies.rules import Connection, Direction, Open
from tests.unit.check import clusters

PODS = """\
---
apiVersion: v1
kind: Namespace
metadata: {name: web, labels: {team: blue}}
---
apiVersion: v1
kind: Pod
metadata: {name: front, namespace: web, labels: {app: front}}
spec: {containers: [{name: main, ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: back, namespace: web, labels: {app: back}}
spec: {containers: [{name: main, ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: far, namespace: other, labels: {app: front}}
spec: {containers: [{name: main, ports: [{name: http, containerPort: 9090}]}]}
"""


def enforcement(*specs: str, kind: str = "CiliumNetworkPolicy") -> Enforcement:
    namespace = ", namespace: web" if kind == "CiliumNetworkPolicy" else ""
    text = PODS + "".join(
        f"---\napiVersion: cilium.io/v2\nkind: {kind}\n"
        f"metadata: {{name: p{number}{namespace}}}\nspec: {spec}\n"
        for number, spec in enumerate(specs)
    )
    root = clusters.kustomization("flux-system", text)
    return Index(clusters.cluster(root)).view(Enforcement)


def named(found: Enforcement, name: str) -> Identity:
    return next(who for who in found.pods.values() if who.name.endswith(f"/{name}"))


def enters(found: Enforcement, source: str | Identity, target: str, port: int = 8080) -> bool:
    return _open(found, source, target, port, "ingress")


def leaves(found: Enforcement, source: str, target: str | Identity, port: int = 8080) -> bool:
    return _open(found, source, target, port, "egress")


def _open(
    found: Enforcement, source: str | Identity, target: str | Identity, port: int, side: Direction
) -> bool:
    one = named(found, source) if isinstance(source, str) else source
    other = named(found, target) if isinstance(target, str) else target
    return isinstance(found.judge(Connection(one, other, port), side), Open)


def test_an_empty_rule_closes_and_opens_nothing() -> None:
    found = enforcement("{endpointSelector: {}, ingress: [{}]}")
    assert not enters(found, "front", "back")
    assert leaves(found, "front", "back")


def test_an_empty_list_of_rules_closes_nothing() -> None:
    assert enters(enforcement("{endpointSelector: {}, ingress: []}"), "front", "back")


def test_an_empty_list_of_peers_means_nobody_and_none_means_everybody() -> None:
    ports = "toPorts: [{ports: [{port: '8080'}]}]"
    nobody = enforcement(f"{{endpointSelector: {{}}, ingress: [{{fromEndpoints: [], {ports}}}]}}")
    everybody = enforcement(f"{{endpointSelector: {{}}, ingress: [{{{ports}}}]}}")
    assert not enters(nobody, "front", "back")
    assert enters(everybody, "front", "back")
    assert enters(everybody, identities.INGRESS, "back")


def test_an_empty_selector_means_the_namespace_of_the_policy() -> None:
    found = enforcement("{endpointSelector: {}, ingress: [{fromEndpoints: [{}]}]}")
    assert enters(found, "front", "back")
    assert not enters(found, "far", "back")
    assert not enters(found, identities.INGRESS, "back")


def test_in_a_clusterwide_policy_it_means_the_pods_of_all_namespaces() -> None:
    kind = "CiliumClusterwideNetworkPolicy"
    found = enforcement("{endpointSelector: {}, ingress: [{fromEndpoints: [{}]}]}", kind=kind)
    assert enters(found, "far", "back")
    assert not enters(found, identities.NODE, "back")


def test_other_namespaces_are_named_or_picked_by_their_labels() -> None:
    by_name = "{matchLabels: {'k8s:io.kubernetes.pod.namespace': other}}"
    found = enforcement(f"{{endpointSelector: {{}}, ingress: [{{fromEndpoints: [{by_name}]}}]}}")
    assert enters(found, "far", "back")
    assert not enters(found, "front", "back")
    by_label = "{matchLabels: {io.cilium.k8s.namespace.labels.team: blue}}"
    found = enforcement(f"{{endpointSelector: {{}}, ingress: [{{fromEndpoints: [{by_label}]}}]}}")
    assert enters(found, "front", "back")
    assert not enters(found, "far", "back")


def test_entities_are_no_pods() -> None:
    found = enforcement("{endpointSelector: {}, ingress: [{fromEntities: [kube-apiserver]}]}")
    assert enters(found, identities.API_SERVER, "back")
    assert not enters(found, identities.NODE, "back")
    assert not enters(found, "front", "back")


def test_the_cluster_is_all_pods_and_nodes_and_not_the_world() -> None:
    found = enforcement("{endpointSelector: {}, egress: [{toEntities: [cluster]}]}")
    assert leaves(found, "front", "far")
    assert leaves(found, "front", identities.NODE)
    assert not leaves(found, "front", identities.outside("example.org"))


def test_an_address_is_never_a_pod() -> None:
    found = enforcement("{endpointSelector: {}, egress: [{toCIDR: [0.0.0.0/0]}]}")
    assert leaves(found, "front", identities.outside("example.org"))
    assert not leaves(found, "front", "back")


def test_names_are_matched_as_patterns() -> None:
    found = enforcement(
        "{endpointSelector: {}, egress: [{toFQDNs: [{matchPattern: '*.example.org'}]}]}"
    )
    assert leaves(found, "front", identities.outside("api.example.org"))
    assert not leaves(found, "front", identities.outside("example.org"))


def test_a_named_port_is_that_of_the_server() -> None:
    ports = "toPorts: [{ports: [{port: http}]}]"
    found = enforcement(f"{{endpointSelector: {{}}, egress: [{{toEntities: [all], {ports}}}]}}")
    assert leaves(found, "front", "back", 8080)
    assert not leaves(found, "front", "back", 9090)
    assert leaves(found, "front", "far", 9090)


def test_a_range_of_ports_has_both_ends() -> None:
    ports = "toPorts: [{ports: [{port: '8000', endPort: 8080, protocol: TCP}]}]"
    found = enforcement(f"{{endpointSelector: {{}}, ingress: [{{{ports}}}]}}")
    assert enters(found, "front", "back", 8000)
    assert enters(found, "front", "back", 8080)
    assert not enters(found, "front", "back", 8081)


def test_what_is_denied_stays_closed() -> None:
    found = enforcement(
        "{endpointSelector: {}, ingress: [{fromEntities: [all]}], "
        "ingressDeny: [{fromEndpoints: [{matchLabels: {app: front}}]}]}"
    )
    assert not enters(found, "front", "back")
    assert enters(found, "far", "back")


def test_a_policy_may_leave_the_default_as_it_is() -> None:
    found = enforcement(
        "{endpointSelector: {}, enableDefaultDeny: {ingress: false}, "
        "ingress: [{fromEndpoints: [{matchLabels: {app: front}}]}]}"
    )
    assert enters(found, "far", "back")


def test_a_star_in_a_name_does_not_match_a_dot() -> None:
    rule = "{endpointSelector: {}, egress: [{toFQDNs: [{matchPattern: '*.example.org'}]}]}"
    found = enforcement(rule)
    assert leaves(found, "front", identities.outside("api.example.org"), 443)
    assert not leaves(found, "front", identities.outside("a.b.example.org"), 443)


def test_a_star_alone_matches_every_name() -> None:
    found = enforcement("{endpointSelector: {}, egress: [{toFQDNs: [{matchPattern: '*'}]}]}")
    assert leaves(found, "front", identities.outside("a.b.example.org"), 443)
