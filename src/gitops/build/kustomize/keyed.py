"""Lists whose elements are told apart by the values of some of their fields.

This is kyaml's view of such lists, corner by corner: the key "" stands for the elements of a list
of scalars, and values are compared as text.
"""

from enum import Enum, auto
from typing import Any

from gitops.sources.yamlio import Null


class Absent(Enum):
    """Not even null is there."""

    MISSING = auto()


MISSING = Absent.MISSING

Values = list[str]
"""The values of one element's key fields; "" where it has none."""


def is_null(value: Any) -> bool:
    """Whether the value is a null, written out or not."""
    return value is None or value is Null.WRITTEN


def is_nothing(value: Any) -> bool:
    """Whether the value is missing or null."""
    return value is MISSING or is_null(value)


def is_empty(value: Any) -> bool:
    """Whether an element does not count as one."""
    return is_nothing(value) or value == {}


def text_of(value: Any) -> str:
    """A scalar as it would be written without quotes; "" for everything else."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return repr(value)
        case _:
            return ""


def values_of(elements: list[Any], keys: tuple[str, ...]) -> list[Values]:
    """The key values of every element, in order."""
    if keys == ("",):
        return [[text_of(element)] for element in elements]
    return [
        [text_of(element.get(key)) if type(element) is dict else "" for key in keys]
        for element in elements
    ]


def find(elements: Any, keys: tuple[str, ...], values: Values) -> Any:
    """The first element with these values, or MISSING."""
    for element in elements if type(elements) is list else ():
        if keys == ("",):
            if text_of(element) == values[0]:
                return element
        elif type(element) is dict and all(
            key in element and text_of(element[key]) == value
            for key, value in zip(keys, values, strict=True)
        ):
            return element
    return MISSING


def put(elements: list[Any], element: Any, keys: tuple[str, ...], values: Values) -> None:
    """Sets the element in the place of those with these values, at the end when there are none.

    A missing element removes them. Empty elements vanish. Values may be fewer than keys; with none
    at all, elements with other keys vanish too.
    """
    kept: list[Any] = []
    found = False
    for each in elements:
        if is_empty(each):
            continue
        if not _matches(each, keys, values):
            if values:
                kept.append(each)
            continue
        found = True
        if element is not MISSING:
            kept.append(element)
    if not found and not is_nothing(element):
        kept.append(element)
    elements[:] = kept


def _matches(element: Any, keys: tuple[str, ...], values: Values) -> bool:
    """A key without a value of its own counts as the one before it; an empty value as any."""
    if not values:
        return False
    if keys == ("",):
        return text_of(element) == values[0]
    if type(element) is not dict:
        return False
    return all(
        key in element and value in ("", text_of(element[key]))
        for key, value in zip(keys, values, strict=False)
    )


def usable(
    every: list[Values], keys: tuple[str, ...], values: Values
) -> tuple[tuple[str, ...], Values]:
    """The keys for which any element has a value, and the values for them."""
    used = {index for each in every for index, value in enumerate(each) if value}
    if not used:
        return keys, values
    return (
        tuple(key for index, key in enumerate(keys) if index in used),
        [value for index, value in enumerate(values) if value or index in used],
    )


def unified(every: list[Values]) -> list[Values]:
    """Values that differ only where one of them says nothing, made the same.

    A port without a protocol is the same as that port with one.
    """
    every = list(every)
    for i in range(len(every)):
        one = every[i]
        for j, other in enumerate(every):
            both = _union(one, other)
            if both is not None:
                every[i] = every[j] = both
    return every


def _union(one: Values, other: Values) -> Values | None:
    pairs = list(zip(one, other, strict=True))
    if all(a != b for a, b in pairs) or any(a and b and a != b for a, b in pairs):
        return None
    return [a or b for a, b in pairs]


def joined(front: list[Any], rest: list[Any], keys: tuple[str, ...]) -> list[Any]:
    """`front` with the elements of `rest`, which take the place of those with their values."""
    for element in rest:
        if keys == ("",):
            put(front, element, keys, [text_of(element)])
            continue
        values: Values = []
        for key in keys:
            if type(element) is dict and key in element:
                values.append(text_of(element[key]))
            else:
                front.append(element)
        if len(keys) > 1:
            put(front, MISSING, keys, values)
        put(front, element, keys, values)
    return front
