"""Reading CiliumNetworkPolicies, namespaced and clusterwide.

Source: Cilium 1.18, pkg/k8s/apis/cilium.io/utils (what a selector means in a namespace) and
pkg/policy/rule.go (what rules without peers or ports mean).
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from gitops.check.fields import listing, mapping, text
from gitops.check.index import Owned
from gitops.check.traffic.policies import peers
from gitops.check.traffic.policies.identities import NAMESPACE
from gitops.check.traffic.policies.peers import Peer, Selector
from gitops.check.traffic.policies.rules import Direction, Policy, PortRange, Rule, Way

GROUP = "cilium.io"
KINDS = ("CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy")


class Home(msgspec.Struct, frozen=True):
    """What selectors of a policy mean by default. `cluster` is its own; `apart` says that peers
    without a cluster are those of the own one; `services` has the selectors of Services."""

    cluster: str
    apart: bool
    services: dict[tuple[str, str], dict[str, Any]]
    namespace: str = ""

    @property
    def scope(self) -> str:
        """The cluster that peers are in when they name none; "" for all."""
        return self.cluster if self.apart else ""


def specs(body: dict[str, Any]) -> Iterator[tuple[Way, dict[str, Any]]]:
    """The specs of a policy, each with the way to it."""
    if "spec" in body:
        yield ("spec",), mapping(body["spec"])
    for position, each in enumerate(listing(body.get("specs"))):
        yield ("specs", position), mapping(each)


def policies(owned: Owned, body: dict[str, Any], home: Home) -> Iterator[Policy]:
    """The specs of a policy that select pods; those for nodes are left out."""
    for way, spec in specs(body):
        if isinstance(spec.get("endpointSelector"), dict):
            yield _policy(owned, way, spec, home)


def _policy(owned: Owned, way: Way, spec: dict[str, Any], home: Home) -> Policy:
    return Policy(
        owned,
        way,
        home.namespace,
        _subject(peers.selector(spec["endpointSelector"]), home),
        frozenset(_closed(spec)),
        tuple(_rules(spec, way, "ingress", home)),
        tuple(_rules(spec, way, "egress", home)),
    )


def _subject(found: Selector, home: Home) -> Selector:
    return peers.at_home(found, home.namespace, "")


def _closed(spec: dict[str, Any]) -> Iterator[Direction]:
    """Any rule closes its direction, unless the policy says otherwise."""
    directions: tuple[Direction, ...] = ("ingress", "egress")
    for direction in directions:
        used = listing(spec.get(direction)) or listing(spec.get(f"{direction}Deny"))
        if used and mapping(spec.get("enableDefaultDeny")).get(direction) is not False:
            yield direction


def _rules(spec: dict[str, Any], way: Way, direction: Direction, home: Home) -> Iterator[Rule]:
    for field in (direction, f"{direction}Deny"):
        for position, each in enumerate(listing(spec.get(field))):
            rule = _rule((*way, field, position), mapping(each), direction, home)
            if rule is not None:
                yield rule


_PEERS = {
    "ingress": ("Endpoints", "Entities", "CIDR", "CIDRSet", "Nodes", "Groups"),
    "egress": ("Endpoints", "Entities", "CIDR", "CIDRSet", "Nodes", "Groups", "FQDNs", "Services"),
}


def _rule(way: Way, body: dict[str, Any], direction: Direction, home: Home) -> Rule | None:
    """A rule without peers is for everybody if it has ports, and for nobody if it has none."""
    prefix = "from" if direction == "ingress" else "to"
    given = {
        name: body[f"{prefix}{name}"] for name in _PEERS[direction] if f"{prefix}{name}" in body
    }
    ports = _ports(body)
    if not given and ports is None:
        return None
    named = {name: listing(entries) for name, entries in given.items()}
    empty = any(not entries for entries in named.values())
    found = [
        peer
        for name, entries in named.items()
        for each in entries
        for peer in _peers(name, each, home)
    ]
    found = _required(found, listing(body.get(f"{prefix}Requires")), home)
    denies = str(way[-2]).endswith("Deny")
    whom = None if not given else () if empty else tuple(found)
    return Rule(way, whom, ports, denies)


def _required(found: list[Peer], requires: list[Any], home: Home) -> list[Peer]:
    """`fromRequires` narrows all peers that are endpoints."""
    for each in requires:
        more = peers.selector(mapping(each))
        found = [
            Selector((*peer.wanted, *more.wanted), (*peer.requirements, *more.requirements))
            if isinstance(peer, Selector)
            else peer
            for peer in found
        ]
    return found


def _peers(name: str, entry: Any, home: Home) -> tuple[Peer, ...]:
    match name:
        case "Endpoints":
            found = peers.selector(mapping(entry))
            return (peers.at_home(found, home.namespace, home.scope),)
        case "Entities":
            return peers.entity(str(entry), home.cluster)
        case "CIDR":
            return (peers.Cidr(str(entry)),)
        case "CIDRSet":
            apart = tuple(map(str, listing(mapping(entry).get("except"))))
            cidr = text(mapping(entry).get("cidr")) or "a CIDR group"
            return (peers.Cidr(cidr, apart=apart),)
        case "FQDNs":
            pattern = mapping(entry).get("matchName") or mapping(entry).get("matchPattern")
            return (peers.Name(str(pattern)),)
        case "Nodes":
            return (Selector(((("reserved:remote-node"), ""),)), Selector((("reserved:host", ""),)))
        case "Services":
            return (_service(mapping(entry), home),)
        case _:
            return (peers.Unseen("a group of the cloud"),)


def _service(entry: dict[str, Any], home: Home) -> Peer:
    """The pods of a Service, where it selects them itself."""
    service = mapping(entry.get("k8sService"))
    namespace = text(service.get("namespace")) or home.namespace
    wanted = home.services.get((namespace, text(service.get("serviceName"))))
    if not wanted:
        return peers.Unseen("the endpoints of a Service")
    found = peers.selector({"matchLabels": wanted}, "k8s").also(NAMESPACE, namespace)
    return peers.in_cluster(found, home.scope)


def _ports(body: dict[str, Any]) -> tuple[PortRange, ...] | None:
    """Only ICMP is no port at all. An entry without ports is for all of them."""
    entries = listing(body.get("toPorts"))
    if not entries:
        return () if listing(body.get("icmps")) else None
    found: list[PortRange] = []
    for entry in map(mapping, entries):
        given = listing(entry.get("ports"))
        found += [_port(mapping(each)) for each in given] or [PortRange(0, 0, "ANY")]
    return tuple(found)


def _port(port: dict[str, Any]) -> PortRange:
    protocol = text(port.get("protocol")) or "ANY"
    number = str(port.get("port", "0"))
    if not number.isdecimal():
        return PortRange(0, 0, protocol, number)
    last = port.get("endPort")
    last = last if isinstance(last, int) and last else int(number)
    return PortRange(int(number), last, protocol)
