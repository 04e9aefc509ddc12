"""Reading NetworkPolicies of Kubernetes.

Source: networking.k8s.io/v1, the documentation of NetworkPolicy; Cilium 1.18 reads them the same
way (pkg/k8s/network_policy.go), but for CIDRs, which to it are never pods or nodes.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import listing, mapping, text
from gitops.check.index import Owned
from gitops.check.traffic.policies import peers
from gitops.check.traffic.policies.cilium import Home
from gitops.check.traffic.policies.identities import NAMESPACE, NAMESPACE_LABELS
from gitops.check.traffic.policies.peers import Peer, Selector
from gitops.check.traffic.policies.rules import Direction, Policy, PortRange, Rule

GROUP = "networking.k8s.io"
KIND = "NetworkPolicy"


def policy(owned: Owned, body: dict[str, Any], home: Home, *, cilium: bool) -> Policy:
    """A policy. Where Cilium does not enforce it, CIDRs may be pods."""
    spec = mapping(body.get("spec"))
    subject = peers.selector(mapping(spec.get("podSelector")), "k8s")
    return Policy(
        owned,
        ("spec",),
        home.namespace,
        subject.also(NAMESPACE, home.namespace),
        frozenset(_closed(spec)),
        tuple(_rules(spec, "ingress", home, not cilium)),
        tuple(_rules(spec, "egress", home, not cilium)),
    )


def _closed(spec: dict[str, Any]) -> Iterator[Direction]:
    """Without `policyTypes` ingress is closed, and egress where there are rules for it."""
    types = [text(each).lower() for each in listing(spec.get("policyTypes"))]
    if "ingress" in types or not types:
        yield "ingress"
    if "egress" in types or (not types and listing(spec.get("egress"))):
        yield "egress"


def _rules(spec: dict[str, Any], direction: Direction, home: Home, loose: bool) -> Iterator[Rule]:
    """Rules of a direction that the policy does not list have no effect."""
    field = "from" if direction == "ingress" else "to"
    for position, each in enumerate(listing(spec.get(direction))):
        entries, ports = listing(mapping(each).get(field)), listing(mapping(each).get("ports"))
        whom = [_peer(mapping(entry), home, loose) for entry in entries]
        found = tuple(_port(mapping(port)) for port in ports)
        yield Rule(("spec", direction, position), tuple(whom) if entries else None, found or None)


def _peer(entry: dict[str, Any], home: Home, loose: bool) -> Peer:
    if "ipBlock" in entry:
        block = mapping(entry["ipBlock"])
        return peers.Cidr(
            text(block.get("cidr")), loose, tuple(map(str, listing(block.get("except"))))
        )
    found = peers.selector(mapping(entry.get("podSelector")), "k8s")
    if "namespaceSelector" not in entry or entry["namespaceSelector"] is None:
        return peers.in_cluster(found.also(NAMESPACE, home.namespace), home.scope)
    prefix = NAMESPACE_LABELS.removeprefix("k8s:")
    around = peers.selector(mapping(entry["namespaceSelector"]), "k8s", prefix)
    both = Selector((*found.wanted, *around.wanted), (*found.requirements, *around.requirements))
    return peers.in_cluster(
        both if both.looks_at(NAMESPACE_LABELS) else both.exists(NAMESPACE), home.scope
    )


def _port(port: dict[str, Any]) -> PortRange:
    protocol = text(port.get("protocol")) or "TCP"
    number, last = port.get("port"), port.get("endPort")
    match number:
        case int():
            return PortRange(number, last if isinstance(last, int) else number, protocol)
        case str():
            return PortRange(0, 0, protocol, number)
        case _:
            return PortRange(0, 0, protocol)
