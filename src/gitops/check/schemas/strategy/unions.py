"""Objects of which one field is there and none of its siblings."""

from collections.abc import Iterator
from typing import Any

from gitops.check.schemas.problem import Pointer, Problem, conflict


def one(
    found: dict[str, Any], at: Pointer, choices: tuple[str, ...], *, optional: bool = False
) -> Iterator[Problem]:
    """Exactly one of these is there; none may be where it is optional."""
    there = [name for name in choices if found.get(name) is not None]
    if not there and not optional:
        yield conflict(at, f"must have one of {', '.join(choices)}")
    for name in there[1:]:
        yield conflict((*at, name), f"may not be there beside {there[0]}", "keep one of them")
