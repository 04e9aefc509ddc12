"""The files that findings point into, each read and parsed once, and only when one does."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from gitops.errors import PathError
from gitops.model.origin import Location
from gitops.sources import yamlio
from gitops.sources.tree import SourceTree

Pointer = tuple[str | int, ...]

_BLOCK = re.compile(rb"[|>][-+0-9]*\s*(#.*)?$")


class Text(msgspec.Struct, frozen=True):
    """A piece of YAML in a file. `above` lines of the file stand before it; `document` counts in
    the piece. `steady` is the line that stands for all of it where its own lines have none in the
    file, as those of a quoted text have not; else 0."""

    path: str
    content: bytes
    document: int
    value: Any
    above: int = 0
    steady: int = 0

    def at(self, pointer: Sequence[str | int]) -> Location:
        """The line of a field, or of its deepest ancestor that is there."""
        line = self.steady or self.above + yamlio.line_of(self.content, self.document, pointer)
        return Location(self.path, 0 if self.above or self.steady else self.document, line)

    def inner(self, pointer: Sequence[str | int], content: str) -> "tuple[Text, ...]":
        """The documents of a YAML text that stands in a field."""
        line = self.at(pointer).line
        lines = self.content.splitlines()
        number = line - self.above - 1
        is_block = 0 <= number < len(lines) and _BLOCK.search(lines[number]) is not None
        above, steady = (line, 0) if is_block and not self.steady else (0, line)
        return _parsed(self.path, content.encode(), above, steady)


class Texts:
    """The files of a tree. What cannot be read or parsed holds nothing."""

    def __init__(self, tree: SourceTree) -> None:
        self._tree = tree
        self._read: dict[str, bytes | None] = {}
        self._parsed: dict[str, tuple[Text, ...]] = {}

    def content(self, path: str) -> bytes | None:
        """The bytes of a file; None where there is none in this repository."""
        if path not in self._read:
            try:
                self._read[path] = self._tree.read(path) if path else None
            except PathError:
                self._read[path] = None
        return self._read[path]

    def documents(self, path: str) -> tuple[Text, ...]:
        """The YAML documents of a file."""
        found = self._parsed.get(path)
        if found is None:
            content = self.content(path)
            found = () if content is None else _parsed(path, content, 0, 0)
            self._parsed[path] = found
        return found

    def document(self, at: Location) -> Text | None:
        """One document of a file."""
        return next(
            (text for text in self.documents(at.path) if text.document == at.document), None
        )


def _parsed(path: str, content: bytes, above: int, steady: int) -> tuple[Text, ...]:
    documents, _ = yamlio.parse(content, path)
    return tuple(
        Text(path, content, each.document, each.value, above, steady) for each in documents
    )
