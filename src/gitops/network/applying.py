"""The way of a configuration onto the router: nothing stays that was not looked at."""

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from gitops.errors import DeviceError

_UP = "Established"


class Device(Protocol):
    """What a router has to be able to do; each raises DeviceError when it refuses."""

    def lock(self) -> None: ...
    def load(self, lines: Sequence[str]) -> None: ...
    def validate(self) -> None: ...
    def commit_for(self, minutes: int) -> None: ...
    def confirm(self) -> None: ...
    def discard(self) -> None: ...
    def sessions(self) -> dict[str, str]: ...


class Clock(Protocol):
    """Time that passes."""

    def now(self) -> float: ...
    def sleep(self, seconds: float) -> None: ...


class Applied(msgspec.Struct, frozen=True):
    """It stays. `sessions` were up before and are up again."""

    sessions: tuple[str, ...]


class Refused(msgspec.Struct, frozen=True):
    """The router would not have it; nothing changed."""

    reason: str


class Unconfirmed(msgspec.Struct, frozen=True):
    """It is in force and was not confirmed: in so many minutes the router is as it was."""

    reason: str
    minutes: int


Outcome = Applied | Refused | Unconfirmed


class Plan(msgspec.Struct, frozen=True):
    """Lines to load; `kept` are neighbours whose sessions must be up afterwards if they were up
    before. `patience` is how many seconds they may take."""

    lines: tuple[str, ...]
    kept: frozenset[str]
    minutes: int = 5
    patience: float = 90


def apply(device: Device, plan: Plan, clock: Clock, told: Callable[[str], None]) -> Outcome:
    """Load, let the router judge, commit for some minutes, look, and only then confirm."""
    try:
        device.lock()
    except DeviceError as cause:
        return Refused(str(cause))  # What is in the candidate is somebody else's.
    try:
        before = _up(device, plan.kept)
        told(f"{len(before)} of {len(plan.kept)} BGP sessions are up")
        device.load(plan.lines)
        device.validate()
        told("the router accepts the configuration")
    except DeviceError as cause:
        return _forget(device, str(cause))
    try:
        device.commit_for(plan.minutes)
        told(f"in force; taken back in {plan.minutes} min unless confirmed")
        lost = _lost(device, before, plan, clock)
        if lost:
            reason = f"no BGP session with {', '.join(sorted(lost))}"
            return Unconfirmed(reason, plan.minutes)
        device.confirm()
    except DeviceError as cause:
        return Unconfirmed(str(cause), plan.minutes)
    return Applied(tuple(sorted(before)))


def _forget(device: Device, reason: str) -> Refused:
    try:
        device.discard()
    except DeviceError as cause:
        return Refused(f"{reason}; and then: {cause}")
    return Refused(reason)


def _up(device: Device, kept: frozenset[str]) -> frozenset[str]:
    states = device.sessions()
    return frozenset(address for address in kept if states.get(address) == _UP)


def _lost(device: Device, before: frozenset[str], plan: Plan, clock: Clock) -> frozenset[str]:
    """Which of them are not up again in time. One that the change cut off looks up for the hold
    time, so that the first look comes after that."""
    end = clock.now() + plan.patience
    clock.sleep(min(10.0, plan.patience))
    lost = before - _up(device, plan.kept)
    while lost and clock.now() < end:
        clock.sleep(2)
        lost = before - _up(device, plan.kept)
    return lost
