"""What the UPS says, and what follows from it."""

import pytest

from gitops.power import battery
from gitops.power.battery import Begin, Decision, Over, Reading, Wait

BELOW = {"two": 1800, "one": 1200, "nas": 600}


def on_battery(runtime: float | None, *more: str) -> Reading:
    return Reading(frozenset(("OB", *more)), runtime)


def test_an_answer_is_read() -> None:
    printed = "battery.charge: 81\nbattery.runtime: 1740.00\nups.status: OB DISCHRG\n"
    assert battery.read(printed) == on_battery(1740, "DISCHRG")
    assert battery.read("ups.status: OL\n") == Reading(frozenset({"OL"}), None)


@pytest.mark.parametrize(
    "printed", ["", "Error: Driver not connected\n", "battery.runtime: 1740\n"]
)
def test_what_is_no_answer_is_none(printed: str) -> None:
    assert battery.read(printed) is None


@pytest.mark.parametrize(
    ("reading", "left", "decision"),
    [
        (Reading(frozenset({"OL", "CHRG"}), 100), ["two"], Over()),
        (Reading(frozenset({"OL", "LB"}), 100), [], Over()),
        (on_battery(5), [], Wait("everything is down")),
        (
            on_battery(1800),
            ["two", "one"],
            Wait("1800 s of battery are left, and two goes down below 1800 s"),
        ),
        (
            on_battery(1799),
            ["two", "one"],
            Begin("two", "1799 s of battery are left, and two goes down below 1800 s"),
        ),
        (
            on_battery(1799),
            ["one", "nas"],
            Wait("1799 s of battery are left, and one goes down below 1200 s"),
        ),
        (on_battery(9000, "LB"), ["nas"], Begin("nas", "the battery is low")),
        (on_battery(9000, "FSD"), ["nas"], Begin("nas", "the battery is low")),
        (on_battery(None), ["one"], Begin("one", "the UPS does not say how long it lasts")),
        (None, ["one"], Begin("one", "the UPS says nothing")),
    ],
)
def test_the_next_goes_down_when_its_time_has_come(
    reading: Reading | None, left: list[str], decision: Decision
) -> None:
    assert battery.decide(reading, left, BELOW) == decision
