"""Connections that are declared and that policies close."""

from collections.abc import Iterator

import msgspec

from gitops.check.index import Index
from gitops.check.spot import Spot
from gitops.check.traffic.policies import blame, identities, references
from gitops.check.traffic.policies.enforcement import Enforcement
from gitops.check.traffic.policies.flow import Flow
from gitops.check.traffic.policies.flows import declared, reached
from gitops.check.traffic.policies.identities import Identity
from gitops.check.traffic.policies.peers import Cidr, Name, Selector
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


def needs(facts: Index) -> tuple[Flow, ...]:
    """All that the objects of a cluster need within it, for `Index.view`."""
    return tuple(declared(facts))


def flows(facts: Index) -> Iterator[Finding]:
    """What the objects of a cluster need, its policies allow on both sides."""
    yield from facts.view(found)


def found(facts: Index) -> tuple[Finding, ...]:
    """What is closed within a cluster, for `Index.view`."""
    return tuple(_found(facts))


def _found(facts: Index) -> Iterator[Finding]:
    enforcement = facts.view(Enforcement)
    if not enforcement.policies:
        return
    seen: set[tuple[str, str, int, str]] = set()
    for flow in facts.view(needs):
        connection = flow.connection
        key = (connection.source.name, connection.target.name, connection.port, connection.protocol)
        if key not in seen:
            seen.add(key)
            yield from judged(facts, facts, flow)


def across(clusters: tuple[Index, ...]) -> Iterator[Finding]:
    """What pods of one cluster need of a global Service of another is allowed in both."""
    for near, far, flow in abroad(clusters):
        yield from judged(near, far, flow)


def abroad(clusters: tuple[Index, ...]) -> Iterator[tuple[Index, Index, Flow]]:
    """What pods of one cluster need of another, with both."""
    for near in clusters:
        for reference in near.view(references.all_of):
            if _is_global(near, reference):
                for far in (each for each in clusters if each is not near):
                    for flow in _across(far, reference):
                        yield near, far, flow


def _is_global(facts: Index, reference: Reference) -> bool:
    services = facts.view(Services)
    service = services.find(reference.namespace, reference.name)
    return service is not None and services.is_global(service)


def _across(far: Index, reference: Reference) -> Iterator[Flow]:
    service = far.view(Services).find(reference.namespace, reference.name)
    if service is None or not _is_global(far, reference):
        return
    for target, port, protocol in reached(far, service, reference.port):
        for source in reference.sources:
            why = f"{reference.by.manifest.id} names {reference.shown}"
            yield Flow(Connection(source, target, port, protocol), why, reference.by)


def judged(near: Index, far: Index, flow: Flow) -> Iterator[Finding]:
    """What policies say of a connection: those of the source, and those of the target."""
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
    assert isinstance(verdict, Closed | Denied)
    spot, how = blame.place(facts, flow.connection, direction, verdict)
    side = "into" if direction == "ingress" else "out of"
    whose = flow.connection.target if direction == "ingress" else flow.connection.source
    return spot.error(
        "network-policy/denied-flow",
        f"{blame.shown(flow.connection)} is closed {side} {whose.name}, though {flow.why}: {how}",
        f"allow {blame.entry(flow.connection, direction)}",
        flow.by,
    )


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
            spot, how = _kept_from_dns(facts, who)
            yield spot.error(
                "network-policy/dns-denied",
                f"{who.name} may call others by name, and no policy lets it ask the DNS of the "
                f"cluster: every name fails to resolve; {how}",
                "allow toEndpoints (namespace kube-system, k8s-app=kube-dns) with port 53 of "
                "UDP and TCP",
            )


def _calls_by_name(policies: tuple[Policy, ...]) -> bool:
    return any(_by_name(rule) for policy in policies for rule in policy.egress if not rule.denies)


def _by_name(rule: Rule) -> bool:
    """Whether a rule leads to something that has a name: pods of Services, or hosts outside, which
    hardly anybody calls by addresses, unless these are told."""
    if rule.peers is None:
        return rule.ports is not None
    return any(isinstance(each, Name) or _is_pods(each) or _is_world(each) for each in rule.peers)


def _is_world(peer: object) -> bool:
    if isinstance(peer, Cidr):
        return peer.network == "0.0.0.0/0"
    return isinstance(peer, Selector) and ("reserved:world", "") in peer.wanted


def _is_pods(peer: object) -> bool:
    return isinstance(peer, Selector) and any(
        key.startswith(("k8s:", "any:")) for key, _ in peer.wanted
    )


def _asks(facts: Index, who: Identity) -> bool:
    """Whether it may ask the DNS of the cluster, or one that runs on its node."""
    enforcement = facts.view(Enforcement)
    local = identities.reserved("DNS of the node", ("host",))
    servers = (_dns(facts), local, identities.outside("dns"))
    return any(
        isinstance(enforcement.judge(Connection(who, server, 53, "UDP"), "egress"), Open)
        for server in servers
    )


def _dns(facts: Index) -> Identity:
    """CoreDNS, as the policies of a cluster see it."""
    marks = {"k8s-app": "kube-dns", "app.kubernetes.io/name": "coredns"}
    dns = identities.pod("the DNS", "kube-system", marks, {})
    named = {**dns.labels, identities.CLUSTER: facts.view(Enforcement).cluster}
    ports = (("dns", 53, "UDP"), ("dns-tcp", 53, "TCP"))
    return msgspec.structs.replace(dns, labels=named, ports=ports)


def _kept_from_dns(facts: Index, who: Identity) -> tuple[Spot, str]:
    """Where a policy comes closest to letting somebody ask for names, and what it lacks."""
    connection = Connection(who, _dns(facts), 53, "UDP")
    verdict = facts.view(Enforcement).judge(connection, "egress")
    assert not isinstance(verdict, Open), "asked of those alone who may not ask"
    return blame.place(facts, connection, "egress", verdict)
