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


class Problem(msgspec.Struct, frozen=True, array_like=True):
    """A value that the API server refuses. `message` goes on after the name of the field."""

    fault: Fault
    pointer: Pointer
    message: str
    hint: str = ""


def path(pointer: Pointer) -> str:
    """`spec.ports[0].name`; "" for the object itself."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in pointer)
    return "".join(parts).removeprefix(".")
