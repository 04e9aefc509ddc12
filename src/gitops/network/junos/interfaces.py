"""Ports, VLANs and addresses of the router."""

from collections.abc import Iterator

from gitops.model.estate import Estate, Vlan
from gitops.network.junos.statements import Statement, statement

ETHERNET = 14 + 4
"""Bytes of a frame besides its packet: two addresses, a type, and the tag of a VLAN."""

HAIRPIN = "NODES-IN"
"""The filter on what nodes send."""


def irb(vlan: Vlan) -> str:
    """The router's own interface in a VLAN."""
    return f"irb.{vlan.id}"


def statements(estate: Estate) -> Iterator[Statement]:
    """All interfaces. The uplink takes its address from whoever is at its other end."""
    router = estate.router
    largest = max(vlan.mtu for vlan in estate.vlans.values()) + ETHERNET
    yield statement("chassis aggregated-devices ethernet device-count 1")
    yield statement("protocols l2-learning global-mode switching")
    yield statement(f"interfaces {router.uplink} description", "the Internet")
    yield statement(f"interfaces {router.uplink} unit 0 family inet dhcp")
    for name, plug in router.links.items():
        where = f"switch {plug.switch} port {plug.port}"
        yield statement(f"interfaces {name} description", where)
        yield statement(f"interfaces {name} gigether-options 802.3ad {router.trunk}")
    trunk = f"interfaces {router.trunk}"
    yield statement(f"{trunk} mtu {largest}")
    yield statement(f"{trunk} aggregated-ether-options lacp active")
    yield statement(f"{trunk} unit 0 family ethernet-switching interface-mode trunk")
    for name in estate.vlans:
        yield statement(f"{trunk} unit 0 family ethernet-switching vlan members {name}")
    yield statement(f"interfaces irb mtu {largest}")
    for name, vlan in estate.vlans.items():
        yield from _vlan(estate, name, vlan)
    yield from _hairpin(estate)


def _vlan(estate: Estate, name: str, vlan: Vlan) -> Iterator[Statement]:
    unit = f"interfaces irb unit {vlan.id}"
    yield statement(f"vlans {name} vlan-id {vlan.id}")
    yield statement(f"vlans {name} l3-interface {irb(vlan)}")
    yield statement(f"{unit} description {name}")
    yield statement(f"{unit} family inet mtu {vlan.mtu}")
    yield statement(f"{unit} family inet address {vlan.gateway}/{vlan.subnet.prefixlen}")
    if name == estate.node_network.vlan:
        yield statement(f"{unit} family inet no-redirects")
        yield statement(f"{unit} family inet filter input {HAIRPIN}")


def _hairpin(estate: Estate) -> Iterator[Statement]:
    """What a node sends to an address of a load balancer comes back on the same interface, and the
    answer goes from node to node without the router. A session of which it sees one half would be
    cut off, so these packets are routed one by one, without sessions.

    Source: Junos OS for branch SRX, selective stateless packet-based services. Not tried on a
    router.
    """
    term = f"firewall family inet filter {HAIRPIN} term load-balancers"
    yield statement(f"{term} from source-address {estate.node_vlan.subnet}")
    for cluster in estate.clusters.values():
        yield statement(f"{term} from destination-address {cluster.load_balancers}")
    yield statement(f"{term} then packet-mode")
    yield statement(f"{term} then accept")
    yield statement(f"firewall family inet filter {HAIRPIN} term rest then accept")
