"""Policies of either kind, in one form.

Source: NetworkPolicy of networking.k8s.io/v1; Cilium 1.18, pkg/policy. Policies add up: a party is
closed in a direction once a policy selects it there, and open to what any rule allows; a rule that
denies wins over all that allow.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

from gitops.check.index import Owned
from gitops.check.traffic.policies.identities import Identity
from gitops.check.traffic.policies.peers import Peer, Selector

Direction = Literal["ingress", "egress"]

Way = tuple[str | int, ...]


class PortRange(msgspec.Struct, frozen=True):
    """Ports of a rule: numbers from `first` to `last`, or those that pods give a name."""

    first: int
    last: int
    protocol: str
    name: str = ""

    def matches(self, port: int, protocol: str, server: Identity) -> bool:
        """Whether a connection to a port of the server is meant."""
        if self.protocol not in {"ANY", protocol}:
            return False
        if not self.name:
            return self.first == 0 or self.first <= port <= self.last
        return (self.name, port, protocol) in server.ports

    def __str__(self) -> str:
        numbers = f"{self.first}-{self.last}" if self.last > self.first else f"{self.first}"
        return f"{self.name or numbers}/{self.protocol}"


class Rule(msgspec.Struct, frozen=True):
    """One entry of a policy. Without `peers` it is for everybody, without `ports` for all ports;
    empty ones are for nobody."""

    pointer: Way
    peers: tuple[Peer, ...] | None = None
    ports: tuple[PortRange, ...] | None = None
    denies: bool = False

    def reaches(self, who: Identity) -> bool:
        """Whether the rule is about this party."""
        return self.peers is None or any(peer.matches(who) for peer in self.peers)

    def admits(self, port: int, protocol: str, server: Identity) -> bool:
        """Whether the rule is about this port."""
        if self.ports is None:
            return True
        return any(each.matches(port, protocol, server) for each in self.ports)


class Policy(msgspec.Struct, frozen=True):
    """One spec: whom it selects, which directions it closes, and its rules. `where` is its
    namespace; "" selects in all of them."""

    owned: Owned
    pointer: Way
    where: str
    subject: Selector
    closes: frozenset[Direction]
    ingress: tuple[Rule, ...] = ()
    egress: tuple[Rule, ...] = ()

    def rules(self, direction: Direction) -> tuple[Rule, ...]:
        """Its rules of one direction."""
        return self.ingress if direction == "ingress" else self.egress

    def selects(self, who: Identity) -> bool:
        """Whether it is about this party."""
        return self.where in {"", who.namespace} and self.subject.matches(who)


class Connection(msgspec.Struct, frozen=True):
    """Somebody opens a connection to a port of somebody."""

    source: Identity
    target: Identity
    port: int
    protocol: str = "TCP"

    def other(self, direction: Direction) -> Identity:
        """The peer, seen from the party that a direction is about."""
        return self.source if direction == "ingress" else self.target


class Open(msgspec.Struct, frozen=True, tag=True):
    """The connection may be made, as far as this side is asked."""


class Closed(msgspec.Struct, frozen=True, tag=True):
    """No rule allows the connection. `policies` close this side; `near` are rules, each with its
    policy, that are about the peer or about the port, but not about both."""

    policies: tuple[Policy, ...]
    near: tuple[tuple[Policy, Rule], ...]


class Denied(msgspec.Struct, frozen=True, tag=True):
    """A rule forbids the connection."""

    policy: Policy
    rule: Rule


Verdict = Open | Closed | Denied


def judge(policies: Iterable[Policy], connection: Connection, direction: Direction) -> Verdict:
    """What the policies that select one side say of a connection."""
    policies = tuple(policies)
    peer, port = connection.other(direction), (connection.port, connection.protocol)
    allowed, near = False, []
    for policy in policies:
        for rule in policy.rules(direction):
            reaches, admits = rule.reaches(peer), rule.admits(*port, connection.target)
            if reaches and admits and rule.denies:
                return Denied(policy, rule)
            allowed |= reaches and admits
            if reaches != admits and not rule.denies:
                near.append((policy, rule))
    closing = tuple(each for each in policies if direction in each.closes)
    return Open() if allowed or not closing else Closed(closing, tuple(near))
