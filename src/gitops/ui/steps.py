"""Plans and their progress, for people: exact commands, and a line for each thing that happens."""

import shlex
from collections.abc import Callable, Iterator

import msgspec

from gitops.bootstrap.drift import Answer, Differs, Same, Unknown
from gitops.bootstrap.running import (
    Completed,
    Event,
    Finished,
    Interrupted,
    Outcome,
    Skipped,
    Started,
    Stopped,
    Waiting,
)
from gitops.bootstrap.step import (
    Await,
    Command,
    Definitions,
    Ensure,
    Mentions,
    Nothing,
    Once,
    Output,
    Plan,
    Says,
    Sealed,
    Signal,
    Step,
    Succeeds,
    Text,
)

_CLEAR = "\r\033[K"


def plan(plan: Plan) -> Iterator[str]:
    """Every step with its commands, as somebody could type them; secrets by their references."""
    phase = None
    for number, step in enumerate(plan.steps, 1):
        if step.phase is not phase:
            phase = step.phase
            yield f"{phase}\n"
        yield f"  {number}. {step.title}\n"
        for line in _act(step):
            yield f"       {line}\n"


def _act(step: Step) -> Iterator[str]:
    match step.act:
        case Await(probes, signal):
            yield from (f"look:  {command(each)}" for each in probes)
            yield f"until: {_signal(signal)}, for {_duration(step.timeout)}"
        case Ensure(each, mend, _):
            yield f"run:   {command(each)}"
            yield from (f"after a broken attempt, first: {command(other)}" for other in mend)
        case Once(each, _, done):
            yield f"once:  {command(each)}"
            yield from (f"done:  {command(probe)}" for probe in done.probes)
            yield f"until: {_signal(done.signal)}, for {_duration(step.timeout)}"


def command(wanted: Command) -> str:
    """A pipeline, quoted for a shell; none ever runs one."""
    own = shlex.join(
        (*(f"{name}={value}" for name, value in wanted.environment), *wanted.arguments)
    )
    match wanted.input:
        case Nothing():
            return own
        case Text(text):
            return f"{own} <<< {shlex.quote(text)}"
        case Output(of):
            return f"{command(of)} | {own}"
        case Definitions(of):
            return f"{command(of)} | (only CustomResourceDefinitions) | {own}"
        case Sealed(secret):
            place = f"{secret['metadata']['namespace']}/{secret['metadata']['name']}"
            values = secret["stringData"].items()
            keys = ", ".join(f"{key} from {reference}" for key, reference in values)
            return f"(Secret {place}: {keys}) | {own}"


def _signal(signal: Signal) -> str:
    match signal:
        case Succeeds():
            return "it succeeds"
        case Says(text):
            return f"it says {text!r}"
        case Mentions(words):
            return f"it mentions {', '.join(words)}"


def _duration(seconds: float) -> str:
    if not seconds:
        return "one attempt"
    return f"{seconds / 60:g} min" if seconds >= 60 else f"{seconds:g} s"


class Progress:
    """Tells what happens: on a terminal, waiting is one line that changes; in a log, a reason is
    told when it is a new one."""

    def __init__(self, write: Callable[[str], object], *, terminal: bool, count: int) -> None:
        self._write = write
        self._terminal = terminal
        self._count = count
        self._number = 0
        self._reason = ""

    def tell(self, event: Event) -> None:
        """One event; whatever is told is written at once."""
        match event:
            case Started(step):
                self._number += 1
                self._reason = ""
                if self._terminal:
                    self._write(f"{_CLEAR}{self._place} … {step.title}")
            case Waiting(step, reason, seconds):
                self._waiting(step, reason, seconds)
            case Skipped(step):
                self._number += 1
                self._line(f"{self._place} = {step.title} (before)")
            case Completed(step, seconds):
                took = f" ({_duration(round(seconds))})" if seconds >= 1 else ""
                self._line(f"{self._place} ✓ {step.title}{took}")

    def _waiting(self, step: Step, reason: str, seconds: float) -> None:
        if self._terminal:
            shown = f"{self._place} … {step.title}: {round(seconds)} s: {reason}"
            self._write(f"{_CLEAR}{shown[:100]}")
        elif reason != self._reason:
            self._write(f"{self._place} … {step.title}: {reason}\n")
        self._reason = reason

    def _line(self, words: str) -> None:
        self._write(f"{_CLEAR if self._terminal else ''}{words}\n")

    @property
    def _place(self) -> str:
        return f"[{self._number:>2}/{self._count}]"


def event(told: Event) -> str:
    """One event as a line of JSON."""
    match told:
        case Waiting(step, reason, seconds):
            more: dict[str, object] = {"reason": reason, "seconds": round(seconds)}
        case Completed(step, seconds):
            more = {"seconds": round(seconds)}
        case Started(step) | Skipped(step):
            more = {}
    return _json(
        {"event": type(told).__name__.lower(), "phase": step.phase, "step": step.name, **more}
    )


def outcome(found: Outcome) -> str:
    """How it ended, as a line of JSON."""
    match found:
        case Finished():
            return _json({"event": "finished"})
        case Stopped(step, reason, remedy):
            return _json(
                {"event": "stopped", "step": step.name, "reason": reason, "remedy": remedy}
            )
        case Interrupted(step):
            return _json({"event": "interrupted", "step": step.name})


def _json(body: dict[str, object]) -> str:
    return msgspec.json.encode(body).decode()


def answer(found: Answer) -> str:
    """One answer about what runs, as a line."""
    match found:
        case Same(subject, value):
            return f"= {subject}: {value}"
        case Differs(subject, value, wanted):
            return f"≠ {subject}: {value or 'nothing'}, where the repository says {wanted}"
        case Unknown(subject, reason):
            return f"? {subject}: {reason}"
