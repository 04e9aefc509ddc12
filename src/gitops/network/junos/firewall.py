"""Zones, and who may begin to speak to whom between them: a zone per VLAN, and the Internet."""

from collections.abc import Iterator
from ipaddress import IPv4Network

import msgspec

from gitops.model.estate import Access, Estate
from gitops.network.junos import interfaces
from gitops.network.junos.statements import Statement, statement

INTERNET = "internet"

_ALLOWED = ("ping",)
_OWN = {
    "nodes": ("ntp",),
    "management": ("ntp", "ssh", "netconf", "snmp"),
}
"""Services of the router itself, besides; by what a VLAN is for."""


class End(msgspec.Struct, frozen=True):
    """One side of an access: where it is, and which addresses of it; all, where none are named."""

    name: str
    zone: str
    addresses: tuple[IPv4Network, ...] = ()


def statements(estate: Estate) -> Iterator[Statement]:
    """Everything that security in Junos is about."""
    yield from _zones(estate)
    yield from _book(estate)
    yield from _applications(estate)
    yield from _policies(estate)
    yield from _translation(estate)


def ends(estate: Estate, name: str) -> tuple[End, ...]:
    """What a name of `access` stands for."""
    if name == INTERNET:
        return (End(name, INTERNET),)
    if name in estate.vlans:
        return (End(name, name),)
    nodes = estate.node_network.vlan
    clusters = estate.clusters.values()
    match name:
        case "apis":
            held = [IPv4Network(each.api.address) for each in clusters]
        case "load-balancers":
            held = [each.load_balancers for each in clusters]
        case "nas":
            return (End(name, estate.nas.vlan, (IPv4Network(estate.nas.address),)),)
        case _:
            host = estate.hosts[name]
            return (End(name, host.vlan, (IPv4Network(host.address),)),)
    return (End(name, nodes, tuple(held)),)


def pairs(estate: Estate) -> Iterator[tuple[str, Access, End, End]]:
    """Every access between two zones, one by one: inside a zone nobody asks the router, but for
    what is routed to nodes."""
    for name, access in estate.access.items():
        for source in access.sources:
            for target in access.targets:
                for one in ends(estate, source):
                    for other in ends(estate, target):
                        if one.zone != other.zone:
                            yield name, access, one, other


def _zones(estate: Estate) -> Iterator[Statement]:
    yield statement(
        f"security zones security-zone {INTERNET} interfaces {estate.router.uplink}.0 "
        "host-inbound-traffic system-services dhcp"
    )
    yield statement(f"security zones security-zone {INTERNET} screen {INTERNET}")
    for what in ("icmp ping-death", "ip source-route-option", "ip tear-drop", "tcp land"):
        yield statement(f"security screen ids-option {INTERNET} {what}")
    for name, vlan in estate.vlans.items():
        lead = f"security zones security-zone {name} interfaces {interfaces.irb(vlan)}"
        for service in _services(estate, name):
            yield statement(f"{lead} host-inbound-traffic system-services {service}")
        if name == estate.node_network.vlan:
            yield statement(f"{lead} host-inbound-traffic protocols bgp")


def _services(estate: Estate, name: str) -> tuple[str, ...]:
    """What the router itself answers in a VLAN."""
    found = list(_ALLOWED)
    if name == estate.node_network.vlan:
        found += _OWN["nodes"]
    if name == estate.management:
        found += _OWN["management"]
    if estate.vlans[name].leases or name == estate.node_network.provisioning:
        found.append("dhcp")
    return tuple(found)


def _book(estate: Estate) -> Iterator[Statement]:
    """Names of addresses: a set per end that has several."""
    lead = "security address-book global"
    found = {end.name: end for _, _, *both in pairs(estate) for end in both if end.addresses}
    for name, end in sorted(found.items()):
        if len(end.addresses) == 1:
            yield statement(f"{lead} address {name} {end.addresses[0]}")
            continue
        for number, address in enumerate(end.addresses, 1):
            yield statement(f"{lead} address {name}-{number} {address}")
            yield statement(f"{lead} address-set {name} address {name}-{number}")


def _applications(estate: Estate) -> Iterator[Statement]:
    """Junos has names of its own for some ports; ours are the same everywhere."""
    for port in sorted({port for access in estate.access.values() for port in access.ports}):
        protocol, _, number = port.partition("/")
        name = _application(port)
        yield statement(f"applications application {name} protocol {protocol}")
        yield statement(f"applications application {name} destination-port {number}")


def _application(port: str) -> str:
    return port.replace("/", "-")


def _policies(estate: Estate) -> Iterator[Statement]:
    """One for each access and pair of zones, in the order of the file."""
    found: dict[tuple[str, str, str], list[tuple[End, End]]] = {}
    for name, _, source, target in pairs(estate):
        found.setdefault((source.zone, target.zone, name), []).append((source, target))
    for (one, other, name), both in found.items():
        lead = f"security policies from-zone {one} to-zone {other} policy {name}"
        for address in _matched([source for source, _ in both]):
            yield statement(f"{lead} match source-address {address}")
        for address in _matched([target for _, target in both]):
            yield statement(f"{lead} match destination-address {address}")
        for port in estate.access[name].ports or ("any",):
            yield statement(f"{lead} match application {_application(port)}")
        yield statement(f"{lead} then permit")
        if INTERNET not in (one, other):
            yield statement(f"{lead} then log session-init")
    yield statement("security policies default-policy deny-all")


def _matched(ends: list[End]) -> list[str]:
    """A whole zone holds every other end in it."""
    names = list(dict.fromkeys(end.name if end.addresses else "any" for end in ends))
    return ["any"] if "any" in names else names


def _translation(estate: Estate) -> Iterator[Statement]:
    """Whoever may speak to the Internet does so with the router's address."""
    inside = {one.zone for _, _, one, other in pairs(estate) if other.zone == INTERNET}
    lead = "security nat source rule-set outwards"
    for zone in sorted(inside):
        yield statement(f"{lead} from zone {zone}")
    if inside:
        yield statement(f"{lead} to zone {INTERNET}")
        yield statement(f"{lead} rule all match source-address 0.0.0.0/0")
        yield statement(f"{lead} rule all then source-nat interface")
