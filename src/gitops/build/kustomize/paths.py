"""Paths of fields as replacements write them: `spec.containers.[name=web].env.0.value`."""

import re
from collections.abc import Sequence
from enum import Enum
from typing import Any

import msgspec

from gitops.build.kustomize import keyed, patterns
from gitops.build.kustomize.keyed import MISSING, is_null
from gitops.build.kustomize.problem import Problem

_CORRECT = "correct the path to the shape that the object has"
_ELEMENTS = "correct the position, or choose by a field: [name=web]"
_INDEX = re.compile(r"\+?[0-9]{1,9}|-0{1,9}")


class Shape(Enum):
    """What a path that is created ends in."""

    SCALAR = None
    MAPPING = dict
    LIST = list

    def empty(self) -> Any:
        """A new value of the shape."""
        return self.value() if self.value else None


class Slot(msgspec.Struct, frozen=True):
    """A place that holds a value: `holder[key]`. `new` when it was made for the path."""

    holder: Any
    key: str | int
    new: bool = False

    @property
    def value(self) -> Any:
        return self.holder[self.key]


class Unparsed(Problem, frozen=True):
    """The path leads into the text of a field; `slot` holds it and `rest` is the path in it."""

    slot: Slot | None = None
    rest: tuple[str, ...] = ()


def split(path: str) -> tuple[str, ...]:
    """The parts between dots. `\\.` is a dot in a part; brackets keep `[name=a.b]` together.

    Brackets without `=` vanish: `[a.b]` is the field `a.b`.
    """
    parts: list[str] = []
    pieces = iter(_pieces(path))
    for piece in pieces:
        if not piece.startswith("[") or piece.endswith("]"):
            parts.append(piece)
            continue
        whole = [piece]
        for more in pieces:
            whole.append(more)
            if more.endswith("]"):
                break
        text = ".".join(whole)
        parts.append(text if "=" in text else text.strip("[]"))
    return tuple(parts)


def _pieces(path: str) -> list[str]:
    pieces = path.split(".")
    if len(pieces) > 1 and not pieces[0]:
        pieces = pieces[1:]
    joined = pieces[:1]
    for piece in pieces[1:]:
        if joined[-1].endswith("\\"):
            joined[-1] = f"{joined[-1][:-1]}.{piece}"
        else:
            joined.append(piece)
    return joined


def lookup(node: Any, parts: Sequence[str]) -> Any:
    """The one value at a path: MISSING, or a Problem where the path cannot be followed."""
    for part in filter(None, map(str.strip, parts)):
        if is_null(node):
            return MISSING
        node = _child(node, part)
        if node is MISSING or isinstance(node, Problem):
            return node
    return node


def _child(node: Any, part: str) -> Any:
    index = _index(part)
    if index is not None or part == "-" or _is_element(part):
        if type(node) is not list:
            return Problem(f"{part} asks for an element of what is no list", _CORRECT)
        if index is not None:
            return node[index] if index < len(node) else MISSING
        if part == "-":
            return node[-1] if node else MISSING
        name, equals, value = part[1:-1].partition("=")
        return keyed.find(node, (name,), [value]) if equals else _no_pair(part)
    if part == "*":
        return Problem(
            "* cannot be used where one value is wanted", "name one element: [name=web], or 0"
        )
    if type(node) is not dict:
        return Problem(f"{part} asks for a field of what is no mapping", _CORRECT)
    return node.get(part, MISSING)


def match(slot: Slot, parts: tuple[str, ...], create: Shape | None) -> list[Slot] | Problem:
    """Every place that a path leads to, starting below the slot's value.

    With `create`, missing fields and elements on the way are made, the last one in that shape.
    """
    if not parts:
        return [slot]
    part, rest = parts[0], parts[1:]
    if _index(part) is not None:
        return _by_index(slot, part, rest, create)
    if _is_element(part):
        return _by_pattern(slot, part, rest, create)
    if part == "*":
        return _each(slot, range(len(_elements(slot.value))), rest, create, part)
    return _by_field(slot, part, rest, create)


def _by_field(
    slot: Slot, part: str, rest: tuple[str, ...], create: Shape | None
) -> list[Slot] | Problem:
    node = slot.value
    if is_null(node) and create is None:
        return []
    if type(node) is not dict:
        return Problem(f"{part} asks for a field of what is no mapping", _CORRECT)
    new = part not in node
    if new:
        if create is None:
            return []
        node[part] = _made(rest, create)
    found = Slot(node, part, new)
    if rest and not new and not isinstance(found.value, dict | list) and not is_null(found.value):
        return Unparsed(f"{part} holds a single value", _CORRECT, found, rest)
    return match(found, rest, create)


def _by_index(
    slot: Slot, part: str, rest: tuple[str, ...], create: Shape | None
) -> list[Slot] | Problem:
    index = _index(part) or 0
    node = slot.value
    if type(node) is not list and not is_null(node):
        return Problem(f"{part} asks for an element of what is no list", _CORRECT)
    size = len(_elements(node))
    if type(node) is list and index == size and create is not None:
        node.append(_made(rest, create))
        return match(Slot(node, index, True), rest, create)
    if index >= size:
        return Problem(f"there are {size} elements, and {part} counts from 0", _ELEMENTS)
    return match(Slot(node, index), rest, create)


def _by_pattern(
    slot: Slot, part: str, rest: tuple[str, ...], create: Shape | None
) -> list[Slot] | Problem:
    """Elements whose field matches a pattern, anywhere in it; `[=x]` matches scalars."""
    name, equals, pattern = part[1:-1].partition("=")
    if not equals:
        return _no_pair(part)
    matches = patterns.search(pattern)
    if isinstance(matches, Problem):
        return matches
    node = slot.value
    chosen = [
        index
        for index, element in enumerate(_elements(node))
        if matches(_text(element, name) or "") and _text(element, name) is not None
    ]
    found = _each(slot, chosen, rest if name else (), create, part)
    if create is None or isinstance(found, Problem) or found:
        return found
    if type(node) is not list:
        return Problem(f"{part} asks for an element of what is no list", _CORRECT)
    node.append({name: pattern} if name else pattern)
    added = Slot(node, len(node) - 1, not name)
    return match(added, rest, create) if name else [added]


def _each(
    slot: Slot, indices: Sequence[int], rest: tuple[str, ...], create: Shape | None, part: str
) -> list[Slot] | Problem:
    node = slot.value
    if type(node) is not list and not is_null(node):
        return Problem(f"{part} asks for the elements of what is no list", _CORRECT)
    found: list[Slot] = []
    for index in indices:
        more = match(Slot(node, index), rest, create)
        if isinstance(more, Problem):
            return more
        found.extend(more)
    return found


def _made(rest: tuple[str, ...], create: Shape) -> Any:
    if not rest:
        return create.empty()
    return [] if _is_element(rest[0]) or _index(rest[0]) is not None else {}


def _elements(node: Any) -> list[Any]:
    return node if type(node) is list else []


def _text(element: Any, name: str) -> str | None:
    if not name:
        return None if isinstance(element, dict | list) else keyed.text_of(element)
    if type(element) is not dict or name not in element:
        return None
    return keyed.text_of(element[name])


def _index(part: str) -> int | None:
    return int(part) if _INDEX.fullmatch(part) else None


def _is_element(part: str) -> bool:
    return part.startswith("[") and part.endswith("]")


def _no_pair(part: str) -> Problem:
    return Problem(f"{part} must be [field=value]", "write it as [name=web], or count from 0")
