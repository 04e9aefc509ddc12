"""Follows the way to a field from the finished object into a text that shaped it."""

import re
from collections.abc import Sequence
from typing import Any

from gitops.check import fields
from gitops.check.locating.texts import Pointer

_NAMES = ("name", "containerPort", "port", "mountPath", "devicePath", "ip", "key", "topologyKey")
"""What tells elements of a list apart: the merge keys of Kubernetes, the most telling first."""

_VARIABLE = re.compile(r"\$\{[^}]*\}")


def existing(body: Any, pointer: Sequence[str | int]) -> Pointer:
    """The pointer as far as it leads to something in the object."""
    held: list[str | int] = []
    for part in pointer:
        match body:
            case dict() if part in body:
                body = body[part]
            case list() if isinstance(part, int) and 0 <= part < len(body):
                body = body[part]
            case _:
                break
        held.append(part)
    return tuple(held)


def follow(text: Any, body: Any, pointer: Sequence[str | int]) -> Pointer:
    """The way to the field in a text that has it, as far as the text has it: an element of a list
    is the one of the same name, or else the equal one, or else that at the same position."""
    way: list[str | int] = []
    for part in pointer:
        body = fields.at(body, part)
        match text:
            case dict() if part in text:
                found: str | int | None = part
            case list() if isinstance(part, int):
                found = _position(text, body, part)
            case _:
                found = None
        if found is None:
            break
        way.append(found)
        text = text[found]
    return tuple(way)


def _position(elements: list[Any], wanted: Any, position: int) -> int | None:
    for name in _NAMES:
        value = wanted.get(name) if isinstance(wanted, dict) else None
        if value is not None:
            named = [n for n, each in enumerate(elements) if _has(each, name, value)]
            if len(named) == 1 or position in named:
                return position if position in named else named[0]
            if any(isinstance(each, dict) and name in each for each in elements):
                return None
    equal = [n for n, each in enumerate(elements) if alike(each, wanted)]
    if equal:
        return position if position in equal else equal[0]
    return position if position < len(elements) else None


def _has(element: Any, name: str, value: Any) -> bool:
    return isinstance(element, dict) and name in element and alike(element[name], value)


def alike(text: Any, value: Any) -> bool:
    """Whether a value can have become of what is written; `${NAME}` becomes anything."""
    if text == value:
        return True
    match text, value:
        case str(), _ if "${" in text:
            pattern = ".*".join(map(re.escape, _VARIABLE.split(text)))
            return re.fullmatch(pattern, str(value), re.DOTALL) is not None
        case dict(), dict():
            return text.keys() == value.keys() and all(alike(text[k], value[k]) for k in text)
        case list(), list():
            return len(text) == len(value) and all(map(alike, text, value))
        case _:
            return False
