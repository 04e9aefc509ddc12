"""Carries a plan out: one step after the other, each until its signal is seen.

A step is written down before its first command and after its signal, so a process that is killed at
any moment leaves a journal from which the next one goes on.
"""

from collections.abc import Callable, Iterator
from typing import Protocol

import msgspec

from gitops.bootstrap import inputs, journal, verdict
from gitops.bootstrap.journal import Entry, Journal, Keeper, State
from gitops.bootstrap.step import (
    Await,
    Command,
    Ensure,
    Mentions,
    Once,
    Plan,
    Says,
    Signal,
    Step,
    Succeeds,
)
from gitops.bootstrap.verdict import Done, Fatal, Retry, Verdict
from gitops.sources.process import Ended


class Clock(Protocol):
    """Time: seconds that only grow, pauses, and the moment for a journal."""

    def now(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...

    def moment(self) -> str: ...


class Started(msgspec.Struct, frozen=True):
    """A step begins."""

    step: Step


class Waiting(msgspec.Struct, frozen=True):
    """An attempt failed, and there will be another; `seconds` is how long it has been tried."""

    step: Step
    reason: str
    seconds: float


class Skipped(msgspec.Struct, frozen=True):
    """A step was done before."""

    step: Step


class Completed(msgspec.Struct, frozen=True):
    """A step is done."""

    step: Step
    seconds: float


Event = Started | Waiting | Skipped | Completed


class Finished(msgspec.Struct, frozen=True):
    """Every step that was asked for is done."""


class Stopped(msgspec.Struct, frozen=True):
    """A step failed; nothing after it was begun."""

    step: Step
    reason: str
    remedy: str


class Interrupted(msgspec.Struct, frozen=True):
    """A person ended it; the journal knows how far it came."""

    step: Step


Outcome = Finished | Stopped | Interrupted


class Ports(msgspec.Struct, frozen=True):
    """Everything that has an effect."""

    runner: inputs.Runner
    clock: Clock
    keeper: Keeper
    tell: Callable[[Event], None]


_GRACE = 120.0
"""Seconds after which a command that was given by a process that died counts as lost: etcd shows
itself within one of them. A guess, on the safe side."""


class _Failed(Exception):
    """The step cannot be done."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


def run(plan: Plan, ports: Ports) -> Outcome:
    """Carry the steps out in their order, and stop at the first that fails."""
    session = _Session(plan, ports)
    for step in plan.steps:
        try:
            session.carry_out(step)
        except _Failed as failed:
            return Stopped(step, failed.reason, failed.remedy or step.remedy)
        except KeyboardInterrupt:
            return Interrupted(step)
    return Finished()


def undone(plan: Plan, before: int, journal: Journal) -> Iterator[Step]:
    """Steps among the first that leave a trace and were never done."""
    for step in plan.steps[:before]:
        if not isinstance(step.act, Await) and not journal.is_done(step.name):
            yield step


class _Session:
    def __init__(self, plan: Plan, ports: Ports) -> None:
        self._ports = ports
        self._journal = journal.read(ports.keeper, plan.name)

    def carry_out(self, step: Step) -> None:
        held = self._journal.entries.get(step.name)
        match step.act:
            case Ensure(always=False) if _same(held, step):
                self._ports.tell(Skipped(step))
            case Once(target=target) if held is not None and held.target != target:
                raise _Failed(
                    f"it was {held.state} for {held.target}, and now would be for {target}",
                    "put the facts back as they were: this step can be given to one target only",
                )
            case Once() if held is not None and held.state is State.DONE:
                self._ports.tell(Skipped(step))
            case _:
                self._perform(step, held)

    def _perform(self, step: Step, held: Entry | None) -> None:
        attempts = _Attempts(step, self._ports)
        match step.act:
            case Await() as act:
                attempts.until_seen(act)
            case Ensure(command, mend):
                if held is not None and held.state is State.BEGUN:
                    for each in mend:
                        attempts.until_done(each)
                self._note(step, State.BEGUN)
                attempts.until_done(command)
                self._note(step, State.DONE)
            case Once(command, target, done):
                # Given before, it may be on its way: not to be given again at once.
                grace = _GRACE if held is not None else 0
                if not attempts.is_seen_within(done, grace):
                    self._note(step, State.BEGUN, target)
                    attempts.until_done_unless(command, done)
                    attempts.until_seen(done)
                self._note(step, State.DONE, target)
        attempts.completed()

    def _note(self, step: Step, state: State, target: str = "") -> None:
        entry = Entry(state, step.digest, self._ports.clock.moment(), target)
        self._journal = self._journal.with_entry(step.name, entry)
        journal.write(self._ports.keeper, self._journal)


def _same(held: Entry | None, step: Step) -> bool:
    return held is not None and held.state is State.DONE and held.digest == step.digest


class _Attempts:
    """Tries the commands of one step until its time is over."""

    def __init__(self, step: Step, ports: Ports) -> None:
        self._step = step
        self._ports = ports
        self._began = ports.clock.now()
        ports.tell(Started(step))

    def completed(self) -> None:
        self._ports.tell(Completed(self._step, self._seconds))

    def is_seen_within(self, act: Await, seconds: float) -> bool:
        """A look, and more of them for so long; what cannot be seen counts as not there."""
        while not self._is_seen(act):
            if self._seconds + self._step.interval > seconds:
                return False
            self._pause("it was begun before: looking whether it is done")
        return True

    def _is_seen(self, act: Await) -> bool:
        return any(isinstance(self._look(probe, act.signal), Done) for probe in act.probes)

    def until_seen(self, act: Await) -> None:
        self._repeat(lambda: _best([self._look(probe, act.signal) for probe in act.probes]))

    def until_done(self, command: Command) -> None:
        self._repeat(lambda: self._run(command, verdict.of_command)[0])

    def until_done_unless(self, command: Command, done: Await) -> None:
        """The same, but whatever an attempt left behind counts before the next one."""
        first = True

        def attempt() -> Verdict:
            nonlocal first
            if not first and self._is_seen(done):
                return Done()
            first = False
            return self._run(command, verdict.of_command)[0]

        self._repeat(attempt)

    def _repeat(self, attempt: Callable[[], Verdict]) -> None:
        while True:
            match attempt():
                case Done():
                    return
                case Fatal(reason, remedy):
                    raise _Failed(reason, remedy)
                case Retry(reason):
                    self._pause(reason)

    def _pause(self, reason: str) -> None:
        if self._seconds + self._step.interval > self._step.timeout:
            raise _Failed(f"not within {self._step.timeout:g} s: {reason}")
        self._ports.tell(Waiting(self._step, reason, self._seconds))
        self._ports.clock.sleep(self._step.interval)

    @property
    def _seconds(self) -> float:
        return self._ports.clock.now() - self._began

    def _look(self, probe: Command, signal: Signal) -> Verdict:
        found, ended = self._run(probe, verdict.of_probe)
        if not isinstance(found, Done):
            return found
        missing = _missing(signal, ended.out.decode(errors="replace"))
        return Retry(missing) if missing else found

    def _run(
        self, command: Command, judge: Callable[[str, Ended], Verdict]
    ) -> tuple[Verdict, Ended]:
        """The command with its input; whatever fails on the way to it is what failed."""
        reading = inputs.Reading(self._ports.runner)
        failed = reading.read(command.input)
        if failed is not None:
            program, ended = failed
            return reading.redacted(verdict.of_command(program, ended)), ended
        ended = inputs.start(self._ports.runner, command, reading.content)
        return reading.redacted(judge(command.arguments[0], ended)), ended


def _best(verdicts: list[Verdict]) -> Verdict:
    """Done if one is; else the first that may change; else the first."""
    for kind in (Done, Retry):
        for each in verdicts:
            if isinstance(each, kind):
                return each
    return verdicts[0]


def _missing(signal: Signal, printed: str) -> str:
    """What of a signal is not there, in words; "" when it is."""
    match signal:
        case Succeeds():
            return ""
        case Says(text):
            return "" if printed.strip() == text else f"{printed.strip()!r} instead of {text!r}"
        case Mentions(words):
            missing = sorted(set(words) - set(printed.replace(",", " ").split()))
            return f"{', '.join(missing)} not there yet" if missing else ""
