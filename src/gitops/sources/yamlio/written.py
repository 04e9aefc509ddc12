"""Tells how scalars are written, where it matters: `1.50` is not `1.5`, nor is `"a"` plain."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec
from yaml._yaml import CParser
from yaml.error import YAMLError
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from gitops.sources.yamlio import split

Keys = tuple[str, ...]


class Written(msgspec.Struct, frozen=True):
    """A scalar value: the keys that lead to it, lists left out, its text, and whether the text is
    quoted or a block.
    """

    keys: Keys
    text: str
    quoted: bool


class _Level:
    """A mapping or a list that is open; `key` is the one whose value comes next."""

    __slots__ = ("is_mapping", "key", "keys")

    def __init__(self, keys: Keys, is_mapping: bool) -> None:
        self.keys = keys
        self.is_mapping = is_mapping
        self.key: str | None = None


def scalars(text: bytes, document: int) -> list[Written]:
    """The scalar values of a document as they are written; those behind aliases are left out."""
    parts = [part for part in split.split(split.decoded(text)) if part.document == document]
    found: list[Written] = []
    with suppress(YAMLError, UnicodeEncodeError):
        for part in parts:
            found.extend(_read(part.text.removeprefix("\ufeff")))
    return found


def _read(text: str) -> Iterator[Written]:
    get = CParser(text).get_event
    levels: list[_Level] = []
    event: Any = get()
    while event is not None and type(event) is not StreamEndEvent:
        level = levels[-1] if levels else None
        match event:
            case MappingStartEvent() | SequenceStartEvent():
                keys = _keys(level)
                levels.append(_Level(keys, type(event) is MappingStartEvent))
            case MappingEndEvent() | SequenceEndEvent():
                levels.pop()
                _take(levels[-1] if levels else None, "")
            case ScalarEvent(value=value, style=style):
                if level is None or not level.is_mapping or level.key is not None:
                    yield Written(_keys(level), value, bool(style))
                _take(level, value)
            case AliasEvent():
                _take(level, "")
        event = get()


def _keys(level: _Level | None) -> Keys:
    if level is None:
        return ()
    return level.keys if level.key is None else (*level.keys, level.key)


def _take(level: _Level | None, text: str) -> None:
    """A node has ended: in a mapping it was a key, or the value of one."""
    if level is not None and level.is_mapping:
        level.key = text if level.key is None else None
