"""Talos' own judge of configurations, to compare with: a small Go program of ours that calls it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.oracle import golibs


def ask(requests: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """One answer per request, in order; `refused` says why, and is "" where nothing is wrong.

    A request has a `configuration`, for which the answer has `warnings`; or a `bundle`, for which
    the answer has what was `made` of it again. Skips the test where the program cannot be had.
    """
    return golibs.ask(Path(__file__).parent, requests)
