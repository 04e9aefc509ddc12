"""Whom the router has to let through, by what other facts say.

The router refuses whatever `access` does not name. An estate without any
is left alone.
Source of ports: networkupstools.org: upsd listens at 3493, and snmp-ups asks an UPS at 161.
"""

from collections.abc import Iterator

import msgspec

from gitops.estate.place import Pointer, Source
from gitops.model import finding
from gitops.model.estate import Access, Estate
from gitops.model.finding import Finding


class Way(msgspec.Struct, frozen=True):
    """Somebody who has to be reached: ends by all names that they go by, the port, and the fact
    that says so."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    port: str
    purpose: str
    at: Pointer


def findings(estate: Estate, source: Source) -> Iterator[Finding]:
    """Ways that facts need and no access opens."""
    for way in _ways(estate) if estate.access else ():
        if not any(_opens(access, way) for access in estate.access.values()):
            yield finding.error(
                "estate/access",
                source.at(*_nearest(estate, way)),
                f"no access lets {way.sources[0]} reach {way.targets[0]} at {way.port}: "
                f"{way.purpose}",
                f"let it, from {way.sources[0]} to {way.targets[0]}",
                source.at(*way.at),
            )


def _ways(estate: Estate) -> Iterator[Way]:
    """What is in one network needs no router."""
    yield from _to_names(estate)
    node, server = estate.node_network.vlan, estate.power.server
    words, at = "nodes ask there how the battery is", ("power", "server")
    yield from _to(estate, node, server, Way((node,), (), "tcp/3493", words, at))
    host = estate.hosts.get(server)
    if host and host.vlan != estate.management:
        words = "the UPS is asked from there"
        yield Way((server, host.vlan), (estate.management,), "udp/161", words, at)


def _to_names(estate: Estate) -> Iterator[Way]:
    """Source: RFC 7766: servers of names are asked by UDP, and by TCP where an answer is long."""
    node = estate.node_network
    leased = (name for name, vlan in estate.vlans.items() if vlan.leases)
    for vlan in dict.fromkeys((node.vlan, node.provisioning, *leased)):
        for number, name in enumerate(estate.dns.servers):
            for port in ("udp/53", "tcp/53"):
                words, at = "machines there are told to ask it", ("dns", "servers", number)
                yield from _to(estate, vlan, name, Way((vlan,), (), port, words, at))


def _to(estate: Estate, vlan: str, name: str, way: Way) -> Iterator[Way]:
    host = estate.hosts.get(name)
    if host and host.vlan != vlan:
        yield msgspec.structs.replace(way, targets=(name, host.vlan))


def _opens(access: Access, way: Way) -> bool:
    ends = {*access.sources} & {*way.sources} and {*access.targets} & {*way.targets}
    return bool(ends) and (not access.ports or way.port in access.ports)


def _nearest(estate: Estate, way: Way) -> Pointer:
    """The access that has two of source, target and port; else the fact."""
    for name, access in estate.access.items():
        reaches = {*access.targets} & {*way.targets}
        if reaches and {*access.sources} & {*way.sources}:
            return ("access", name, "ports")
        if reaches and way.port in access.ports:
            return ("access", name, "from")
    return way.at
