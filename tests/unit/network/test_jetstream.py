"""Lines for the consoles of the switches."""

from gitops.network import jetstream
from tests import estates

TOR = """\
! another switch, to be pasted into its console or sent by SSH.
! Derived from fleet.yaml by `gitops network render`: change that file and run it again.
! Users and passwords are not among it; they stay on the switch.
configure
hostname "tor"
jumbo-size 9216
vlan 11
  name "nodes"
  exit
vlan 13
  name "provisioning"
  exit
vlan 99
  name "management"
  exit
spanning-tree mode rstp
spanning-tree
port-channel load-balance src-dst-ip
lldp
interface gigabitEthernet 1/0/1
  description "one-01"
  no shutdown
  switchport general allowed vlan 11 tagged
  switchport general allowed vlan 13 untagged
  switchport pvid 13
  no switchport general allowed vlan 1
  spanning-tree common-config portfast enable
  exit
interface gigabitEthernet 1/0/2
  description "two-01"
  no shutdown
  switchport general allowed vlan 11 tagged
  switchport general allowed vlan 13 untagged
  switchport pvid 13
  no switchport general allowed vlan 1
  spanning-tree common-config portfast enable
  exit
interface gigabitEthernet 1/0/3
  description "switch core"
  no shutdown
  switchport general allowed vlan 11,13,99 tagged
  no switchport general allowed vlan 1
  exit
interface gigabitEthernet 1/0/4
  description "unused"
  shutdown
  exit
interface vlan 99
  ip address 10.0.99.11 255.255.255.0
  exit
ip route 0.0.0.0 0.0.0.0 10.0.99.1
ip management-vlan 99
end
copy running-config startup-config
"""


def small() -> str:
    """The switch `tor` has four ports, and its uplink is the third."""
    return estates.changed(
        ("    ports: 8\n    uplink:\n      ports:\n        - 8\n", _UPLINK),
    )


_UPLINK = "    ports: 4\n    uplink:\n      ports:\n        - 3\n"


def test_a_switch_is_told_what_hangs_on_each_port() -> None:
    assert jetstream.text(estates.loaded(small()).estate, "tor") == TOR


def test_the_ports_of_a_group_join_it_before_it_is_told_anything() -> None:
    text = estates.changed(
        ("    - switch: core\n      port: 4\n", "    - switch: core\n      port: 4\n" + _SECOND)
    )
    found = jetstream.text(estates.loaded(text).estate, "core")
    # The router has the first group, though one link alone is in it.
    assert found[found.index("interface") : found.index('  description "router ae0"')] == (
        "interface gigabitEthernet 1/0/1\n  channel-group 1 mode active\n  exit\n"
        "interface port-channel 1\n"
        "  switchport general allowed vlan 11,13,99 tagged\n"
        "  no switchport general allowed vlan 1\n  exit\n"
        "interface gigabitEthernet 1/0/4\n  channel-group 2 mode active\n  exit\n"
        "interface gigabitEthernet 1/0/7\n  channel-group 2 mode active\n  exit\n"
        "interface port-channel 2\n"
        "  switchport general allowed vlan 11 untagged\n  switchport pvid 11\n"
        "  no switchport general allowed vlan 1\n  exit\n"
        "interface gigabitEthernet 1/0/1\n"
    )


_SECOND = "    - switch: core\n      port: 7\n"


def test_a_port_with_ten_gigabits_has_another_name() -> None:
    text = estates.changed(("model: a switch", "model: TP-Link SG3428X"))
    assert "interface ten-gigabitEthernet" not in jetstream.text(estates.loaded().estate, "core")
    many = text.replace("ports: 16", "ports: 28").replace("        - 16\n", "        - 25\n")
    found = jetstream.text(estates.loaded(many).estate, "core")
    assert 'interface ten-gigabitEthernet 1/0/25\n  description "switch tor"' in found
    assert "interface gigabitEthernet 1/0/24\n" in found
