"""Outages from beginning to end, with a UPS, programs and a clock that follow a script."""

from collections.abc import Callable, Mapping

from gitops.bootstrap.running import Finished, Ports, Stopped
from gitops.power import carrying, outage
from gitops.power.carrying import Care, Haste
from gitops.power.groups import Group
from gitops.power.outage import Ended, Watch
from gitops.sources import process
from tests import estates, outages


class Clock:
    """Time passes only by sleeping, and by what programs take."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds

    def moment(self) -> str:
        return "2026-11-24T02:00:00Z"


class Runner:
    """Asks a function what a call gives."""

    def __init__(self, answer: Callable[[str], tuple[int, str, str]]) -> None:
        self.calls: list[str] = []
        self._answer = answer

    def run(
        self,
        arguments: tuple[str, ...],
        stdin: bytes,
        timeout: float,
        environment: Mapping[str, str],
    ) -> process.Ended:
        words = " ".join(arguments)
        self.calls.append(words)
        code, out, err = self._answer(words)
        return process.Ended(code, out.encode(), err)


class Kept:
    """A journal in memory."""

    def __init__(self) -> None:
        self.content: bytes | None = None

    def load(self) -> bytes | None:
        return self.content

    def save(self, content: bytes) -> None:
        self.content = content


def well(words: str) -> tuple[int, str, str]:
    for pattern, answer in outages.WELL.items():
        if pattern in words:
            return answer
    return 0, "", ""


def refused(words: str) -> tuple[int, str, str]:
    """kubectl, where no API server listens."""
    if words.startswith("kubectl"):
        message = (
            "The connection to the server one.example.org:6443 was refused - did you specify the "
            "right host or port?"
        )
        return 1, "", message
    return well(words)


def ports(runner: Runner, kept: Kept | None = None) -> Ports:
    return Ports(runner, Clock(), kept or Kept(), lambda event: None)


ONE = outages.all_groups()[1]


def test_with_care_the_first_failure_ends_it() -> None:
    runner = Runner(refused)
    carried = carrying.carry_out(ONE.down, ports(runner), Care())
    assert isinstance(carried.outcome, Stopped)
    assert carried.outcome.step.name == "reach"
    assert all("readyz" in call for call in runner.calls)


def test_in_haste_machines_are_switched_off_even_if_the_cluster_is_out_of_reach() -> None:
    runner = Runner(refused)
    carried = carrying.carry_out(ONE.down, ports(runner), Haste(600))
    assert carried.outcome == Finished()
    assert [each.step.name for each in carried.failed] == ["reach"]
    assert carried.left_out == tuple(step.name for step in ONE.down.steps[1:-1])
    assert runner.calls[-1].endswith("shutdown --force")


def test_in_haste_a_namespace_that_hangs_does_not_take_the_time_of_the_machines() -> None:
    def hangs(words: str) -> tuple[int, str, str]:
        if "--namespace shop get pods" in words:
            return 0, "web-0", ""
        return well(words)

    runner = Runner(hangs)
    carried = carrying.carry_out(ONE.down, ports(runner), Haste(100))
    assert [each.step.name for each in carried.failed] == ["gone/shop"]
    assert carried.failed[0].reason == "not within 100 s: 'web-0' instead of ''"
    assert runner.calls[-1].endswith("shutdown --force")


def test_what_was_done_is_not_done_again() -> None:
    kept = Kept()
    first = carrying.carry_out(ONE.down, ports(Runner(well), kept), Care())
    assert first.outcome == Finished()
    again = Runner(well)
    assert carrying.carry_out(ONE.down, ports(again, kept), Care()).outcome == Finished()
    assert [call for call in again.calls if "shutdown" in call or " osd set " in call] == []


def follow(answers: list[str]) -> tuple[Ended, list[str], list[str]]:
    """One answer of the UPS for each look; the last is that the mains are back."""
    said = iter(answers)

    def ask(words: str) -> tuple[int, str, str]:
        answer = next(said)
        return (0, answer, "") if answer else (1, "", "Error: Connection failure")

    taken: list[str] = []
    told: list[str] = []

    def take_down(group: Group) -> None:
        taken.append(group.name)

    below = estates.loaded().estate.power.ups.shutdown_below
    watch = Watch(Runner(ask), Clock(), take_down, told.append)
    return outage.follow(outages.all_groups(), below, watch), taken, told


def battery(runtime: int, status: str = "OB DISCHRG") -> str:
    return f"battery.runtime: {runtime}\nups.status: {status}\n"


def test_a_short_outage_takes_nothing_down() -> None:
    ended, taken, told = follow([battery(2400), battery(2300), battery(2300, "OL")])
    assert (ended, taken) == (Ended(()), [])
    assert told == [
        "2400 s of battery are left, and two goes down below 1800 s",
        "2300 s of battery are left, and two goes down below 1800 s",
    ]


def test_a_long_outage_takes_each_down_in_its_time() -> None:
    ended, taken, told = follow(
        [battery(1790), battery(1500), battery(1100), battery(590), battery(400), battery(90, "OL")]
    )
    assert ended == Ended(("two", "one", "nas"))
    assert taken == ["two", "one", "nas"]
    assert told[-1] == "everything is down"


def test_mains_that_come_back_save_what_is_still_up() -> None:
    ended, taken, _ = follow([battery(1790), battery(1500), battery(1500, "OL CHRG")])
    assert (ended, taken) == (Ended(("two",)), ["two"])


def test_a_low_battery_waits_for_nothing() -> None:
    low = battery(900, "OB LB")
    ended, taken, _ = follow([low, low, low, battery(100, "OL")])
    assert taken == ["two", "one", "nas"]
    assert ended == Ended(("two", "one", "nas"))


def test_a_ups_that_misses_a_question_is_asked_again() -> None:
    _, taken, _ = follow(["", battery(2400), battery(2400, "OL")])
    assert taken == []


def test_a_ups_that_stays_silent_counts_as_low() -> None:
    _, taken, told = follow(["", "", "", battery(2400, "OL")])
    assert taken == ["two"]
    assert told == ["two goes down: the UPS says nothing"]
