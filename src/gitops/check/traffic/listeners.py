"""Gateways on their own: their class, their listeners and their addresses."""

import ipaddress
from collections.abc import Iterator
from itertools import combinations

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index
from gitops.check.spot import Spot
from gitops.check.traffic import grants
from gitops.check.traffic.gateways import GROUP, Gateways, Listener, bodies
from gitops.check.traffic.sight import Sight
from gitops.model.finding import Finding

_WEB = ({"HTTP"}, {"HTTPS", "TLS"}, {"TCP"})
"""Protocols over TCP that may share a port, where their hosts differ."""


def classless(facts: Index) -> Iterator[Finding]:
    """Every Gateway has a GatewayClass that exists."""
    for owned, body in bodies(facts, GROUP, "Gateway"):
        name = text(at(body, "spec", "gatewayClassName"))
        if name and facts.find(GROUP, "GatewayClass", "", name) is None:
            yield facts.view(Sight).absent(
                "gateway/class-missing",
                Spot(facts, owned, ("spec", "gatewayClassName")),
                "",
                f"{owned.manifest.id} is of GatewayClass/{name}, which does not exist: "
                "no controller serves it",
                "correct the name, or add the class",
            )


def conflicting(facts: Index) -> Iterator[Finding]:
    """No two listeners of a Gateway want the same requests."""
    for listeners in facts.view(Gateways).listeners.values():
        for one, other in combinations(listeners, 2):
            if one.port == other.port and _conflict(one, other):
                spot = Spot(facts, other.gateway, ("spec", "listeners", other.position, "name"))
                yield spot.error(
                    "gateway/listener-conflict",
                    f"{other.gateway.manifest.id}: the listeners {one.name} ({_shown(one)}) and "
                    f"{other.name} ({_shown(other)}) both want port {one.port}: "
                    "none of them is accepted",
                    "give them different ports, or different host names of one protocol",
                )


def _conflict(one: Listener, other: Listener) -> bool:
    """Source: Gateway API, Gateway, "Distinct Listeners"."""
    if "UDP" in {one.protocol, other.protocol} and one.protocol != other.protocol:
        return False
    if not any({one.protocol, other.protocol} <= group for group in _WEB):
        return {one.protocol, other.protocol} <= {"HTTP", "HTTPS", "TLS", "TCP"}
    return one.hostname.lower() == other.hostname.lower() or one.protocol == "TCP"


def _shown(listener: Listener) -> str:
    return f"{listener.protocol} {listener.hostname}".strip()


def uncertified(facts: Index) -> Iterator[Finding]:
    """A listener that ends TLS has a certificate, and leave to use it."""
    for listener in _all(facts):
        if not listener.terminates:
            continue
        way = ("spec", "listeners", listener.position)
        references = listing(at(listener.body, "tls", "certificateRefs"))
        if not references and not at(listener.body, "tls", "options"):
            spot = Spot(facts, listener.gateway, (*way, "tls"))
            yield spot.error(
                "gateway/listener-without-certificate",
                f"{listener.gateway.manifest.id}: the listener {listener.name} ends TLS and has "
                "no certificateRefs: it is never ready",
                "name the Secret of a certificate in tls.certificateRefs",
            )
        for position, each in enumerate(references):
            yield from _foreign(facts, listener, position, mapping(each))


def _foreign(
    facts: Index, listener: Listener, position: int, reference: dict[str, object]
) -> Iterator[Finding]:
    own = listener.gateway.manifest.id.namespace
    there = text(reference.get("namespace")) or own
    use = grants.Use(GROUP, "Gateway", own, "Secret", there, text(reference.get("name")))
    if reference.get("kind", "Secret") == "Secret" and not grants.allowed(facts, use):
        place = ("spec", "listeners", listener.position, "tls", "certificateRefs", position)
        spot = Spot(facts, listener.gateway, (*place, "namespace"))
        yield grants.missing(facts, spot, use)


def _all(facts: Index) -> Iterator[Listener]:
    for listeners in facts.view(Gateways).listeners.values():
        yield from listeners


class Pools:
    """The addresses that Cilium may give to Services."""

    def __init__(self, facts: Index) -> None:
        found = bodies(facts, "cilium.io", "CiliumLoadBalancerIPPool")
        specs = [mapping(body.get("spec")) for _, body in found]
        blocks = [mapping(b) for spec in specs for b in listing(spec.get("blocks"))]
        ranges = [_range(block) for block in blocks]
        self.ranges = [each for each in ranges if each]
        self.certain = bool(ranges) and None not in ranges
        """Whether there are pools and all of them can be read."""

    def holds(self, address: int) -> bool:
        """Whether some pool has the address."""
        return any(first <= address <= last for first, last in self.ranges)


def _range(block: dict[str, object]) -> tuple[int, int] | None:
    try:
        if text(block.get("cidr")):
            network = ipaddress.ip_network(text(block["cidr"]), strict=False)
            return int(network[0]), int(network[-1])
        first = ipaddress.ip_address(text(block.get("start")))
        last = ipaddress.ip_address(text(block.get("stop")) or str(first))
    except ValueError:
        return None
    return int(first), int(last)


_WANTED = ("lbipam.cilium.io/ips", "io.cilium/lb-ipam-ips")
"""Annotations that ask Cilium for addresses. Source: Cilium, LoadBalancer IP Address Management."""


def homeless(facts: Index) -> Iterator[Finding]:
    """An address that a Gateway or Service asks for lies in a pool. Silent without pools."""
    pools = facts.view(Pools)
    if not pools.certain or facts.view(Sight).hiders(""):
        return
    for spot, wanted in _requests(facts):
        try:
            address = ipaddress.ip_address(wanted)
        except ValueError:
            continue
        if not pools.holds(int(address)):
            yield spot.error(
                "gateway/address-outside-pool",
                f"{spot.owned.manifest.id} asks for {address}, which lies in no "
                "CiliumLoadBalancerIPPool: it never gets an address",
                "ask for an address of a pool, or widen the pool",
            )


def _requests(facts: Index) -> Iterator[tuple[Spot, str]]:
    for owned, body in bodies(facts, GROUP, "Gateway"):
        for position, each in enumerate(listing(at(body, "spec", "addresses"))):
            if mapping(each).get("type", "IPAddress") == "IPAddress":
                way = ("spec", "addresses", position, "value")
                yield Spot(facts, owned, way), text(mapping(each).get("value"))
        for name in _WANTED:
            place = ("spec", "infrastructure", "annotations", name)
            for wanted in text(at(body, *place)).split(","):
                yield Spot(facts, owned, place), wanted.strip()
    for owned, body in bodies(facts, "", "Service"):
        if at(body, "spec", "type") == "LoadBalancer" and not at(body, "spec", "loadBalancerClass"):
            for name in _WANTED:
                for wanted in text(at(body, "metadata", "annotations", name)).split(","):
                    yield Spot(facts, owned, ("metadata", "annotations", name)), wanted.strip()
