"""Laws of what the router is told."""

from hypothesis import given
from hypothesis import strategies as st

from gitops.network.junos import compare, router, statements
from gitops.network.junos.statements import Running, Statement
from tests import estates
from tests.unit.network.junos.test_router import ACCESS

WANTED = router.statements(estates.loaded(estates.TEXT + ACCESS).estate)
FOREIGN: tuple[Statement, ...] = (
    ("system", "login", "user", "somebody", "class", "super-user"),
    ("system", "root-authentication", "encrypted-password", "$6$x"),
)
STALE: tuple[Statement, ...] = (
    ("vlans", "old", "vlan-id", "7"),
    ("interfaces", "irb", "unit", "7", "family", "inet", "address", "10.9.9.1/24"),
    ("interfaces", "ge-0/0/5", "disable"),
    ("protocols", "ospf", "area", "0.0.0.0", "interface", "irb.7"),
    ("protocols", "bgp", "group", "K8S-ONE", "neighbor", "10.0.11.99"),
    ("policy-options", "policy-statement", "K8S-ONE-IN", "term", "first", "then", "accept"),
    ("security", "policies", "from-zone", "nodes", "to-zone", "management", "policy", "x"),
    ("firewall", "family", "inet", "filter", "NODES-IN", "term", "x", "then", "discard"),
)

word = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12)


@given(st.lists(word, min_size=1).map(tuple))
def test_every_statement_is_read_as_it_was_written(found: Statement) -> None:
    assert statements.read(statements.show(found)) == Running((found,))


@given(st.data())
def test_what_the_router_is_told_makes_it_what_it_should_be(data: st.DataObject) -> None:
    """From any part of it, in any order, with things that nobody wants, and others' left alone."""
    kept = data.draw(st.sets(st.sampled_from(WANTED)))
    stale = data.draw(st.sets(st.sampled_from(STALE)))
    held = data.draw(st.permutations(sorted({*kept, *stale, *FOREIGN})))
    after = _loaded(held, compare.between(Running(tuple(held)), WANTED).lines)
    assert set(after) == {*WANTED, *FOREIGN}
    assert not compare.between(Running(tuple(after)), WANTED)
    for lead in ("policy-options", "firewall"):
        ours = [each for each in WANTED if each[0] == lead]
        assert sorted(ours, key=_place) == sorted(
            (each for each in after if each[0] == lead), key=_place
        )


def _place(found: Statement) -> Statement:
    """The policy or filter that it is of: the order of these does not count, inside it does."""
    return found[:5] if found[0] == "firewall" else found[:3]


def _loaded(held: list[Statement], lines: tuple[str, ...]) -> list[Statement]:
    """What `load set` makes of a candidate."""
    after = list(held)
    for line in lines:
        verb, _, rest = line.partition(" ")
        read = statements.read(f"set {rest}")
        assert isinstance(read, Running)
        (found,) = read.statements
        if verb == "delete":
            # Junos refuses to delete what is not there.
            assert any(each[: len(found)] == found for each in after), line
            after = [each for each in after if each[: len(found)] != found]
        else:
            assert verb == "set"
            after += [] if found in after else [found]
    return after
