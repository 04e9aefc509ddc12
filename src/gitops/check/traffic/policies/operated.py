"""What pods of operators need of one another, though no object of theirs says so.

Source: the documentation of each: CloudNativePG, "Networking"; Strimzi, KafkaCluster's own
NetworkPolicy; Keycloak, "Configuring distributed caches"; Rook, "Network Providers".
"""

from collections.abc import Iterator, Mapping

import msgspec

from gitops.check.index import Index
from gitops.check.pods import Template
from gitops.check.traffic.policies.enforcement import Enforcement
from gitops.check.traffic.policies.flow import Flow
from gitops.check.traffic.policies.rules import Connection
from gitops.check.traffic.services import templates


class Tie(msgspec.Struct, frozen=True):
    """Pods with some labels call pods with others. Both have the same value of label `same`, in
    one namespace; without it the caller is the one operator of the cluster."""

    source: Mapping[str, str]
    target: Mapping[str, str]
    ports: tuple[int, ...]
    why: str
    same: str = ""


_CNPG, _KAFKA, _KEYCLOAK = "cnpg.io/cluster", "strimzi.io/cluster", "app.kubernetes.io/instance"
_INSTANCE = {"app.kubernetes.io/managed-by": "cloudnative-pg", "cnpg.io/podRole": "instance"}
_POOLER = {"cnpg.io/podRole": "pooler"}
_NODE = {"app.kubernetes.io/name": "kafka", "strimzi.io/kind": "Kafka"}
_ENTITIES = {"app.kubernetes.io/name": "entity-operator", "strimzi.io/kind": "Kafka"}
_SERVER = {"app": "keycloak", "app.kubernetes.io/managed-by": "keycloak-operator"}

TIES = (
    Tie({"app.kubernetes.io/name": "cloudnative-pg"}, _INSTANCE, (8000,), "asks how it is"),
    Tie(_INSTANCE, _INSTANCE, (5432,), "replicates it", _CNPG),
    Tie(_POOLER, _INSTANCE, (5432,), "hands requests to it", _CNPG),
    Tie({"strimzi.io/kind": "cluster-operator"}, _NODE, (9091,), "controls it"),
    Tie(_NODE, _NODE, (9090, 9091), "is in one cluster with it", _KAFKA),
    Tie(_ENTITIES, _NODE, (9091,), "keeps its topics and users", _KAFKA),
    Tie(_SERVER, _SERVER, (7800,), "shares its sessions", _KEYCLOAK),
    Tie({"app": "rook-ceph-operator"}, {"app": "rook-ceph-mon"}, (3300,), "controls it"),
)


def flows(facts: Index) -> Iterator[Flow]:
    """What must be open because of what runs there."""
    known = facts.view(templates)
    for tie in TIES:
        sources = [each for each in known if tie.source.items() <= each.labels.items()]
        targets = [each for each in known if tie.target.items() <= each.labels.items()]
        if tie.same or len(sources) == 1:
            for source in sources:
                for target in targets:
                    if _belong(tie, source, target):
                        yield from _flows(facts, tie, source, target)


def _belong(tie: Tie, source: Template, target: Template) -> bool:
    """One pod alone calls nobody of its kind."""
    if source is target and source.replicas < 2:
        return False
    if not tie.same:
        return True
    mark = source.labels.get(tie.same)
    return source.namespace == target.namespace and mark == target.labels.get(tie.same)


def _flows(facts: Index, tie: Tie, source: Template, target: Template) -> Iterator[Flow]:
    enforcement = facts.view(Enforcement)
    one, other = enforcement.who(source), enforcement.who(target)
    for port in tie.ports:
        yield Flow(Connection(one, other, port), f"{one.name} {tie.why}", target.owner)
