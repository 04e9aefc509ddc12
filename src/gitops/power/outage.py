"""An outage from its beginning to its end: looks at the battery, and takes down what must go."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from gitops.bootstrap import inputs
from gitops.bootstrap.inputs import Runner
from gitops.bootstrap.running import Clock
from gitops.bootstrap.step import Command
from gitops.power import battery, nut
from gitops.power.battery import Begin, Over, Reading, Wait
from gitops.power.groups import Group

LOOK = Command(("upsc", f"{nut.UPS}@localhost"), timeout=10)
_INTERVAL = 15.0


class Ended(msgspec.Struct, frozen=True):
    """The mains are back; the names of what went down, in order."""

    down: tuple[str, ...]


class Watch(msgspec.Struct, frozen=True):
    """What watching takes: programs and time; `take_down` and `tell` are called as it goes."""

    runner: Runner
    clock: Clock
    take_down: Callable[[Group], None]
    tell: Callable[[str], None]


def follow(groups: Sequence[Group], thresholds: Mapping[str, int], watch: Watch) -> Ended:
    """Until the mains are back. Groups go down in their order, each when its time has come."""
    left, gone, told = list(groups), list[str](), ""
    while True:
        names = [each.name for each in left]
        match battery.decide(look(watch.runner), names, thresholds):
            case Over():
                return Ended(tuple(gone))
            case Begin(name, reason):
                watch.tell(f"{name} goes down: {reason}")
                watch.take_down(left.pop(0))
                gone.append(name)
            case Wait(reason):
                if reason != told:
                    watch.tell(reason)
                told = reason
                watch.clock.sleep(_INTERVAL)


def look(runner: Runner) -> Reading | None:
    """What the UPS says now. One silence is not yet one: NUT asks a device three times, too."""
    for _ in range(3):
        ended = inputs.start(runner, LOOK, b"")
        found = battery.read(ended.out.decode(errors="replace")) if ended.code == 0 else None
        if found is not None:
            return found
    return None
