"""Ports that are a number or a name.

Source: Kubernetes `pkg/apis/core/validation`, ValidatePortNumOrName.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.schemas import names
from gitops.check.schemas.problem import Pointer, Problem, wrong


def either(port: Any, at: Pointer) -> Iterator[Problem]:
    """What is wrong with a port."""
    if isinstance(port, str):
        if not names.is_port(port):
            what = "a-z, 0-9 and -, at most 15 characters, one of them a letter"
            yield wrong(at, f"{port!r} is no name of a port: {what}", _unquoted(port))
    elif port is not None and not 1 <= port <= 65535:
        yield wrong(at, f"must be a port from 1 to 65535, is {port}")


def _unquoted(port: str) -> str:
    return "remove the quotes" if port.isdecimal() else ""
