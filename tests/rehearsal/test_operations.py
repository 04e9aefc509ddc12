"""Upgrades, teardown and drift, rehearsed on a cluster that the bootstrap made."""

import msgspec
import pytest

from gitops.bootstrap import dismantling, drift, upgrading
from gitops.bootstrap.drift import Differs, Same, Unknown
from gitops.bootstrap.running import Finished, Stopped
from gitops.bootstrap.step import Plan
from tests.rehearsal import sessions
from tests.rehearsal.sessions import Killed, Paper, Session
from tests.rehearsal.world import World

NEWER = "v1.13.10"
NAMES = ("infra-01", "infra-02", "infra-03")


def running_cluster() -> World:
    rack = sessions.rack()
    assert Session(rack, Paper()).carry_out() == Finished()
    rack.effects.clear()
    return rack


CLUSTER = running_cluster()


def cluster() -> World:
    return sessions.copy(CLUSTER)


def newer() -> Plan:
    return upgrading.talos(msgspec.structs.replace(sessions.facts(), talos=NEWER))


UPGRADED = ["snapshot", *(f"upgrade {name}" for name in NAMES)]


def test_talos_is_upgraded_node_by_node_with_ceph_whole_in_between() -> None:
    rack = cluster()
    assert Session(rack, Paper()).carry_out(newer()) == Finished()
    assert (rack.disasters, rack.effects) == ([], UPGRADED)
    assert {each.talos for each in rack.machines} == {NEWER}


def test_a_node_that_has_the_version_is_left_alone() -> None:
    rack = cluster()
    rack.machines[1].talos = NEWER
    assert Session(rack, Paper()).carry_out(newer()) == Finished()
    assert rack.effects == ["snapshot", "upgrade infra-01", "upgrade infra-03"]


@pytest.mark.parametrize("number", range(0, 60, 3))
def test_an_upgrade_that_is_killed_goes_on_without_upgrading_twice(number: int) -> None:
    rack, paper = cluster(), Paper()
    with pytest.raises(Killed):
        Session(rack, paper, within=number).carry_out(newer())
    assert Session(rack, paper).carry_out(newer()) == Finished()
    assert rack.disasters == []
    assert [each for each in rack.effects if each != "snapshot"] == UPGRADED[1:]


def test_ceph_that_is_not_whole_stops_an_upgrade_before_it_begins() -> None:
    rack = cluster()
    rack.ceph = "HEALTH_WARN"
    outcome = Session(rack, Paper()).carry_out(newer())
    assert isinstance(outcome, Stopped)
    assert outcome.step.name == "before/ceph"
    assert outcome.reason == "not within 120 s: 'HEALTH_WARN' instead of 'HEALTH_OK'"
    assert rack.effects == []


def test_ceph_that_does_not_recover_keeps_the_second_node_from_going() -> None:
    rack = cluster()
    rack.ceph_recovers = 1e6
    outcome = Session(rack, Paper()).carry_out(newer())
    assert isinstance(outcome, Stopped)
    assert outcome.step.name == "after-infra-01/ceph"
    assert rack.effects == ["snapshot", "upgrade infra-01"]


def test_a_node_that_does_not_come_back_keeps_the_others() -> None:
    rack = cluster()
    session = Session(rack, Paper())
    original = session.run

    def dying(arguments, stdin, timeout, environment):  # type: ignore[no-untyped-def]
        ended = original(arguments, stdin, timeout, environment)
        rack.machines[0].dead = "upgrade infra-01" in rack.effects
        return ended

    session.run = dying  # type: ignore[method-assign]
    outcome = session.carry_out(newer())
    assert isinstance(outcome, Stopped)
    assert outcome.step.name == "after-infra-01/etcd-infra-01"
    assert rack.effects == ["snapshot", "upgrade infra-01"]


def test_an_alarm_of_etcd_stops_an_upgrade() -> None:
    rack = cluster()
    rack.alarm = "MEMBER  ALARM\n0000000000000001  NOSPACE\n"
    outcome = Session(rack, Paper()).carry_out(newer())
    assert isinstance(outcome, Stopped)
    assert outcome.step.name == "before/alarms"


def test_kubernetes_is_upgraded_after_a_snapshot() -> None:
    rack = cluster()
    facts = msgspec.structs.replace(sessions.facts(), kubernetes="v1.33.6")
    assert Session(rack, Paper()).carry_out(upgrading.kubernetes(facts)) == Finished()
    assert (rack.disasters, rack.effects) == ([], ["snapshot", "upgrade kubernetes"])
    assert {each.kubelet for each in rack.machines} == {"v1.33.6"}


def test_teardown_wipes_each_machine_once() -> None:
    rack = cluster()
    assert Session(rack, Paper()).carry_out(dismantling.plan(sessions.facts())) == Finished()
    assert rack.effects == [f"reset {name}" for name in NAMES]


def test_teardown_wipes_nothing_while_a_machine_is_another() -> None:
    rack = cluster()
    rack.machines[2].disks = ["naa.another"]
    outcome = Session(rack, Paper()).carry_out(dismantling.plan(sessions.facts()))
    assert isinstance(outcome, Stopped)
    assert outcome.step.name == "machine/infra-03"
    assert rack.effects == []


def answers(rack: World) -> dict[str, drift.Answer]:
    session = Session(rack, Paper())
    facts = sessions.facts()
    instance = {
        **facts.instance,
        "spec": {"distribution": {"version": "2.9.4"}, "sync": {"ref": "refs/heads/main"}},
    }
    asked = drift.questions(msgspec.structs.replace(facts, instance=instance), "abc")
    return {each.subject: drift.answer(each, session) for each in asked}


def test_what_runs_as_the_repository_says_is_no_drift() -> None:
    found = answers(cluster())
    assert len(found) == 11
    assert all(isinstance(each, Same) for each in found.values())


def test_another_version_is_drift() -> None:
    rack = cluster()
    rack.machines[0].talos = "v1.13.8"
    found = [each for each in answers(rack).values() if not isinstance(each, Same)]
    assert found == [Differs("infra-01: Talos", "Talos (v1.13.8)", "Talos (v1.13.9)")]


def test_a_machine_that_does_not_answer_is_no_agreement() -> None:
    rack = cluster()
    rack.machines[2].dead = True
    found = answers(rack)["infra-03: configuration"]
    assert isinstance(found, Unknown)
    assert "no route to host" in found.reason
