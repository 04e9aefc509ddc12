"""The code with which an API server judges custom resources: a small Go program of ours runs it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.oracle import golibs


def ask(requests: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """One answer per request, in order; `error` in an answer says why there is no other.

    A request has the `schema` of a kind and `bodies`; its answer has `problems`, a list for each
    body of what is wrong with it. Skips the test where the program cannot be had.
    """
    return golibs.ask(Path(__file__).parent, requests)
