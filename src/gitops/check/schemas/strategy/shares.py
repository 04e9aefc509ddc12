"""Numbers of pods, or shares of all of them.

Source: Kubernetes `pkg/apis/apps/validation`, ValidatePositiveIntOrPercent and
IsNotMoreThan100Percent.
"""

import re
from collections.abc import Iterator
from typing import Any

from gitops.check.schemas.problem import Pointer, Problem, wrong

_PERCENT = re.compile(r"[0-9]+%\Z")


def positive(value: Any, at: Pointer) -> Iterator[Problem]:
    """A number that is not less than 0, or a percentage."""
    if isinstance(value, str):
        if not _PERCENT.match(value):
            yield wrong(at, f"must be a number or a percentage such as 25%, is {value!r}")
    elif value is not None and value < 0:
        yield wrong(at, f"must be at least 0, is {value}")


def at_most_all(value: Any, at: Pointer) -> Iterator[Problem]:
    """Not more than 100%."""
    if isinstance(value, str) and _PERCENT.match(value) and number(value) > 100:
        yield wrong(at, f"must be at most 100%, is {value}")


def number(value: Any) -> int:
    """The number, whatever of."""
    if isinstance(value, str):
        return int(value[:-1]) if _PERCENT.match(value) else 0
    return int(value or 0)
