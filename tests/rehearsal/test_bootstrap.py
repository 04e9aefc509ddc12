"""The bootstrap, rehearsed: programs that answer like the real ones, and a clock that runs fast."""

from collections import Counter

import pytest

from gitops.bootstrap import installing
from gitops.bootstrap.journal import State
from gitops.bootstrap.running import Completed, Finished, Skipped, Started, Stopped, Waiting
from gitops.bootstrap.step import Ensure, Once
from tests.rehearsal import sessions
from tests.rehearsal.sessions import Killed, Paper, Session
from tests.rehearsal.world import World

ONCE = ("configure infra-01", "configure infra-02", "configure infra-03", "bootstrap infra-01")
"""What must never happen a second time."""

DONE = [
    "configure infra-01",
    "configure infra-02",
    "configure infra-03",
    "bootstrap infra-01",
    "apply Namespace/external-secrets",
    "apply Namespace/flux-system",
    "apply Secret/kube-system/cilium-ca",
    "apply Secret/kube-system/bgp-router",
    "apply Secret/external-secrets/onepassword-connect-token",
    "apply gateway-api",
    "apply CustomResourceDefinition/servicemonitors.monitoring.coreos.com",
    "sync cilium",
    "sync coredns",
    "sync flux-operator",
    "apply FluxInstance/flux-system/flux",
]
"""All that changes the world, in order."""


def happy() -> Session:
    session = Session(sessions.rack(), Paper())
    assert session.carry_out() == Finished()
    return session


COMMANDS = len(happy().commands)


def healthy(world: World) -> None:
    """Everything was done, in this order, and what must not happen twice did not."""
    assert world.disasters == []
    assert list(dict.fromkeys(world.effects)) == DONE
    assert {each: Counter(world.effects)[each] for each in ONCE} == dict.fromkeys(ONCE, 1)


def test_machines_become_a_cluster() -> None:
    world = happy().world
    assert (world.disasters, world.effects) == ([], DONE)


def test_a_second_session_changes_nothing() -> None:
    first = happy()
    second = Session(first.world, first.paper)
    assert second.carry_out() == Finished()
    assert (first.world.disasters, first.world.effects) == ([], DONE)
    skipped = [each.step.name for each in second.events if isinstance(each, Skipped)]
    steps = sessions.plan().steps
    assert skipped == [
        step.name
        for step in steps
        if isinstance(step.act, Once) or (isinstance(step.act, Ensure) and not step.act.always)
    ]


@pytest.mark.parametrize("number", range(COMMANDS))
def test_killed_before_a_command_and_gone_on(number: int) -> None:
    paper, rack = Paper(), sessions.rack()
    with pytest.raises(Killed):
        Session(rack, paper, before=number).carry_out()
    assert Session(rack, paper).carry_out() == Finished()
    healthy(rack)


@pytest.mark.parametrize("number", range(COMMANDS))
def test_killed_within_a_command_and_gone_on(number: int) -> None:
    paper, rack = Paper(), sessions.rack()
    with pytest.raises(Killed):
        Session(rack, paper, within=number).carry_out()
    assert Session(rack, paper).carry_out() == Finished()
    healthy(rack)


def test_killed_again_and_again() -> None:
    paper, rack = Paper(), sessions.rack()
    for _ in range(COMMANDS):
        try:
            outcome = Session(rack, paper, within=25).carry_out()
        except Killed:
            continue
        assert outcome == Finished()
        break
    else:
        # Each session looks at more than 25 things before it comes to anything new.
        assert Session(rack, paper).carry_out() == Finished()
    healthy(rack)


@pytest.mark.parametrize("number", range(0, COMMANDS, 7))
def test_gone_on_without_a_journal(number: int) -> None:
    """Somebody else goes on, from another machine: what cannot be given twice is looked for."""
    rack = sessions.rack()
    with pytest.raises(Killed):
        Session(rack, Paper(), within=number).carry_out()
    outcome = Session(rack, Paper()).carry_out()
    if isinstance(outcome, Stopped):
        # A release that nobody here began may be in the hands of whoever did.
        assert "another operation" in outcome.reason
        return
    assert outcome == Finished()
    healthy(rack)


def test_an_api_that_comes_and_goes_is_waited_for() -> None:
    rack = sessions.rack()
    rack.flapping = True
    session = Session(rack, Paper())
    assert session.carry_out() == Finished()
    healthy(rack)
    reasons = {each.reason for each in session.events if isinstance(each, Waiting)}
    assert (
        "The connection to the server 10.25.11.11:6443 was refused - did you specify the right "
        "host or port?" in reasons
    )


def test_a_node_that_never_answers_stops_everything_before_a_machine_is_touched() -> None:
    rack = sessions.rack()
    rack.machines[1].dead = True
    outcome = Session(rack, Paper()).carry_out()
    assert isinstance(outcome, Stopped)
    assert outcome.step.name == "machine/infra-02"
    assert outcome.reason.startswith(
        "not within 300 s: error getting: rpc error: code = Unavailable"
    )
    assert rack.effects == []


def test_a_node_that_dies_while_it_is_installed_stops_before_etcd() -> None:
    rack, paper = sessions.rack(), Paper()
    session = Session(rack, paper)
    original = session.run

    def dying(arguments, stdin, timeout, environment):  # type: ignore[no-untyped-def]
        ended = original(arguments, stdin, timeout, environment)
        rack.machines[2].dead = rack.machines[2].configured < 1e9
        return ended

    session.run = dying  # type: ignore[method-assign]
    outcome = session.carry_out()
    assert isinstance(outcome, Stopped)
    assert outcome.step.name == "configure/infra-03"
    assert "KVM, port 3" in outcome.remedy
    assert rack.effects == ["configure infra-01", "configure infra-02", "configure infra-03"]
    rack.machines[2].dead = False
    assert Session(rack, paper).carry_out() == Finished()
    healthy(rack)


def test_exchanged_cables_are_noticed_before_a_machine_is_touched() -> None:
    rack = sessions.exchanged(sessions.rack())
    outcome = Session(rack, Paper()).carry_out()
    assert isinstance(outcome, Stopped)
    assert outcome.step.name == "machine/infra-01"
    assert "cables or addresses are exchanged" in outcome.remedy
    assert rack.effects == []


def test_another_order_of_nodes_begins_no_second_etcd() -> None:
    first = happy()
    again = Session(first.world, first.paper)
    outcome = again.carry_out(installing.plan(sessions.reordered(sessions.facts())))
    assert isinstance(outcome, Stopped)
    assert outcome.step.name == "etcd/bootstrap"
    assert outcome.reason == "it was done for infra-01, and now would be for infra-02"
    assert first.world.effects == DONE


def test_another_order_without_a_journal_begins_no_second_etcd() -> None:
    rack = happy().world
    outcome = Session(rack, Paper()).carry_out(
        installing.plan(sessions.reordered(sessions.facts()))
    )
    assert outcome == Finished()
    healthy(rack)


def killed_at(argument: str, rack: World, paper: Paper) -> None:
    """A session that dies before it hears what became of the command that ends so."""
    number = next(at for at, each in enumerate(happy().commands) if each[-1] == argument)
    refused = 2  # `bootstrap` is not available at first, and then there is no time yet.
    with pytest.raises(Killed):
        Session(rack, paper, within=number + refused).carry_out()


def test_etcd_that_was_begun_is_looked_for_before_it_is_begun_again() -> None:
    rack, paper = sessions.rack(), Paper()
    killed_at("bootstrap", rack, paper)
    assert paper.read().entries["etcd/bootstrap"].state is State.BEGUN
    session = Session(rack, paper)
    assert session.carry_out() == Finished()
    assert [each for each in session.commands if each[-1] == "bootstrap"] == []
    healthy(rack)


def test_etcd_that_refuses_to_begin_again_is_taken_for_begun() -> None:
    """It shows itself only after nobody looks for it any more."""
    rack, paper = sessions.rack(), Paper()
    killed_at("bootstrap", rack, paper)
    rack.etcd_at = rack.now + 200
    session = Session(rack, paper)
    assert session.carry_out() == Finished()
    assert [each[-1] for each in session.commands if each[-1] == "bootstrap"] == ["bootstrap"]
    healthy(rack)


def test_etcd_of_one_member_is_enough_to_begin_no_second() -> None:
    """Somebody else goes on, with another first node, which has not joined yet."""
    rack = sessions.rack()
    killed_at("bootstrap", rack, Paper())
    rack.etcd_at = rack.now - 8
    wanted = installing.plan(sessions.reordered(sessions.facts()))
    assert Session(rack, Paper()).carry_out(wanted) == Finished()
    healthy(rack)


def test_a_machine_whose_answer_got_lost_is_configured_once() -> None:
    rack = sessions.rack()
    rack.answers_get_lost = True
    assert Session(rack, Paper()).carry_out() == Finished()
    healthy(rack)


def test_ctrl_c_leaves_a_journal_that_goes_on() -> None:
    rack, paper = sessions.rack(), Paper()
    session = Session(rack, paper)

    def sleep(seconds: float) -> None:
        raise KeyboardInterrupt

    session.sleep = sleep  # type: ignore[method-assign]
    outcome = session.carry_out()
    assert type(outcome).__name__ == "Interrupted"
    assert Session(rack, paper).carry_out() == Finished()
    healthy(rack)


def test_secrets_are_in_no_event_and_in_no_journal() -> None:
    session = happy()
    assert session.paper.content is not None
    told = repr(session.events).encode() + session.paper.content
    assert b"value of" not in told


def test_every_step_is_begun_before_it_is_done() -> None:
    session = happy()
    started = [each.step.name for each in session.events if isinstance(each, Started)]
    completed = [each.step.name for each in session.events if isinstance(each, Completed)]
    assert started == completed == [step.name for step in sessions.plan().steps]
