"""Connections that are declared and that policies close."""

from collections.abc import Iterator

import msgspec

from gitops.check.index import Index
from gitops.check.spot import Spot
from gitops.check.traffic.policies import identities, references
from gitops.check.traffic.policies.enforcement import Enforcement
from gitops.check.traffic.policies.flow import Flow
from gitops.check.traffic.policies.flows import declared, reached
from gitops.check.traffic.policies.identities import NAMESPACE, Identity
from gitops.check.traffic.policies.peers import Name, Selector
from gitops.check.traffic.policies.references import Reference
from gitops.check.traffic.policies.rules import (
    Closed,
    Connection,
    Denied,
    Direction,
    Open,
    Policy,
    Rule,
    Verdict,
)
from gitops.check.traffic.services import Services
from gitops.model.finding import Finding


def flows(facts: Index) -> Iterator[Finding]:
    """What the objects of a cluster need, its policies allow on both sides."""
    enforcement = facts.view(Enforcement)
    if not enforcement.policies:
        return
    seen: set[tuple[str, str, int, str]] = set()
    for flow in declared(facts):
        connection = flow.connection
        key = (connection.source.name, connection.target.name, connection.port, connection.protocol)
        if key not in seen:
            seen.add(key)
            yield from _judged(facts, facts, flow)


def across(clusters: tuple[Index, ...]) -> Iterator[Finding]:
    """What pods of one cluster need of a global Service of another is allowed in both."""
    for near in clusters:
        for reference in near.view(references.all_of):
            if _is_global(near, reference):
                for far in (each for each in clusters if each is not near):
                    yield from _across(near, far, reference)


def _is_global(facts: Index, reference: Reference) -> bool:
    services = facts.view(Services)
    service = services.find(reference.namespace, reference.name)
    return service is not None and services.is_global(service)


def _across(near: Index, far: Index, reference: Reference) -> Iterator[Finding]:
    service = far.view(Services).find(reference.namespace, reference.name)
    if service is None or not _is_global(far, reference):
        return
    for target, port, protocol in reached(far, service, reference.port):
        for source in reference.sources:
            why = f"{reference.by.manifest.id} names {reference.shown}"
            connection = Connection(source, target, port, protocol)
            yield from _judged(near, far, Flow(connection, why, reference.by))


def _judged(near: Index, far: Index, flow: Flow) -> Iterator[Finding]:
    sides: tuple[tuple[Index, Direction], ...] = ((near, "egress"), (far, "ingress"))
    for facts, direction in sides:
        verdict = facts.view(Enforcement).judge(flow.connection, direction)
        if not isinstance(verdict, Open):
            yield _in(near, far, facts, _denied(facts, flow, direction, verdict))


def _in(near: Index, far: Index, facts: Index, found: Finding) -> Finding:
    """Findings between clusters say which one they are of."""
    if near is far:
        return found
    return msgspec.structs.replace(found, cluster=facts.cluster.name)


def _denied(facts: Index, flow: Flow, direction: Direction, verdict: Verdict) -> Finding:
    match verdict:
        case Denied(policy, rule):
            spot = Spot(facts, policy.owned, rule.pointer)
            how = f"{policy.owned.manifest.id} forbids it"
        case Closed(policies, near):
            policy, pointer, how = _nearest(flow.connection, direction, policies, near)
            spot = Spot(facts, policy.owned, pointer)
        case _:
            raise AssertionError(verdict)
    side = "into" if direction == "ingress" else "out of"
    whose = flow.connection.target if direction == "ingress" else flow.connection.source
    return spot.error(
        "network-policy/denied-flow",
        f"{_shown(flow.connection)} is closed {side} {whose.name}, though {flow.why}: {how}",
        f"allow {_entry(flow.connection, direction)}",
        flow.by,
    )


def _nearest(
    connection: Connection,
    direction: Direction,
    closing: tuple[Policy, ...],
    near: tuple[tuple[Policy, Rule], ...],
) -> tuple[Policy, tuple[str | int, ...], str]:
    """The rule that comes closest to allowing the connection, else the policy that closes."""
    peer = connection.other(direction)
    by_peer = [
        (p, r) for p, r in near if r.reaches(peer) and r.peers is not None and _names(r, peer)
    ]
    by_port = [(p, r) for p, r in near if r.ports is not None and not r.reaches(peer)]
    if by_peer:
        policy, rule = min(by_peer, key=lambda found: _breadth(found[1], peer))
        ports = ", ".join(map(str, rule.ports or ())) or "no port"
        place = (*rule.pointer, "toPorts", 0, "ports", 0, "port")
        return policy, place, f"{policy.owned.manifest.id} allows only {ports}"
    if by_port:
        policy, rule = by_port[0]
        whom = ", ".join(map(str, rule.peers or ())) or "nobody"
        return policy, rule.pointer, f"{policy.owned.manifest.id} allows that port only for {whom}"
    names = " and ".join(dict.fromkeys(str(each.owned.manifest.id) for each in closing))
    return (
        closing[0],
        (*closing[0].pointer, direction),
        f"{names} closes it, and nothing opens it",
    )


def _names(rule: Rule, peer: Identity) -> bool:
    """Whether a rule means this peer rather than everybody."""
    return any(isinstance(each, Selector) and each.wanted for each in rule.peers or ())


def _breadth(rule: Rule, peer: Identity) -> int:
    """How loosely a rule means a peer: fewer labels are looser."""
    fits = [each for each in rule.peers or () if each.matches(peer)]
    return -max((len(each.wanted) for each in fits if isinstance(each, Selector)), default=0)


def _shown(connection: Connection) -> str:
    port = f"{connection.port}/{connection.protocol}"
    return f"{connection.source.name} → {connection.target.name} port {port}"


def _entry(connection: Connection, direction: Direction) -> str:
    """What is missing, in the words of a policy."""
    peer = connection.other(direction)
    port = f"port {connection.port}/{connection.protocol}"
    which = "from" if direction == "ingress" else "to"
    if not peer.is_pod:
        names = [key.removeprefix("reserved:") for key in peer.labels]
        names = names[:1] if direction == "egress" else names
        return f"{which}Entities [{', '.join(names)}] with {port}"
    marks = ("app.kubernetes.io/name", "app", "k8s-app", "cnpg.io/cluster", "cnpg.io/poolerName")
    label = next((f"{m}={peer.labels[f'k8s:{m}']}" for m in marks if f"k8s:{m}" in peer.labels), "")
    whom = f"namespace {peer.labels[NAMESPACE]}" + (f", {label}" if label else "")
    return f"{which}Endpoints ({whom}) with {port}"


def nameless(facts: Index) -> Iterator[Finding]:
    """A pod that may call others by name may ask for names."""
    enforcement = facts.view(Enforcement)
    told: set[tuple[str, ...]] = set()
    for who in enforcement.pods.values():
        closing = [each for each in enforcement.selecting(who) if "egress" in each.closes]
        if not closing or not _calls_by_name(enforcement.selecting(who)) or _asks(facts, who):
            continue
        key = tuple(str(each.owned.manifest.id) for each in closing)
        if key not in told:
            told.add(key)
            policy = next((p for p in closing if any(_by_name(r) for r in p.egress)), closing[0])
            spot = Spot(facts, policy.owned, (*policy.pointer, "egress"))
            yield spot.error(
                "network-policy/dns-denied",
                f"{who.name} may call others by name, and no policy lets it ask the DNS of the "
                "cluster: every name fails to resolve",
                "allow toEndpoints (namespace kube-system, k8s-app=kube-dns) with port 53 of "
                "UDP and TCP",
            )


def _calls_by_name(policies: tuple[Policy, ...]) -> bool:
    return any(_by_name(rule) for policy in policies for rule in policy.egress if not rule.denies)


def _by_name(rule: Rule) -> bool:
    """Whether a rule leads to something that has a name: pods of Services, or hosts outside."""
    if rule.peers is None:
        return rule.ports is not None
    return any(isinstance(each, Name) or _is_pods(each) for each in rule.peers)


def _is_pods(peer: object) -> bool:
    return isinstance(peer, Selector) and any(
        key.startswith(("k8s:", "any:")) for key, _ in peer.wanted
    )


def _asks(facts: Index, who: Identity) -> bool:
    """Whether it may ask the DNS of the cluster, or one that runs on its node."""
    enforcement = facts.view(Enforcement)
    marks = {"k8s-app": "kube-dns", "app.kubernetes.io/name": "coredns"}
    dns = identities.pod("the DNS", "kube-system", marks, {})
    named = {**dns.labels, identities.CLUSTER: enforcement.cluster}
    dns = msgspec.structs.replace(
        dns, labels=named, ports=(("dns", 53, "UDP"), ("dns-tcp", 53, "TCP"))
    )
    local = identities.reserved("DNS of the node", ("host",))
    servers = (dns, local, identities.outside("dns"))
    return any(
        isinstance(enforcement.judge(Connection(who, server, 53, "UDP"), "egress"), Open)
        for server in servers
    )
