"""What makes the router do the same as our file."""

from gitops.network.junos import compare, router, statements
from gitops.network.junos.statements import Running, Statement
from tests import estates


def read(*lines: str) -> tuple[Statement, ...]:
    """Statements, each given without `set`."""
    found = statements.read("".join(f"set {line}\n" for line in lines))
    assert isinstance(found, Running)
    return found.statements


def lines(held: tuple[Statement, ...], wanted: tuple[Statement, ...]) -> tuple[str, ...]:
    """What the router is told."""
    return compare.between(Running(held), wanted).lines


def test_the_same_is_no_difference() -> None:
    found = router.statements(estates.loaded().estate)
    assert not compare.between(Running(found), found)


def test_order_does_not_count_where_junos_keeps_none() -> None:
    one, two = "vlans a vlan-id 1", "vlans b vlan-id 2"
    assert lines(read(one, two), read(two, one)) == ()


def test_what_is_not_ours_stays() -> None:
    held = read("system login user a class super-user", "version 21.4R3", "vlans a vlan-id 1")
    assert lines(held, read("vlans a vlan-id 1")) == ()


def test_a_part_that_is_not_wanted_goes_as_a_whole() -> None:
    held = read(
        "vlans a vlan-id 1", "vlans old vlan-id 2", "vlans old l3-interface irb.2", "applications x"
    )
    assert lines(held, read("vlans a vlan-id 1")) == ("delete applications", "delete vlans old")


def test_a_word_that_needs_a_name_is_not_deleted_without_it() -> None:
    held = read("interfaces ge-0/0/1 unit 0 family inet", "interfaces ge-0/0/1 description x")
    wanted = read("interfaces ge-0/0/1 description x")
    assert lines(held, wanted) == ("delete interfaces ge-0/0/1 unit 0",)


def test_another_value_replaces_the_one_before() -> None:
    held, wanted = read("protocols bgp group A hold-time 90"), "protocols bgp group A hold-time 9"
    assert lines(held, read(wanted)) == (
        "delete protocols bgp group A hold-time 90",
        f"set {wanted}",
    )


def test_where_order_counts_the_whole_place_is_made_anew() -> None:
    term = "policy-options policy-statement P term"
    one, two = f"{term} a then accept", f"{term} b then reject"
    assert lines(read(two, one), read(one, two)) == (
        "delete policy-options policy-statement P",
        f"set {one}",
        f"set {two}",
    )


def test_a_policy_between_other_zones_is_left_alone() -> None:
    lead = "security policies from-zone a to-zone"
    kept = f"{lead} b policy p then permit"
    held = read(kept, f"{lead} c policy p then permit")
    assert lines(held, read(kept)) == ("delete security policies from-zone a to-zone c",)


def test_a_password_that_the_router_hides_is_taken_to_be_the_same() -> None:
    lead = "protocols bgp group A authentication-key"
    assert lines(read(f"{lead} $9$abc"), read(f"{lead} op://v/i/f")) == ()


def test_a_password_that_is_missing_is_set() -> None:
    key = "protocols bgp group A authentication-key op://v/i/f"
    assert lines((), read(key)) == (f"set {key}",)


def test_what_is_switched_off_is_made_anew() -> None:
    text = (
        "set vlans a vlan-id 1\nset system login x\ndeactivate vlans a\ndeactivate system login\n"
    )
    running = statements.read(text)
    assert isinstance(running, Running)
    assert compare.between(running, read("vlans a vlan-id 1")).lines == (
        "delete vlans a",
        "set vlans a vlan-id 1",
    )
