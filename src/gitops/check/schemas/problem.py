"""What is wrong with one value of an object."""

from enum import StrEnum

import msgspec

Pointer = tuple[str | int, ...]


class Fault(StrEnum):
    """The kinds of problems, as rules tell them apart."""

    TYPE = "type"
    UNKNOWN = "unknown-field"
    REQUIRED = "required"
    ENUM = "enum"
    VALUE = "value"
    FORMAT = "format"
    LIMIT = "limit"
    DUPLICATE = "duplicate"
    METADATA = "metadata"
    RULE = "rule"
    CONFLICT = "conflict"


class Problem(msgspec.Struct, frozen=True, array_like=True):
    """A value that the API server refuses. `message` goes on after the name of the field; `inside`
    leads on from the field to what alone is at fault, where that is known."""

    fault: Fault
    pointer: Pointer
    message: str
    hint: str = ""
    inside: Pointer = ()


def path(pointer: Pointer) -> str:
    """`spec.ports[0].name`; "" for the object itself."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in pointer)
    return "".join(parts).removeprefix(".")


def required(pointer: Pointer, why: str = "") -> Problem:
    """A field that is not there."""
    return Problem(Fault.REQUIRED, pointer, f"is required {why}".rstrip())


def conflict(pointer: Pointer, message: str, hint: str = "") -> Problem:
    """A field that does not go with another."""
    return Problem(Fault.CONFLICT, pointer, message, hint)


def wrong(pointer: Pointer, message: str, hint: str = "") -> Problem:
    """A value that does not have the form of its field."""
    return Problem(Fault.VALUE, pointer, message, hint)


def duplicate(pointer: Pointer, message: str) -> Problem:
    """An element that repeats another."""
    return Problem(Fault.DUPLICATE, pointer, message)
