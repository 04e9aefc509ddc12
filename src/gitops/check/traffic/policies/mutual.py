"""The two sides of policies say the same: who is let out somewhere is let in there.

A rule that names pods and a port declares that they are called. Where the policies of the other
side refuse exactly that, one of the two is wrong; which one, only their author knows.
"""

from collections.abc import Iterator

import msgspec

from gitops.check.index import Index, Owned
from gitops.check.spot import Spot
from gitops.check.traffic.policies import blame, denied, idle
from gitops.check.traffic.policies.enforcement import Enforcement
from gitops.check.traffic.policies.identities import CLUSTER, Identity
from gitops.check.traffic.policies.peers import Selector
from gitops.check.traffic.policies.rules import (
    Closed,
    Connection,
    Denied,
    Direction,
    Open,
    Policy,
    PortRange,
    Rule,
    Way,
)
from gitops.check.traffic.sight import Sight
from gitops.model.finding import Finding

Party = tuple[Index, Identity]

_OTHER: dict[Direction, Direction] = {"egress": "ingress", "ingress": "egress"}


class Intent(msgspec.Struct, frozen=True):
    """One peer of one rule: `own` are the pods that the policy selects, `others` those that the
    peer means, in whichever cluster."""

    facts: Index
    policy: Policy
    rule: Rule
    peer: Selector
    direction: Direction
    own: tuple[Identity, ...]
    others: tuple[Party, ...]

    def connections(self, port: PortRange) -> Iterator[tuple[Index, Connection]]:
        """Everything that the rule means by a port, with the cluster of the other side."""
        protocol = "TCP" if port.protocol == "ANY" else port.protocol
        for own in self.own:
            for facts, other in self.others:
                source, target = (own, other) if self.direction == "egress" else (other, own)
                if own.name != other.name or facts is not self.facts:
                    yield facts, Connection(source, target, port.first, protocol)

    def answered(self, port: PortRange) -> bool:
        """Whether the other side allows any of it."""
        side = _OTHER[self.direction]
        found = [*self.connections(port)]
        return not found or any(
            isinstance(facts.view(Enforcement).judge(each, side), Open) for facts, each in found
        )


def refused(clusters: tuple[Index, ...]) -> Iterator[Finding]:
    """What a rule lets out the policies of the other side let in, and the other way round."""
    told: set[tuple[object, ...]] = {*declared(clusters)}
    for facts in clusters:
        for policy, rule, direction in _rules(facts):
            intents = [*_intents(clusters, facts, policy, rule, direction)]
            for intent, port in _unanswered(intents, _single(rule)):
                for found in _refusal(intent, port, told):
                    yield msgspec.structs.replace(found, cluster=facts.cluster.name)


def declared(clusters: tuple[Index, ...]) -> Iterator[tuple[object, ...]]:
    """What is asked for already, because an object says that it is needed."""
    for facts in clusters:
        for flow in facts.view(denied.needs):
            yield key(flow.connection)
    for _, _, flow in denied.abroad(clusters):
        yield key(flow.connection)


def key(connection: Connection) -> tuple[object, ...]:
    """What tells connections apart."""
    source, target = connection.source, connection.target
    return source.name, source.cluster, target.name, target.cluster, connection.port


def _rules(facts: Index) -> Iterator[tuple[Policy, Rule, Direction]]:
    for policy in facts.view(Enforcement).policies:
        for rule in policy.egress:
            yield policy, rule, "egress"
        for rule in policy.ingress:
            yield policy, rule, "ingress"


def _single(rule: Rule) -> list[PortRange]:
    """Ports that are one number each; names and ranges mean what happens to be there."""
    ports = [each for each in rule.ports or () if not each.name and each.first == each.last]
    return [each for each in ports if each.first]


def _intents(
    clusters: tuple[Index, ...], facts: Index, policy: Policy, rule: Rule, direction: Direction
) -> Iterator[Intent]:
    """Of a rule that allows something, for each peer that is more than a whole namespace."""
    peers = [each for each in rule.peers or () if isinstance(each, Selector)]
    if rule.denies or not rule.ports or not any(map(idle.is_more, peers)):
        return
    own = tuple(facts.view(idle.selected)[id(policy)])
    for peer in filter(idle.is_more, peers if own else ()):
        places = clusters if peer.looks_at(CLUSTER) else (facts,)
        others = [(each, who) for each in places for who in idle.meant(each, peer)]
        if others and not any(each.view(Sight).hiders(who.namespace) for each, who in others):
            yield Intent(facts, policy, rule, peer, direction, own, tuple(others))


def _unanswered(
    intents: list[Intent], ports: list[PortRange]
) -> Iterator[tuple[Intent, PortRange]]:
    """A peer that may be reached at none of the ports, or a port that somebody listens at and that
    is closed for all peers."""
    answers = {
        (i, j): intent.answered(port)
        for i, intent in enumerate(intents)
        for j, port in enumerate(ports)
    }
    for i, intent in enumerate(intents):
        if ports and not any(answers[i, j] for j, _ in enumerate(ports)):
            yield intent, next((each for each in ports if _heard(intent, each)), ports[0])
    for j, port in enumerate(ports):
        if not any(answers[i, j] for i, _ in enumerate(intents)):
            for i, intent in enumerate(intents):
                if _heard(intent, port) and any(answers[i, k] for k, _ in enumerate(ports)):
                    yield intent, port
                    break


def _heard(intent: Intent, port: PortRange) -> bool:
    return any(
        number == port.first
        for _, connection in intent.connections(port)
        for _, number, _ in connection.target.ports
    )


def _refusal(intent: Intent, port: PortRange, told: set[tuple[object, ...]]) -> Iterator[Finding]:
    """One finding for a rule and a port, unless somebody else has told of each connection."""
    new = [each for each in intent.connections(port) if key(each[1]) not in told]
    told.update(key(connection) for _, connection in new)
    if new:
        yield _told(intent, port, *new[0])


def _told(intent: Intent, port: PortRange, far: Index, connection: Connection) -> Finding:
    spot, how, hint = _place(intent, port, far, connection)
    verb = ("out", "in") if intent.direction == "egress" else ("in", "out")
    other = intent.policy.owned
    return spot.warning(
        "network-policy/one-sided",
        f"{other.manifest.id} lets {blame.shown(connection)} {verb[0]}, and nothing lets it "
        f"{verb[1]} on the other side: {how}",
        hint,
        other,
    )


def _place(
    intent: Intent, port: PortRange, far: Index, connection: Connection
) -> tuple[Spot, str, str]:
    """The rule itself, where nobody listens at the port; else what closes the other side."""
    targets = [each.target for _, each in intent.connections(port)]
    if all(each.ports for each in targets) and not _heard(intent, port):
        numbers = sorted({number for each in targets for _, number, _ in each.ports})
        position = (intent.rule.ports or ()).index(port)
        way = (*intent.rule.pointer, *blame.port_way(intent.policy.owned, position))
        has = ", ".join(map(str, numbers))
        spot = Spot(intent.facts, intent.policy.owned, way)
        return spot, f"it listens at {has}", "name a port that it listens at"
    side = _OTHER[intent.direction]
    verdict = far.view(Enforcement).judge(connection, side)
    assert isinstance(verdict, Closed | Denied)
    missing = f"correct this side or the other: it lacks {blame.entry(connection, side)}"
    return *blame.place(far, connection, side, verdict), missing


def nobody(clusters: tuple[Index, ...]) -> Iterator[Finding]:
    """A peer in another cluster is some pod there, where all of its namespace can be seen."""
    names = {each.view(Enforcement).cluster: each for each in clusters}
    for facts in clusters:
        for policy, rule, _ in _rules(facts):
            for position, peer in enumerate(rule.peers or ()):
                far = _place_of(names, facts, peer)
                if isinstance(peer, Selector) and far and not [*idle.meant(far, peer)]:
                    way = idle.stranger_way(far, policy, rule, position, peer)
                    yield _nobody(facts, policy.owned, way, peer)


def _place_of(names: dict[str, Index], facts: Index, peer: object) -> Index | None:
    """The other cluster that a peer names, if it is pods of a namespace that is known there."""
    if not isinstance(peer, Selector) or not idle.is_more(peer):
        return None
    far = names.get(peer.value(CLUSTER) or "")
    namespace = idle.namespace_of(peer)
    if far is None or far is facts or namespace not in far.namespaces:
        return None
    return None if far.view(Sight).hiders(namespace) else far


def _nobody(facts: Index, owned: Owned, way: Way, peer: Selector) -> Finding:
    found = Spot(facts, owned, way).warning(
        "network-policy/peer-missing",
        f"{owned.manifest.id} names {peer}, and no pod of that cluster has these labels",
        "correct the labels, or remove the peer",
    )
    return msgspec.structs.replace(found, cluster=facts.cluster.name)
