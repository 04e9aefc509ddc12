"""The programs of a machine as a table, or for programs."""

from collections.abc import Iterator, Sequence
from typing import assert_never

import msgspec

from gitops.doctor import tools
from gitops.doctor.tools import Missing, Other, Right, State, Tool, Unclear
from gitops.ui import phrase

Examined = Sequence[tuple[Tool, State]]


def table(examined: Examined) -> Iterator[str]:
    """One line per program; below those that need it, what to do."""
    width = max((len(tool.program) for tool, _ in examined), default=0)
    for tool, state in examined:
        yield f"{tool.program:<{width}}  {tool.pinned:<8}  {phrase.printable(_words(state))}\n"
        if remedy := tools.way_out(tool, state):
            yield f"{'':<{width}}  {'':<8}  {remedy}\n"
    wrong = sum(not isinstance(state, Right) for _, state in examined)
    yield f"{phrase.count(len(examined), 'program')}, {wrong or 'none'} to be seen to\n"


def json(examined: Examined) -> Iterator[str]:
    """A list of all programs."""
    rows = [
        {
            "tool": tool.name,
            "program": tool.program,
            "pinned": tool.pinned,
            "state": type(state).__name__.lower(),
            "said": _words(state),
            "hint": tools.way_out(tool, state),
        }
        for tool, state in examined
    ]
    yield msgspec.json.encode(rows).decode() + "\n"


def _words(state: State) -> str:
    match state:
        case Right(version):
            return f"{version}"
        case Other(version):
            return f"{version} is another version"
        case Unclear(answer):
            return f"says {answer!r}"
        case Missing():
            return "is missing"
        case _:
            assert_never(state)
