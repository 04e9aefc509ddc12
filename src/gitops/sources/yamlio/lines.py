"""Finds the line of a field, when a finding needs it."""

from collections.abc import Sequence


def line_of(text: bytes, document: int, pointer: Sequence[str | int]) -> int:
    """The line of the field, or of its deepest ancestor that exists; from 1."""
    return 1
