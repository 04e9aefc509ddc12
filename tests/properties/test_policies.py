"""Laws of network policies, whatever they say."""

from hypothesis import given
from hypothesis import strategies as st

from gitops.check.index import Owned
from gitops.check.traffic.policies import identities, rules
from gitops.check.traffic.policies.peers import Selector
from gitops.check.traffic.policies.rules import Connection, Direction, Open, Policy, PortRange, Rule
from gitops.model.build import Suspended, Unit
from gitops.model.ids import ObjectId
from gitops.model.manifest import manifest
from gitops.model.origin import NOWHERE, Origin

ID = ObjectId("cilium.io", "v2", "CiliumNetworkPolicy", "web", "policy")
OWNED = Owned(Unit(ID, Origin(NOWHERE), None, Suspended()), manifest({}, Origin(NOWHERE)))
NAMES = st.sampled_from(["a", "b", "c"])
PORTS = st.integers(min_value=1, max_value=4)
DIRECTIONS: st.SearchStrategy[Direction] = st.sampled_from(["ingress", "egress"])


def pod(app: str) -> identities.Identity:
    return identities.pod(app, "web", {"app": app}, {})


selectors = NAMES.map(lambda app: Selector((("k8s:app", app),)))
ranges = st.tuples(PORTS, PORTS).map(lambda p: PortRange(min(p), max(p), "TCP"))
some_rules = st.builds(
    Rule,
    pointer=st.just(("spec",)),
    peers=st.none() | st.lists(selectors, max_size=2).map(tuple),
    ports=st.none() | st.lists(ranges, max_size=2).map(tuple),
    denies=st.booleans(),
)
some_policies = st.builds(
    Policy,
    owned=st.just(OWNED),
    pointer=st.just(("spec",)),
    where=st.just("web"),
    subject=selectors,
    closes=st.frozensets(DIRECTIONS),
    ingress=st.lists(some_rules, max_size=3).map(tuple),
    egress=st.lists(some_rules, max_size=3).map(tuple),
)
connections = st.builds(
    Connection, source=NAMES.map(pod), target=NAMES.map(pod), port=PORTS, protocol=st.just("TCP")
)


def is_open(policies: list[Policy], connection: Connection, direction: Direction) -> bool:
    return isinstance(rules.judge(policies, connection, direction), Open)


@given(connections, DIRECTIONS)
def test_without_policies_everything_is_open(connection: Connection, side: Direction) -> None:
    assert is_open([], connection, side)


@given(st.lists(some_policies), connections, DIRECTIONS)
def test_the_order_of_policies_does_not_matter(
    policies: list[Policy], connection: Connection, side: Direction
) -> None:
    assert is_open(policies, connection, side) == is_open(policies[::-1], connection, side)


@given(st.lists(some_policies), some_policies, connections, DIRECTIONS)
def test_one_more_policy_that_only_allows_and_closes_nothing_never_closes(
    policies: list[Policy], more: Policy, connection: Connection, side: Direction
) -> None:
    allowing = Policy(
        OWNED,
        (),
        "web",
        more.subject,
        frozenset(),
        tuple(rule for rule in more.ingress if not rule.denies),
        tuple(rule for rule in more.egress if not rule.denies),
    )
    if is_open(policies, connection, side):
        assert is_open([*policies, allowing], connection, side)


@given(st.lists(some_policies), some_policies, connections, DIRECTIONS)
def test_one_more_policy_that_closes_and_allows_nothing_never_opens(
    policies: list[Policy], more: Policy, connection: Connection, side: Direction
) -> None:
    closing = Policy(OWNED, (), "web", more.subject, more.closes)
    if not is_open(policies, connection, side):
        assert not is_open([*policies, closing], connection, side)


@given(st.lists(some_policies), connections, DIRECTIONS)
def test_what_is_forbidden_stays_so_whatever_else_is_allowed(
    policies: list[Policy], connection: Connection, side: Direction
) -> None:
    deny, allow = Rule((), None, None, denies=True), Rule(())
    forbidding = Policy(OWNED, (), "web", Selector(), frozenset(), (deny,), (deny,))
    allowing = Policy(OWNED, (), "web", Selector(), frozenset(), (allow,), (allow,))
    assert not is_open([allowing, *policies, forbidding], connection, side)


@given(st.lists(some_policies), connections)
def test_one_side_does_not_decide_for_the_other(
    policies: list[Policy], connection: Connection
) -> None:
    one_sided = [
        Policy(OWNED, (), "web", each.subject, each.closes - {"egress"}, each.ingress)
        for each in policies
    ]
    assert is_open(one_sided, connection, "egress")
