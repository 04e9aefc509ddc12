"""Configurations of the switches, as lines that their console takes.

Source: TP-Link, JetStream CLI Reference Guide. Not tried on a switch.
"""

from collections.abc import Iterator

from gitops.estate import wiring
from gitops.estate.wiring import Port
from gitops.model.estate import Estate

JUMBO = 9216
"""The largest frame, of all ports of a switch; there is no setting per port."""

_TEN = {"SG3428X": range(25, 29), "SX3008F": range(1, 9)}
"""Ports with 10 Gb/s, by model: the console calls them otherwise."""

_HEAD = """\
! {model}, to be pasted into its console or sent by SSH.
! Derived from fleet.yaml by `gitops network render`: change that file and run it again.
! Users and passwords are not among it; they stay on the switch.
configure
hostname "{name}"
jumbo-size {jumbo}
"""


def path(switch: str) -> str:
    """Where the configuration of a switch stands."""
    return f"network/switches/{switch}.cfg"


def text(estate: Estate, name: str) -> str:
    """The whole of it. A port that nothing hangs on is off."""
    switch = estate.switches[name]
    head = _HEAD.format(model=switch.model, name=name, jumbo=JUMBO)
    return head + "".join(f"{line}\n" for line in _lines(estate, name))


def _lines(estate: Estate, name: str) -> Iterator[str]:
    yield from _vlans(estate)
    yield "spanning-tree mode rstp"
    yield "spanning-tree"
    yield "port-channel load-balance src-dst-ip"
    yield "lldp"
    used = wiring.ports(estate, name)
    for group in sorted({port.group for port in used if port.group}):
        members = [port for port in used if port.group == group]
        yield from _group(estate, name, members)
    for number in range(1, estate.switches[name].ports + 1):
        yield from _port(estate, name, number, used)
    yield from _management(estate, name)
    yield "end"
    yield "copy running-config startup-config"


def _vlans(estate: Estate) -> Iterator[str]:
    for name, vlan in estate.vlans.items():
        yield f"vlan {vlan.id}"
        yield f'  name "{name}"'
        yield "  exit"


def _group(estate: Estate, name: str, members: list[Port]) -> Iterator[str]:
    """Ports join the group first: what is set for it then holds for all of them."""
    first = members[0]
    for port in members:
        yield f"interface {_interface(estate, name, port.number)}"
        yield f"  channel-group {first.group} mode active"
        yield "  exit"
    yield f"interface port-channel {first.group}"
    yield from _membership(estate, first)
    yield "  exit"


def _port(estate: Estate, name: str, number: int, used: tuple[Port, ...]) -> Iterator[str]:
    found = next((port for port in used if port.number == number), None)
    yield f"interface {_interface(estate, name, number)}"
    if found is None:
        yield '  description "unused"'
        yield "  shutdown"
    else:
        yield f'  description "{found.what}"'
        yield "  no shutdown"
        if not found.group:
            yield from _membership(estate, found)
        if found.untagged:
            yield "  spanning-tree common-config portfast enable"
    yield "  exit"


def _membership(estate: Estate, port: Port) -> Iterator[str]:
    """VLAN 1 is where a port is if nobody says anything: nothing of ours is there."""
    if port.tagged:
        ids = ",".join(str(estate.vlans[name].id) for name in port.tagged)
        yield f"  switchport general allowed vlan {ids} tagged"
    if port.untagged:
        number = estate.vlans[port.untagged].id
        yield f"  switchport general allowed vlan {number} untagged"
        yield f"  switchport pvid {number}"
    yield "  no switchport general allowed vlan 1"


def _management(estate: Estate, name: str) -> Iterator[str]:
    vlan, switch = estate.vlans[estate.management], estate.switches[name]
    yield f"interface vlan {vlan.id}"
    yield f"  ip address {switch.address} {vlan.subnet.netmask}"
    yield "  exit"
    yield f"ip route 0.0.0.0 0.0.0.0 {vlan.gateway}"
    yield f"ip management-vlan {vlan.id}"


def _interface(estate: Estate, name: str, number: int) -> str:
    model = estate.switches[name].model
    ten = any(number in ports for known, ports in _TEN.items() if known in model)
    return f"{'ten-gigabitEthernet' if ten else 'gigabitEthernet'} 1/0/{number}"
