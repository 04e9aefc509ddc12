"""What hangs on which ports."""

from gitops.estate import wiring
from gitops.estate.wiring import Port
from tests import estates

EVERYTHING = ("nodes", "provisioning", "management")


def test_ports_are_told_in_their_order_with_what_passes_them() -> None:
    assert wiring.ports(estates.loaded().estate, "tor") == (
        Port(1, "one-01", ("nodes",), "provisioning", 0),
        Port(2, "two-01", ("nodes",), "provisioning", 0),
        Port(8, "switch core", EVERYTHING, "", 0),
    )


def test_links_that_act_as_one_share_the_number_of_their_group() -> None:
    text = estates.changed(
        ("      ports:\n        - 8\n", "      ports:\n        - 7\n        - 8\n"),
        ("      to-ports:\n        - 16\n", "      to-ports:\n        - 10\n        - 16\n"),
    )
    estate = estates.loaded(text).estate
    assert [(port.number, port.group) for port in wiring.ports(estate, "tor")] == [
        (1, 0),
        (2, 0),
        (7, 1),
        (8, 1),
    ]
    groups = {port.number: port.group for port in wiring.ports(estate, "core") if port.group}
    assert groups == {1: 1, 10: 2, 16: 2}


def test_a_bond_that_only_waits_is_no_group() -> None:
    found = [each for each in wiring.attachments(estates.loaded().estate) if each.what == "one-01"]
    assert [(len(each.plugs), each.bound) for each in found] == [(2, False)]


def test_both_ends_of_an_uplink_are_told() -> None:
    found = [each for each in wiring.attachments(estates.loaded().estate) if "switch" in each.what]
    assert [(each.what, each.plugs[0].switch, each.plugs[0].port) for each in found] == [
        ("switch core", "tor", 8),
        ("switch tor", "core", 16),
    ]
