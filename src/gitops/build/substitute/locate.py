"""Finds the line where a variable is used."""

import re
from collections.abc import Callable

from gitops.errors import PathError
from gitops.model.origin import Location, Origin

Read = Callable[[str], bytes]
"""Gives a source file, or raises PathError."""

_BEGUN = re.compile(r"\$\{\w+")


def line_of(expression: str, origin: Origin, read: Read) -> Location:
    """The line with the expression in the object's source, else in a file that shaped the object,
    else where the object starts."""
    first = expression.partition("\n")[0]
    # The whole text of an object, and with it an expression without an end, is quoted otherwise.
    begun = _BEGUN.match(first)
    for needle in dict.fromkeys((first, begun[0] if begun else first)):
        for at in (origin.source, *(step.at for step in origin.steps)):
            line = _line_in(needle.encode(errors="replace"), at, read)
            if line:
                return Location(at.path, at.document, line)
    return origin.source


def _line_in(needle: bytes, at: Location, read: Read) -> int:
    """The line in the document that starts at a place, 0 if it is not there."""
    try:
        lines = read(at.path).split(b"\n")
    except PathError:
        return 0
    start = max(at.line - 1, 0)
    for number, line in enumerate(lines[start:], start + 1):
        if needle in line:
            return number
        if line.startswith(b"---") and number > start + 1:
            break
    return 0
