"""The API server's own judge of core objects, to compare with: a small Go program that calls it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.oracle import golibs


def ask(bodies: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """One answer per object, in order.

    An answer has `refused`: field, type and detail of each mistake; or `unread` says why the object
    is none, or `unheard` that the program does not know the kind. Skips the test where the program
    cannot be had.
    """
    return golibs.ask(Path(__file__).parent, bodies)
