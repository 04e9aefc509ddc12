"""What hangs on which ports of the switches, and how it speaks there."""

from collections.abc import Iterator

import msgspec

from gitops.estate.place import Pointer
from gitops.model.estate import BondMode, Estate, Plug


class Attachment(msgspec.Struct, frozen=True):
    """Something, and all its cables to switches. `untagged` is the VLAN of what it sends without a
    tag, if it may; `bound` cables act as one, by LACP. `at` leads to it in the file.
    """

    what: str
    plugs: tuple[Plug, ...]
    tagged: tuple[str, ...]
    untagged: str
    at: Pointer
    bound: bool = False


class Port(msgspec.Struct, frozen=True):
    """A port of a switch that is in use. `group` is the number of its LAG on that switch; 0 is
    none."""

    number: int
    what: str
    tagged: tuple[str, ...]
    untagged: str
    group: int


def attachments(estate: Estate) -> Iterator[Attachment]:
    """All that is plugged into switches, with both ends of what joins them."""
    everything = tuple(estate.vlans)
    router = estate.router
    if router.links:
        cables = tuple(router.links.values())
        what = f"router {router.trunk}"
        yield Attachment(what, cables, everything, "", ("router", "links"), bound=True)
    yield from _nodes(estate)
    yield from _hosts(estate)
    yield from _managed(estate)
    for name, switch in estate.switches.items():
        if switch.uplink:
            at = ("switches", name, "uplink")
            there, here = switch.uplink.to_ports, switch.uplink.ports
            bound = len(here) > 1
            below = tuple(Plug(switch=name, port=port) for port in here)
            above = tuple(Plug(switch=switch.uplink.to, port=port) for port in there)
            up, down = f"switch {switch.uplink.to}", f"switch {name}"
            yield Attachment(up, below, everything, "", (*at, "ports"), bound=bound)
            yield Attachment(down, above, everything, "", (*at, "to-ports"), bound=bound)


def _nodes(estate: Estate) -> Iterator[Attachment]:
    network = estate.node_network
    bound = network.bond.mode is BondMode.LACP
    for cluster, found in estate.clusters.items():
        for name, node in found.nodes.items():
            at: Pointer = ("clusters", cluster, "nodes", name, "links")
            plugs: tuple[Plug, ...] = node.links.bond
            tagged, untagged = (network.vlan,), network.provisioning
            yield Attachment(name, plugs, tagged, untagged, (*at, "bond"), bound=bound)
            wake = (node.links.wake,)
            yield Attachment(f"{name} wake", wake, (), estate.management, (*at, "wake"))


def _hosts(estate: Estate) -> Iterator[Attachment]:
    for name, host in estate.hosts.items():
        if host.links:
            at = ("hosts", name, "links")
            bound = len(host.links) > 1
            yield Attachment(f"host {name}", host.links, (), host.vlan, at, bound=bound)
    nas = estate.nas
    bound = len(nas.links) > 1
    yield Attachment("NAS", nas.links, (), nas.vlan, ("nas", "links"), bound=bound)


def _managed(estate: Estate) -> Iterator[Attachment]:
    power = estate.power
    found: list[tuple[str, Plug, Pointer]] = [
        ("tape library", estate.tape_library.link, ("tape-library", "link")),
        ("UPS", power.ups.link, ("power", "ups", "link")),
        ("ATS", power.ats.link, ("power", "ats", "link")),
        ("KVM", estate.kvm.link, ("kvm", "link")),
    ]
    for what, plug, at in found:
        yield Attachment(what, (plug,), (), estate.management, at)


def ports(estate: Estate, switch: str) -> tuple[Port, ...]:
    """The ports of a switch that are in use, by their numbers. LAGs are numbered from 1, in the
    order of their first ports."""
    here = sorted(
        (
            (sorted(plug.port for plug in each.plugs if plug.switch == switch), each)
            for each in attachments(estate)
            if any(plug.switch == switch for plug in each.plugs)
        ),
        key=lambda each: each[0],
    )
    bound = [numbers for numbers, each in here if each.bound]
    found = [
        Port(number, each.what, each.tagged, each.untagged, _group(bound, numbers))
        for numbers, each in here
        for number in numbers
    ]
    return tuple(sorted(found, key=lambda port: port.number))


def _group(bound: list[list[int]], numbers: list[int]) -> int:
    return bound.index(numbers) + 1 if numbers in bound else 0
