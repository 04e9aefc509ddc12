"""Names that stand for something else in the file."""

from collections.abc import Iterator, Mapping

from gitops.estate import pointing
from gitops.estate.place import Pointer, Source
from gitops.model import finding
from gitops.model.estate import Estate
from gitops.model.finding import Finding

ENDS = ("apis", "internet", "load-balancers", "nas")
"""Ends of an access besides VLANs and hosts."""


def findings(estate: Estate, source: Source) -> Iterator[Finding]:
    """Names that nothing has."""
    things: Mapping[str, Mapping[str, object]] = {
        "VLAN": estate.vlans,
        "host": estate.hosts,
        "switch": estate.switches,
        "machine": estate.machines,
        "end": {**dict.fromkeys(ENDS), **estate.vlans, **estate.hosts},
    }
    for kind, name, at in _used(estate):
        if name not in things[kind]:
            yield finding.error(
                "estate/unknown-name",
                source.at(*at),
                f"there is no {kind} {name!r}",
                f"there are {', '.join(sorted(things[kind])) or 'none'}",
            )


def _used(estate: Estate) -> Iterator[tuple[str, str, Pointer]]:
    yield "VLAN", estate.management, ("management",)
    yield "VLAN", estate.node_network.vlan, ("node-network", "vlan")
    yield "VLAN", estate.node_network.provisioning, ("node-network", "provisioning")
    yield "VLAN", estate.nas.vlan, ("nas", "vlan")
    for name, host in estate.hosts.items():
        yield "VLAN", host.vlan, ("hosts", name, "vlan")
    for position, name in enumerate(estate.dns.servers):
        yield "host", name, ("dns", "servers", position)
    yield from _ends(estate)
    yield "host", estate.power.server, ("power", "server")
    yield "host", estate.tape_library.host, ("tape-library", "host")
    for _, node, at in pointing.machines(estate):
        yield "machine", node.machine, (*at, "machine")
    for _, plug, at in pointing.plugs(estate):
        yield "switch", plug.switch, (*at, "switch")
    for name, switch in estate.switches.items():
        if switch.uplink:
            yield "switch", switch.uplink.to, ("switches", name, "uplink", "to")


def _ends(estate: Estate) -> Iterator[tuple[str, str, Pointer]]:
    for name, access in estate.access.items():
        for side, ends in (("from", access.sources), ("to", access.targets)):
            for position, end in enumerate(ends):
                yield "end", end, ("access", name, side, position)
