"""Finds the line where a field of an object is written, for steps that see the object alone."""

import re
from collections.abc import Callable, Sequence

from gitops.errors import PathError
from gitops.model.origin import Location, Origin, Step
from gitops.sources import yamlio

Read = Callable[[str], bytes]
"""Gives a source file, or raises PathError."""

Line = tuple[int, str]
"""A line of a file, with its number."""

_PART = re.compile(r"[^.\[\]]+")


def place(pointer: Sequence[str | int], origin: Origin, read: Read) -> Location:
    """The line of a field in the last patch that names it, else in the object's source, else
    where the object starts. A generator names only the key, or the file that is called so."""
    key = next((part for part in reversed(pointer) if isinstance(part, str)), "")
    patches = (step for step in reversed(origin.steps) if step.action == "patch")
    for step in patches:
        line = _patched(key, step, read)
        if line:
            return Location(step.at.path, step.at.document, line)
    source = origin.source
    line = _held(pointer, source, read) or _named(key, _document(source, read))
    return Location(source.path, source.document, line) if line else source


def _patched(key: str, step: Step, read: Read) -> int:
    """The line that names a key in a patch: an entry of the file that asks for it, or all of a
    file of its own."""
    detail = tuple(int(p) if p.isdigit() else p for p in _PART.findall(step.detail))
    entry = _held(detail, step.at, read)
    lines = _document(step.at, read)
    return _named(key, _block(lines, entry) if entry else lines)


def _held(pointer: Sequence[str | int], at: Location, read: Read) -> int:
    """The line of a field that is there under its whole pointer, else 0."""
    text = _text(at, read)
    documents, _ = yamlio.parse(text, at.path)
    value = next((each.value for each in documents if each.document == at.document), None)
    for part in pointer:
        match value:
            case dict() if part in value:
                value = value[part]
            case list() if isinstance(part, int) and part < len(value):
                value = value[part]
            case _:
                return 0
    return yamlio.line_of(text, at.document, pointer)


def _document(at: Location, read: Read) -> list[Line]:
    """The lines of a document from a place on."""
    lines = list(enumerate(_text(at, read).decode(errors="replace").split("\n"), 1))
    inside = lines[max(at.line - 1, 0) :]
    ends = (n for n, (_, line) in enumerate(inside) if n and line.startswith("---"))
    return inside[: next(ends, None)]


def _block(lines: list[Line], start: int) -> list[Line]:
    """The element of a list that begins in a line: what follows is indented more."""
    inside = [line for line in lines if line[0] >= start]
    depth = _depth(inside[0][1]) if inside else 0
    ends = (n for n, (_, line) in enumerate(inside) if n and line and _depth(line) <= depth)
    return inside[: next(ends, None)]


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _named(key: str, lines: list[Line]) -> int:
    """The first line that names a key, else 0."""
    word = re.compile(rf"(?<![\w./-]){re.escape(key)}(?![\w./-])")
    return next((number for number, line in lines if key and word.search(line)), 0)


def _text(at: Location, read: Read) -> bytes:
    try:
        return read(at.path)
    except PathError:
        return b""
