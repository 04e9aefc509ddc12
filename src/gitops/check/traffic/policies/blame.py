"""Which policy keeps a connection from being made, and what it lacks."""

import difflib

from gitops.check.index import Index, Owned
from gitops.check.spot import Spot
from gitops.check.traffic.policies.enforcement import Enforcement
from gitops.check.traffic.policies.identities import NAMESPACE, Identity
from gitops.check.traffic.policies.peers import Cidr, Selector
from gitops.check.traffic.policies.rules import (
    Closed,
    Connection,
    Denied,
    Direction,
    Policy,
    Rule,
)
from gitops.model.origin import Location


def subject(owned: Owned) -> str:
    """The field that tells whom a policy is for."""
    return "podSelector" if owned.manifest.id.kind == "NetworkPolicy" else "endpointSelector"


def port_way(owned: Owned, position: int = 0) -> tuple[str | int, ...]:
    """The way from a rule to one of its ports; those of a second entry count on."""
    if owned.manifest.id.kind == "NetworkPolicy":
        return ("ports", position, "port")
    return ("toPorts", 0, "ports", position, "port")


class Taken(Spot, frozen=True):
    """A policy of a component, which many take in: the place is where one of them does, because
    what is missing there is missing beside it."""

    @property
    def at(self) -> Location:
        """The line that takes the component in, else that of the policy."""
        return self.facts.knowledge.taken(self.owned.manifest) or super().at


def place(
    facts: Index, connection: Connection, direction: Direction, verdict: Closed | Denied
) -> tuple[Spot, str]:
    """The place that a connection fails at, and how."""
    match verdict:
        case Denied(policy, rule):
            return Spot(facts, policy.owned, rule.pointer), f"{policy.owned.manifest.id} forbids it"
        case Closed(policies, near):
            found = _missed(facts, connection, direction)
            if found:
                way = (
                    *found.pointer,
                    subject(found.owned),
                    *_wrong(found, _whose(connection, direction)),
                )
                how = f"{found.owned.manifest.id} would open it, and selects {found.subject}"
                return Spot(facts, found.owned, way), how
            closest = _nearest(connection, direction, near) or _other_way(
                facts, connection, direction
            )
            if closest:
                policy, pointer, how = closest
                return Spot(facts, policy.owned, pointer), how
            return _closing(facts, direction, policies)


Nearest = tuple[Policy, tuple[str | int, ...], str]


def _nearest(
    connection: Connection, direction: Direction, near: tuple[tuple[Policy, Rule], ...]
) -> Nearest | None:
    """The rule that comes closest to allowing the connection, and what it lacks."""
    peer = connection.other(direction)
    by_peer = [
        (p, r) for p, r in near if r.reaches(peer) and r.peers is not None and _names(r, peer)
    ]
    by_port = [(p, r) for p, r in near if r.ports is not None and not r.reaches(peer)]
    if by_peer:
        policy, rule = min(by_peer, key=lambda found: _breadth(found[1], peer))
        ports = ", ".join(map(str, rule.ports or ())) or "no port"
        return (
            policy,
            (*rule.pointer, *port_way(policy.owned)),
            f"{policy.owned.manifest.id} allows only {ports}",
        )
    if by_port:
        policy, rule = min(by_port, key=lambda found: _distance(found[1], peer))
        whom = ", ".join(map(str, rule.peers or ())) or "nobody"
        way = (*rule.pointer, *_nearest_peer(policy.owned, rule, direction, peer))
        return policy, way, f"{policy.owned.manifest.id} allows that port only for {whom}"
    return None


def _other_way(facts: Index, connection: Connection, direction: Direction) -> Nearest | None:
    """A policy for parties among themselves, of which it opens one side alone."""
    who, peer = _whose(connection, direction), connection.other(direction)
    other: Direction = "egress" if direction == "ingress" else "ingress"
    for policy in facts.view(Enforcement).selecting(who):
        if policy.selects(peer) and not policy.rules(direction):
            for rule in policy.rules(other):
                if rule.peers and rule.ports != () and rule.reaches(peer) and rule.reaches(who):
                    how = f"{policy.owned.manifest.id} opens the other side alone, {other}"
                    return policy, rule.pointer, how
    return None


def _closing(facts: Index, direction: Direction, closing: tuple[Policy, ...]) -> tuple[Spot, str]:
    """The policy that closes, where nothing comes close to opening."""
    names = " and ".join(dict.fromkeys(str(each.owned.manifest.id) for each in closing))
    first = min(closing, key=lambda each: len([*filter(_opens, each.rules(direction))]))
    spot = Taken(facts, first.owned, (*first.pointer, direction))
    return spot, f"{names} closes it, and nothing opens it"


def _names(rule: Rule, peer: Identity) -> bool:
    """Whether a rule means this peer rather than everybody."""
    return any(
        (isinstance(each, Selector) and each.wanted)
        or (isinstance(each, Cidr) and bool(peer.address) and each.matches(peer))
        for each in rule.peers or ()
    )


def _opens(rule: Rule) -> bool:
    """Whether a rule is there to allow something."""
    return rule.peers != () and rule.ports != ()


def peer_way(owned: Owned, direction: Direction, position: int) -> tuple[str | int, ...]:
    """The way from a rule to one of its peers: those that are pods come first."""
    field = "from" if direction == "ingress" else "to"
    if owned.manifest.id.kind == "NetworkPolicy":
        return (field, position)
    return (f"{field}Endpoints", position)


def _nearest_peer(
    owned: Owned, rule: Rule, direction: Direction, who: Identity
) -> tuple[str | int, ...]:
    """The way to the peer that one label keeps from being this one."""
    for position, each in enumerate(rule.peers or ()):
        if isinstance(each, Selector) and not each.looks_at("reserved:") and each.misses(who) == 1:
            key = next((key for key, value in each.wanted if who.get(key) != value), "")
            return (*peer_way(owned, direction, position), *label_way(key))
    return ()


def label_way(key: str) -> tuple[str, ...]:
    """The way from a selector of Cilium to one of its labels, as most write it."""
    source, _, name = key.partition(":")
    return ("matchLabels", name if source == "any" else key) if key else ()


def _distance(rule: Rule, peer: Identity) -> int:
    """How many labels keep the nearest of the peers from being this one; others are far away."""
    named = (each for each in rule.peers or () if isinstance(each, Selector))
    return min((each.misses(peer) for each in named if not each.looks_at("reserved:")), default=99)


def _missed(facts: Index, connection: Connection, direction: Direction) -> Policy | None:
    """The policy that allows the connection, but selects nearly this pod: by one label that no pod
    has."""
    who, peer = _whose(connection, direction), connection.other(direction)
    found = [
        (_likeness(facts, policy, who), -position, policy)
        for position, policy in enumerate(facts.view(Enforcement).near(who))
        if any(
            each.reaches(peer) and each.admits(connection.port, connection.protocol, who)
            for each in policy.rules(direction)
            if each.ports and not each.denies
        )
    ]
    likeness, _, policy = max(found, key=lambda each: each[:2], default=(0.0, 0, None))
    return policy if likeness else None


def _likeness(facts: Index, policy: Policy, who: Identity) -> float:
    """How much like a label of a pod the one is that keeps a policy from selecting it; 0 where more
    than one does, or it is that of somebody else."""
    if policy.subject.misses(who) != 1:
        return 0.0
    pods = facts.view(Enforcement).pods.values()
    homes = [each for each in pods if each.namespace == who.namespace]
    return max(
        (
            difflib.SequenceMatcher(None, value, who.get(key) or "").ratio()
            for key, value in policy.subject.values()
            if not any(each.get(key) == value for each in homes)
        ),
        default=0.0,
    )


def _whose(connection: Connection, direction: Direction) -> Identity:
    """The party whose policies are asked."""
    return connection.target if direction == "ingress" else connection.source


def _wrong(policy: Policy, who: Identity) -> tuple[str | int, ...]:
    """The way from the subject of a policy to the label that keeps it from selecting a pod."""
    for key, value in policy.subject.wanted:
        if who.get(key) != value:
            return label_way(key)
    for position, (key, _, values) in enumerate(policy.subject.requirements):
        if who.get(key) not in values:
            return ("matchExpressions", position, "values")
    return ()


def _breadth(rule: Rule, peer: Identity) -> int:
    """How loosely a rule means a peer: fewer labels are looser, and an entity than a network."""
    fits = [each for each in rule.peers or () if each.matches(peer)]
    if any(isinstance(each, Cidr) and not each.network.endswith("/0") for each in fits):
        return -2
    return -max((len(each.wanted) for each in fits if isinstance(each, Selector)), default=0)


def shown(connection: Connection) -> str:
    """A connection, for a message."""
    port = f"{connection.port}/{connection.protocol}"
    return f"{connection.source.name} → {connection.target.name} port {port}"


def entry(connection: Connection, direction: Direction) -> str:
    """What is missing, in the words of a policy."""
    peer = connection.other(direction)
    port = f"port {connection.port}/{connection.protocol}"
    which = "from" if direction == "ingress" else "to"
    if peer.host or peer.address:
        return (
            f"{which}CIDR [{peer.address}/32] with {port}"
            if peer.address
            else (f"{which}FQDNs ({peer.host}) with {port}")
        )
    if not peer.is_pod:
        names = [key.removeprefix("reserved:") for key in peer.labels]
        names = names[:1] if direction == "egress" else names
        return f"{which}Entities [{', '.join(names)}] with {port}"
    marks = ("app.kubernetes.io/name", "app", "k8s-app", "cnpg.io/cluster", "cnpg.io/poolerName")
    label = next((f"{m}={peer.labels[f'k8s:{m}']}" for m in marks if f"k8s:{m}" in peer.labels), "")
    whom = f"namespace {peer.labels[NAMESPACE]}" + (f", {label}" if label else "")
    return f"{which}Endpoints ({whom}) with {port}"
