"""Kubernetes' own judge of pods, to compare with: a small Go program of ours that calls it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.oracle import golibs


def ask(requests: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """One answer per request, in order; `error` in an answer says why there is no other.

    A request has `level`, `version`, `newest` (the minor version of the API server) and `pod`, for
    which the answer has `refused`: reason and detail of each control; or it has `labels` of a
    namespace, for which the answer has `policy`: what is enforced, warned of and audited.
    Skips the test where the program cannot be had.
    """
    return golibs.ask(Path(__file__).parent, requests)
