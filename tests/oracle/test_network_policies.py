"""Verdicts on connections, against Cilium's own engine and against a model of Kubernetes."""

import random
from argparse import Namespace
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gitops.check.index import Index, Owned
from gitops.check.traffic.policies import cilium, identities, kubernetes, rules
from gitops.check.traffic.policies.cilium import Home
from gitops.check.traffic.policies.enforcement import Enforcement
from gitops.check.traffic.policies.identities import Identity
from gitops.check.traffic.policies.rules import Connection, Direction, Policy
from gitops.cli import compose
from gitops.model.manifest import manifest
from gitops.model.origin import NOWHERE, Origin
from tests.oracle import netpollib, policy_cases, policylib, stored

pytestmark = pytest.mark.oracle

ROOT = Path(__file__).parents[2]
CLUSTER = policy_cases.CLUSTERS[0]
SIDES: tuple[Direction, ...] = ("ingress", "egress")
OPTIONS = Namespace(
    rev=None,
    entry=[],
    flux_version="2.9.4",
    kube_version=None,
    source=[],
    helm="sdk",
    no_cache=True,
    clusters=[],
)

Body = dict[str, Any]


Asked = tuple[Direction, int, int, int, str]
"""A side, positions of source and target, a port and a protocol."""


class Case(msgspec.Struct):
    """Policies, parties and connections."""

    policies: list[Body]
    parties: list[Identity]
    asked: list[Asked]
    apart: bool = False
    cluster: str = CLUSTER

    def request(self) -> Body:
        return {
            "cluster": self.cluster,
            "apart": self.apart,
            "policies": self.policies,
            "parties": [_party(each) for each in self.parties],
            "connections": [
                dict(zip(("direction", "source", "target", "port", "protocol"), each, strict=True))
                for each in self.asked
            ],
        }


@pytest.mark.parametrize("seed", range(4))
def test_cilium_says_the_same_of_random_policies(seed: int) -> None:
    draw = policy_cases.Draw(seed)
    cases = [random_case(draw) for _ in range(400)]
    assert disagreements(cases) == []


@pytest.mark.parametrize("seed", range(4))
def test_kubernetes_says_the_same_of_random_policies(seed: int) -> None:
    # To the model, a label that is not there equals "" and fits no NotIn; to Kubernetes, and to
    # Cilium above, it is the other way round.
    draw = policy_cases.Draw(seed, plain=True)
    asked, ours = [], []
    for _ in range(400):
        policies = [draw.kubernetes(number) for number in range(draw.random.randint(1, 4))]
        pods = [draw.pod() | {"cluster": CLUSTER} for _ in range(5)]
        parties = [_pod(position, each) for position, each in enumerate(pods)]
        case = Case(policies, parties, list(connections(draw.random, parties, 40)))
        around = [{"around": policy_cases.NAMESPACES[pod["namespace"]]} for pod in pods]
        named = [{"ports": [_port(each) for each in pod["ports"]]} for pod in pods]
        bodies = [pod | more | ports for pod, more, ports in zip(pods, around, named, strict=True)]
        defaulted = [_defaulted(each) for each in policies]
        asked.append({**case.request(), "policies": defaulted, "parties": bodies})
        ours.append((case, verdicts(case, by_cilium=False)))
    told = Counter[str]()
    for request, (case, own), answer in zip(asked, ours, netpollib.ask(asked), strict=True):
        told.update(own)
        assert answer["verdicts"] == own, (request, case.asked)
    assert min(told["open"], told["closed"]) > 2000


def test_cilium_says_the_same_of_our_own_policies() -> None:
    cases = list(own_cases())
    assert sum(len(case.asked) for case in cases) > 2000
    assert disagreements(cases) == []


def _defaulted(policy: Body) -> Body:
    """What the API server makes of a policy without types."""
    egress = ["Egress"] if policy["spec"].get("egress") else []
    return {**policy, "spec": {"policyTypes": ["Ingress", *egress], **policy["spec"]}}


def random_case(draw: policy_cases.Draw) -> Case:
    kinds = (draw.cilium, draw.cilium, draw.cilium, draw.kubernetes)
    policies = [draw.one(*kinds)(number) for number in range(draw.random.randint(1, 4))]
    pods = [_pod(position, draw.pod()) for position in range(6)]
    others = [identities.reserved(" ".join(each), each) for each in policy_cases.RESERVED]
    hosts = [identities.outside(each) for each in policy_cases.HOSTS]
    parties = [*pods, *others, *(hosts if _has_no_addresses(policies) else [])]
    if not _has_no_addresses(policies):
        parties = [each for each in parties if "reserved:world" not in each.labels]
    return Case(policies, parties, list(connections(draw.random, parties, 60)), draw.chance(0.5))


def _has_no_addresses(policies: Iterable[Body]) -> bool:
    """To us, the address of a host outside may be in any network: then nothing is compared."""
    return not any("CIDR" in str(each) for each in policies)


def connections(draw: random.Random, parties: list[Identity], count: int) -> Iterator[Asked]:
    """The side that is asked for is a pod of the own cluster."""
    own = [n for n, each in enumerate(parties) if each.is_pod and each.cluster == CLUSTER]
    everybody = range(len(parties))
    for _ in range(count if own else 0):
        side, port = draw.choice(SIDES), draw.choice(policy_cases.PORTS)
        one, other = draw.choice(own), draw.choice(everybody)
        pair = (one, other) if side == "egress" else (other, one)
        if one != other:
            yield side, *pair, port, draw.choice(("TCP", "UDP"))


def own_cases() -> Iterator[Case]:
    """Of each cluster of ours all policies, and its pods with some of their connections."""
    options = Namespace(repo=str(ROOT), **vars(OPTIONS))
    for built in stored.whole(compose.compile_repository(options)).clusters:
        draw, facts = random.Random(built.name), Index(built)
        enforcement = facts.view(Enforcement)
        kinds = [
            *((cilium.GROUP, kind) for kind in cilium.KINDS),
            ("networking.k8s.io", "NetworkPolicy"),
        ]
        policies = [facts.body(owned.manifest) for kind in kinds for owned in facts.of(*kind)]
        pods = [who for who in enforcement.pods.values() if who.is_pod]
        others = [identities.API_SERVER, identities.NODE, identities.INGRESS]
        numbers = sorted({port for who in pods for _, port, _ in who.ports})
        parties = [*pods, *others]
        asked = [
            (side, *pair, draw.choice(numbers), "TCP")
            for _ in range(3000)
            for side, pair in [(draw.choice(SIDES), _pair(draw, len(pods), len(parties)))]
        ]
        apart = enforcement.settings.get("policy-default-local-cluster") == "true"
        yield Case(policies, parties, asked, apart, enforcement.cluster)


def _pair(draw: random.Random, pods: int, parties: int) -> tuple[int, int]:
    return draw.randrange(pods), draw.randrange(parties)


def disagreements(cases: list[Case]) -> list[object]:
    """What Cilium judges otherwise, with the policies; those that it refuses take no part."""
    found: list[object] = []
    told = Counter[str]()
    for case, answer in zip(cases, policylib.ask(each.request() for each in cases), strict=True):
        assert "error" not in answer, answer
        taken = [b for b, said in zip(case.policies, answer["refused"], strict=True) if not said]
        own = verdicts(msgspec.structs.replace(case, policies=taken))
        told.update(own)
        for asked, ours, theirs in zip(case.asked, own, answer["verdicts"], strict=True):
            if ours != theirs:
                shown = (case.parties[asked[1]].labels, case.parties[asked[2]].labels)
                found.append((asked, shown, "ours", ours, "theirs", theirs, taken))
    assert min(told["open"], told["closed"]) > 100, told
    return found


def verdicts(case: Case, *, by_cilium: bool = True) -> list[str]:
    """Ours, for each connection."""
    policies = [each for body in case.policies for each in _policies(case, body, by_cilium)]
    return [_verdict(policies, case.parties, each) for each in case.asked]


def _verdict(policies: list[Policy], parties: list[Identity], asked: Asked) -> str:
    side, source, target, port, protocol = asked
    connection = Connection(parties[source], parties[target], port, protocol)
    who = connection.target if side == "ingress" else connection.source
    selecting = [each for each in policies if each.selects(who)]
    return type(rules.judge(selecting, connection, side)).__name__.lower()


def _policies(case: Case, body: Body, by_cilium: bool) -> Iterator[Policy]:
    owned = Owned(None, manifest(body, Origin(NOWHERE)))  # type: ignore[arg-type]
    home = Home(case.cluster, case.apart, {}, body["metadata"].get("namespace", ""))
    if body["kind"] == "NetworkPolicy":
        yield kubernetes.policy(owned, body, home, cilium=by_cilium)
    else:
        yield from cilium.policies(owned, body, home)


def _pod(position: int, drawn: Body) -> Identity:
    around = policy_cases.NAMESPACES[drawn["namespace"]]
    found = identities.pod(f"pod {position}", drawn["namespace"], drawn["labels"], around)
    labels = {**found.labels, identities.CLUSTER: drawn["cluster"]}
    ports = tuple(drawn["ports"])
    return msgspec.structs.replace(found, labels=labels, ports=ports, cluster=drawn["cluster"])


def _party(who: Identity) -> Body:
    return {"labels": who.labels, "ports": [_port(each) for each in who.ports], "host": who.host}


def _port(port: tuple[str, int, str]) -> Body:
    return dict(zip(("name", "number", "protocol"), port, strict=True))
