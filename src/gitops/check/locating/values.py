"""Finds the value of a HelmRelease that most likely decides a field of what its chart rendered."""

from collections.abc import Iterator
from typing import Any

from gitops.check import fields
from gitops.check.locating import following
from gitops.check.locating.texts import Pointer, Text
from gitops.model.origin import Location

_VALUES = ("spec", "values")
_TOO_COMMON = frozenset({"spec", "metadata", "template", "data", "labels", "annotations"})


def place(release: Text, body: Any, pointer: Pointer) -> Location:
    """The value with the key and the content of the field, or of what is around the field; where
    none or several are as likely, `spec.values`; in a release without values, its first line."""
    values = fields.at(release.value, *_VALUES)
    if not isinstance(values, dict):
        return release.at(("kind",))
    for length in range(len(pointer), 0, -1):
        key = pointer[length - 1]
        if isinstance(key, str) and key not in _TOO_COMMON:
            found = _likeliest(values, key, fields.at(body, *pointer[:length]), pointer[:length])
            if found:
                return release.at((*_VALUES, *found))
    written = _written(values, fields.at(body, *pointer))
    return release.at((*_VALUES, *written) if written else _VALUES)


def _written(values: Any, text: Any) -> Pointer | None:
    """The one value of several lines that a text has all lines of, wherever they stand in it."""
    if not isinstance(text, str) or "\n" not in text:
        return None
    lines = {line.strip() for line in text.splitlines()}
    found = [
        way
        for way, held in _entries(values)
        if isinstance(held, str)
        and held.count("\n") > 1
        and all(line.strip() in lines for line in held.splitlines())
    ]
    return found[0] if len(found) == 1 else None


def _likeliest(values: Any, key: str, value: Any, pointer: Pointer) -> Pointer | None:
    """The one that shares most keys with the way to the field; None when two share as many."""
    names = {part for part in pointer if isinstance(part, str)}
    found = [
        ((len(names & set(way)), held == value), way)
        for way, held in _entries(values)
        if way[-1] == key and following.alike(held, value)
    ]
    best = max((rank for rank, _ in found), default=None)
    ways = [way for rank, way in found if rank == best]
    return ways[0] if len(ways) == 1 else None


def _entries(value: Any, way: Pointer = ()) -> Iterator[tuple[Pointer, Any]]:
    match value:
        case dict():
            inner: Any = value.items()
        case list():
            inner = enumerate(value)
        case _:
            return
    for part, held in inner:
        yield (*way, part), held
        yield from _entries(held, (*way, part))
