"""Values of expressions, and what every operator says of them.

Booleans, texts, lists, maps, null, bytes and doubles are Python's own; integers are `int`, and what
Python has nothing for is a class here. In Python a boolean is an integer: so classes are compared.
"""

import math
from collections.abc import Callable
from typing import Any

import msgspec

_LOW, _HIGH = -(1 << 63), (1 << 63) - 1
_MAX = (1 << 64) - 1


class CelError(Exception):
    """An expression has no value."""


class Unsigned(int):
    """An integer of type uint."""


class Duration(msgspec.Struct, frozen=True, order=True):
    """Nanoseconds."""

    nanos: int


class Timestamp(msgspec.Struct, frozen=True, order=True):
    """Nanoseconds since 1970 in UTC."""

    nanos: int


class Type(msgspec.Struct, frozen=True):
    """What `type` gives."""

    name: str


class Optional(msgspec.Struct, frozen=True):
    """A value that may be absent."""

    values: tuple[Any, ...] = ()


class Opaque(msgspec.Struct, frozen=True):
    """A value of a type that Kubernetes adds, such as `quantity`: compared by `key`."""

    type: str
    key: Any
    text: str = ""


class SetList(list[Any]):
    """A list of type set: two are equal whatever their order."""


class MapList(list[Any]):
    """A list of type map: the same, by the keys of its elements."""

    keys: tuple[str, ...] = ()


_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "bool"),
    (Unsigned, "uint"),
    (int, "int"),
    (float, "double"),
    (str, "string"),
    (bytes, "bytes"),
    (list, "list"),
    (dict, "map"),
    (type(None), "null_type"),
    (Duration, "google.protobuf.Duration"),
    (Timestamp, "google.protobuf.Timestamp"),
    (Optional, "optional_type"),
)
"""Names of types; a boolean is an integer to Python, so it comes first."""


def no_overload(*values: Any) -> CelError:
    """What cel-go says when nothing fits the types."""
    return CelError(f"no such overload: {', '.join(kind(value) for value in values)}")


def kind(value: Any) -> str:
    """The name of a value's type."""
    if isinstance(value, Opaque):
        return value.type
    return next((name for types, name in _KINDS if isinstance(value, types)), "type")


def is_number(value: Any) -> bool:
    """Whether it is an int, a uint or a double."""
    return isinstance(value, int | float) and value.__class__ is not bool


def equal(left: Any, right: Any) -> bool:
    """Whether two values are the same; those of different types are not, numbers apart."""
    if is_number(left) and is_number(right):
        return bool(left == right)
    if isinstance(left, list) and isinstance(right, list):
        return _same_lists(left, right)
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(equal(left[k], right[k]) for k in left)
    if left.__class__ is not right.__class__:
        return False
    if isinstance(left, Optional):
        return len(left.values) == len(right.values) and all(map(equal, left.values, right.values))
    if isinstance(left, Opaque):
        return left.type == right.type and bool(left.key == right.key)
    return bool(left == right)


def _same_lists(left: list[Any], right: list[Any]) -> bool:
    if len(left) != len(right):
        return False
    if isinstance(left, SetList | MapList):
        return all(any(equal(each, other) for other in right) for each in left)
    return all(map(equal, left, right))


def contains(values: Any, wanted: Any) -> bool:
    """`wanted in values`."""
    match values:
        case list():
            return any(equal(wanted, each) for each in values)
        case dict():
            return isinstance(wanted, str) and wanted in values
        case _:
            raise no_overload(wanted, values)


def compare(left: Any, right: Any, holds: Callable[[Any, Any], bool]) -> bool:
    """An ordering of two values of one type, or of two numbers."""
    comparable = (is_number(left) and is_number(right)) or (
        left.__class__ is right.__class__
        and isinstance(left, bool | str | bytes | Duration | Timestamp)
    )
    if not comparable:
        raise no_overload(left, right)
    return holds(left, right)


def limited(value: int, like: Any = 0) -> int:
    """An integer, if 64 bits can hold it."""
    if isinstance(like, Unsigned):
        if not 0 <= value <= _MAX:
            raise CelError("unsigned integer overflow")
        return Unsigned(value)
    if not _LOW <= value <= _HIGH:
        raise CelError("integer overflow")
    return value


def add(left: Any, right: Any) -> Any:
    """`+`."""
    match left, right:
        case (Duration(a), Duration(b)):
            return Duration(a + b)
        case (Timestamp(a), Duration(b)) | (Duration(a), Timestamp(b)):
            return Timestamp(a + b)
        case (SetList(), list()):
            return SetList([*left, *(each for each in right if not contains(left, each))])
        case (MapList(), list()):
            return _merged(left, right)
        case (list(), list()):
            return [*left, *right]
        case (str(), str()) | (bytes(), bytes()):
            return left + right
    return _arithmetic(left, right, lambda a, b: a + b)


def _merged(left: MapList, right: list[Any]) -> MapList:
    """Elements of the right one stand for those of the same keys in the left one."""
    merged = MapList(left)
    merged.keys = left.keys
    for each in right:
        same = [
            n for n, own in enumerate(merged) if all(own.get(k) == each.get(k) for k in left.keys)
        ]
        if same:
            merged[same[0]] = each
        else:
            merged.append(each)
    return merged


def subtract(left: Any, right: Any) -> Any:
    """`-`."""
    match left, right:
        case (Duration(a), Duration(b)) | (Timestamp(a), Timestamp(b)):
            return Duration(a - b)
        case (Timestamp(a), Duration(b)):
            return Timestamp(a - b)
    return _arithmetic(left, right, lambda a, b: a - b)


def multiply(left: Any, right: Any) -> Any:
    """`*`."""
    return _arithmetic(left, right, lambda a, b: a * b)


def divide(left: Any, right: Any) -> Any:
    """`/`: integers are cut towards zero."""
    if isinstance(left, float) and isinstance(right, float):
        if right == 0:
            return float("nan") if left == 0 or math.isnan(left) else left * float("inf")
        return left / right
    return _arithmetic(left, right, _quotient)


def remainder(left: Any, right: Any) -> Any:
    """`%`: the sign is that of the left."""
    if isinstance(left, float) or isinstance(right, float):
        raise no_overload(left, right)
    return _arithmetic(left, right, lambda a, b: a - b * _quotient(a, b, "modulus by zero"))


def _quotient(left: int, right: int, zero: str = "division by zero") -> int:
    if right == 0:
        raise CelError(zero)
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def _arithmetic(left: Any, right: Any, operate: Callable[[Any, Any], Any]) -> Any:
    if not is_number(left) or left.__class__ is not right.__class__:
        raise no_overload(left, right)
    result = operate(left, right)
    return result if isinstance(left, float) else limited(int(result), left)
