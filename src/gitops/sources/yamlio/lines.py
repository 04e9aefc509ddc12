"""Finds the line of a field, when a finding needs it."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from yaml._yaml import CParser
from yaml.error import YAMLError
from yaml.events import (
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from gitops.sources.yamlio import split


def line_of(text: bytes, document: int, pointer: Sequence[str | int]) -> int:
    """The line of the field, from 1, or of its deepest ancestor that is there.

    A field's line is that of its key. Nothing is known of what is written after an error.
    """
    parts = [part for part in split.split(split.decoded(text)) if part.document == document]
    if not parts:
        return 1
    finder = _Finder()
    with suppress(YAMLError, UnicodeEncodeError):
        finder.find(parts[0].text, pointer)
    return parts[0].content_line if finder.line is None else parts[0].line + finder.line


class _Finder:
    """Follows a pointer through the events of a document; `line` is the last one reached."""

    def __init__(self) -> None:
        self.line: int | None = None

    def find(self, text: str, pointer: Sequence[str | int]) -> None:
        self._get = CParser(text.removeprefix("\ufeff")).get_event
        event: Any = self._get()
        while event is not None and type(event) is not DocumentStartEvent:
            event = self._get()
        event = event and self._get()
        for part in pointer:
            match event:
                case MappingStartEvent():
                    event = self._value(str(part))
                case SequenceStartEvent() if isinstance(part, int):
                    event = self._item(part)
                case _:
                    return
            if event is None:
                return

    def _value(self, name: str) -> Any:
        """The event after the key; None when the mapping has no such key."""
        while True:
            key: Any = self._get()
            if isinstance(key, MappingEndEvent):
                return None
            if isinstance(key, ScalarEvent) and key.value == name and key.start_mark:
                self.line = key.start_mark.line
                return self._get()
            self._skip(key)
            self._skip(self._get())

    def _item(self, index: int) -> Any:
        """The event that begins the element; None when the sequence is shorter."""
        for position in range(index + 1):
            event: Any = self._get()
            if isinstance(event, SequenceEndEvent):
                return None
            if position == index:
                self.line = event.start_mark.line
                return event
            self._skip(event)
        return None

    def _skip(self, event: Any) -> None:
        depth = 0
        while True:
            if isinstance(event, MappingStartEvent | SequenceStartEvent):
                depth += 1
            elif isinstance(event, MappingEndEvent | SequenceEndEvent):
                depth -= 1
            if depth <= 0:
                return
            event = self._get()
