"""Whether the devices of the network can do what `fleet.yaml` asks of them together."""

from collections.abc import Iterator, Sequence

from gitops.check.index import Index
from gitops.estate import pointing, wiring
from gitops.estate.loading import Loaded
from gitops.estate.place import Pointer
from gitops.estate.wiring import Attachment
from gitops.model import finding
from gitops.model.finding import Finding

_LARGEST = 9192
"""Bytes; the largest frame of a port of an SRX of the branch series (Junos, `mtu`)."""

_HEADER = 14 + 4
"""Bytes of a frame besides its packet, with the tag of a VLAN."""

_MEMBERS, _GROUPS = 8, 8
"""Ports of a LAG and LAGs of a switch, at most (TP-Link, JetStream L2+ switches)."""


def cabled(clusters: Sequence[Index]) -> Iterator[Finding]:
    """Once, however many clusters there are; not while names in the file mean nothing."""
    for facts in clusters[:1]:
        loaded = facts.knowledge.estate
        wrong = {mistake.rule for mistake in facts.knowledge.mistakes}
        if loaded and "estate/unknown-name" not in wrong:
            yield from _split(loaded)
            yield from _sizes(loaded)
            yield from _frames(loaded)
            yield from _reach(loaded)
            yield from _leases(loaded)


def _split(loaded: Loaded) -> Iterator[Finding]:
    """A LAG has both of its ends in one device; nodes are told of by `estate/limit`."""
    for each in wiring.attachments(loaded.estate):
        switches = sorted({plug.switch for plug in each.plugs})
        if each.bound and len(switches) > 1 and each.at[0] != "clusters":
            yield finding.error(
                "network/lag-split",
                loaded.at(*each.at),
                f"the links of {each.what} act as one and end in {' and '.join(switches)}, which "
                "are two devices: LACP takes the ports of one and leaves the others idle",
                "plug all of them into one switch",
            )


def _sizes(loaded: Loaded) -> Iterator[Finding]:
    groups: dict[str, list[Attachment]] = {}
    for each in wiring.attachments(loaded.estate):
        if each.bound:
            groups.setdefault(each.plugs[0].switch, []).append(each)
        if each.bound and len(each.plugs) > _MEMBERS:
            message = f"{len(each.plugs)} links of {each.what} act as one: a LAG has {_MEMBERS}"
            yield _size(loaded, each.at, message)
    for switch, found in groups.items():
        if len(found) > _GROUPS:
            message = f"switch {switch} has {len(found)} LAGs, and can have {_GROUPS}"
            yield _size(loaded, ("switches", switch), message)


def _size(loaded: Loaded, at: Pointer, message: str) -> Finding:
    hint = "the switch refuses what is more; use fewer, or another switch"
    return finding.error("network/lag-size", loaded.at(*at), message, hint)


def _frames(loaded: Loaded) -> Iterator[Finding]:
    for name, vlan in loaded.estate.vlans.items():
        if vlan.mtu + _HEADER > _LARGEST:
            yield finding.error(
                "network/frame-size",
                loaded.at("vlans", name, "mtu"),
                f"packets of {vlan.mtu} bytes in {name} are frames of {vlan.mtu + _HEADER}, and "
                f"the ports of the router take {_LARGEST}",
                f"{_LARGEST - _HEADER} is the most; 9000 is what everybody expects",
            )


def _reach(loaded: Loaded) -> Iterator[Finding]:
    """From every switch, uplinks lead to the one that the router hangs on."""
    estate = loaded.estate
    core = {plug.switch for plug in estate.router.links.values()}
    for name, switch in estate.switches.items():
        seen, here = [name], switch
        while here.uplink and here.uplink.to not in seen and seen[-1] not in core:
            seen.append(here.uplink.to)
            here = estate.switches[here.uplink.to]
        if seen[-1] not in core:
            yield finding.error(
                "network/no-way",
                loaded.at("switches", name),
                f"from switch {name} no uplink leads to the router: {' to '.join(seen)} is the end",
                "give it an uplink to the switch that the router is plugged into",
                loaded.at("router", "links"),
            )


def _leases(loaded: Loaded) -> Iterator[Finding]:
    """The router hands out no address that somebody has."""
    taken = list(pointing.addresses(loaded.estate))
    for name, vlan in loaded.estate.vlans.items():
        leases, at = vlan.leases, ("vlans", name, "leases")
        if leases is None:
            continue
        if leases.first > leases.last:
            message = f"{leases.first} to {leases.last} holds no address"
            hint = "the first comes first"
            yield finding.error("network/leases", loaded.at(*at), message, hint)
        for each in taken:
            if each.at[:3] != at and leases.first <= each.address <= leases.last:
                yield finding.error(
                    "network/leases",
                    loaded.at(*at),
                    f"{each.address} is {each.what}, and the router gives it to anybody in {name}",
                    "choose a range that holds no address of anything",
                    loaded.at(*each.at),
                )
