"""`docs/reference/network.md`: addresses, VLANs, cables and BGP at a glance."""

from collections.abc import Iterator, Sequence

from gitops.estate import wiring
from gitops.model.estate import Estate
from gitops.network import bgp, names

PATH = "docs/reference/network.md"

_HEAD = """\
# The network

Derived from `fleet.yaml` by `gitops network render`. Why it is so: `docs/adr/0007`, `0055` and
`0060`.
"""


def text(estate: Estate) -> str:
    """The page."""
    return _HEAD + "".join(f"{line}\n" for line in _lines(estate))


def _lines(estate: Estate) -> Iterator[str]:
    yield from _section("VLANs", ("VLAN", "Id", "Network", "Router", "MTU"), _vlans(estate))
    yield from _section("BGP", ("Group", "AS", "Takes", "From", "At most"), _groups(estate))
    speaker = bgp.of(estate)
    yield ""
    yield (
        f"The router is AS {speaker.asn} at {speaker.address}. A neighbour that is silent for "
        f"{speaker.hold_time} s is given up; one that restarts has {speaker.restart_time} s."
    )
    yield from _section("Who may speak to whom", ("Access", "From", "To", "Ports"), _access(estate))
    yield from _section("Names and addresses", ("Name", "Address"), _names(estate))
    for name, switch in estate.switches.items():
        heads = ("Port", "What", "Tagged", "Untagged", "LAG")
        yield from _section(f"Switch {name}: {switch.model}", heads, _ports(estate, name))


def _section(title: str, heads: Sequence[str], rows: Iterator[tuple[object, ...]]) -> Iterator[str]:
    yield from ("", f"## {title}", "")
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(str(cell) for cell in row)} |"


def _vlans(estate: Estate) -> Iterator[tuple[object, ...]]:
    for name, vlan in estate.vlans.items():
        yield name, vlan.id, vlan.subnet, vlan.gateway, vlan.mtu


def _groups(estate: Estate) -> Iterator[tuple[object, ...]]:
    for group in bgp.of(estate).groups:
        nodes = ", ".join(f"{each.name} {each.address}" for each in group.neighbours)
        takes = f"single addresses of {group.pool}"
        yield group.name, group.asn, takes, nodes, f"{group.limit} each"


def _access(estate: Estate) -> Iterator[tuple[object, ...]]:
    for name, access in estate.access.items():
        ends = (", ".join(access.sources), ", ".join(access.targets))
        yield name, *ends, ", ".join(access.ports) or "any"


def _names(estate: Estate) -> Iterator[tuple[object, ...]]:
    for name, address in names.records(estate).items():
        yield f"{name}.{estate.domain}", address


def _ports(estate: Estate, switch: str) -> Iterator[tuple[object, ...]]:
    for port in wiring.ports(estate, switch):
        tagged = ", ".join(port.tagged) or "-"
        yield port.number, port.what, tagged, port.untagged or "-", port.group or "-"
