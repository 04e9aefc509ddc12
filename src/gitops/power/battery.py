"""What the UPS says, and what follows from it.

Source: Network UPS Tools, `upsc` and "ups.status": OL is on line, OB on battery, LB low battery and
FSD forced shutdown. `battery.runtime` is in seconds.
"""

from collections.abc import Mapping, Sequence

import msgspec


class Reading(msgspec.Struct, frozen=True):
    """The words of its status, and the seconds that are left; None where it does not say."""

    status: frozenset[str]
    runtime: float | None


class Over(msgspec.Struct, frozen=True):
    """The mains are back."""


class Wait(msgspec.Struct, frozen=True):
    """There is time; `reason` says how much."""

    reason: str


class Begin(msgspec.Struct, frozen=True):
    """The next has to go down now."""

    name: str
    reason: str


Decision = Over | Wait | Begin


def read(printed: str) -> Reading | None:
    """What `upsc` printed; None when it is no answer of a UPS."""
    values = dict(line.partition(": ")[::2] for line in printed.splitlines() if ": " in line)
    if not values.get("ups.status"):
        return None
    try:
        runtime = float(values.get("battery.runtime", ""))
    except ValueError:
        runtime = None
    return Reading(frozenset(values["ups.status"].split()), runtime)


def decide(reading: Reading | None, left: Sequence[str], thresholds: Mapping[str, int]) -> Decision:
    """What to do with those that are `left`, in their order.

    A UPS that falls silent on battery counts as low: NUT takes it so, too (upsmon, DEADTIME).
    """
    if reading is not None and "OL" in reading.status:
        return Over()
    if not left:
        return Wait("everything is down")
    name = left[0]
    if reading is None:
        return Begin(name, "the UPS says nothing")
    if reading.status & {"LB", "FSD"}:
        return Begin(name, "the battery is low")
    if reading.runtime is None:
        return Begin(name, "the UPS does not say how long it lasts")
    words = f"{reading.runtime:g} s of battery are left, and {name} goes down below"
    below = thresholds[name]
    if reading.runtime < below:
        return Begin(name, f"{words} {below} s")
    return Wait(f"{words} {below} s")
