"""Connections that are declared and that policies close."""

from collections.abc import Iterator

import msgspec

from gitops.check.index import Index
from gitops.check.traffic.policies import blame, references
from gitops.check.traffic.policies.enforcement import Enforcement
from gitops.check.traffic.policies.flow import Flow
from gitops.check.traffic.policies.flows import declared, reached
from gitops.check.traffic.policies.references import Reference
from gitops.check.traffic.policies.rules import (
    Closed,
    Connection,
    Denied,
    Direction,
    Open,
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
