"""What was begun and what was done, so that whoever goes on knows where to."""

from enum import StrEnum
from typing import Protocol

import msgspec

from gitops.errors import ToolError


class State(StrEnum):
    """`begun` stands before the first command of a step, `done` after its signal was seen."""

    BEGUN = "begun"
    DONE = "done"


class Entry(msgspec.Struct, frozen=True):
    """One step: the digest of what it was made of, what it was given to, and when."""

    state: State
    digest: str
    at: str
    target: str = ""


class Journal(msgspec.Struct, frozen=True):
    """The steps of one plan, by name."""

    plan: str
    entries: dict[str, Entry] = {}

    def with_entry(self, name: str, entry: Entry) -> "Journal":
        """The journal with one more step, or a newer state of it."""
        return Journal(self.plan, {**self.entries, name: entry})

    def is_done(self, name: str) -> bool:
        """Whether the step came to its end."""
        held = self.entries.get(name)
        return held is not None and held.state is State.DONE


class Keeper(Protocol):
    """Where a journal is kept. What `save` was given is there after any kind of death."""

    def load(self) -> bytes | None: ...

    def save(self, content: bytes) -> None: ...


def read(keeper: Keeper, plan: str) -> Journal:
    """The journal of a plan; an empty one where nothing was ever begun."""
    content = keeper.load()
    if content is None:
        return Journal(plan)
    try:
        held = msgspec.json.decode(content, type=Journal)
    except msgspec.DecodeError as cause:
        raise ToolError(f"the journal of {plan} cannot be read: {cause}") from cause
    if held.plan != plan:
        raise ToolError(f"the journal is of {held.plan}, not of {plan}")
    return held


def write(keeper: Keeper, journal: Journal) -> None:
    """Keep it, readable by people."""
    keeper.save(msgspec.json.format(msgspec.json.encode(journal, order="sorted"), indent=2))


def forget(keeper: Keeper, plan: str) -> None:
    """Begin anew: what was done is no news for the next time."""
    write(keeper, Journal(plan))
