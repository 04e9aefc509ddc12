"""The facts of tests/estates.py with one mistake in each file, and what is said about it.

`wrong` are words of fleet.yaml with what stands there instead, `right` are changes that look alike
and are none, and `refused`, which comes last, is the report of the wrong ones.
"""

import os
from pathlib import Path
from typing import Any

import pytest

from gitops.model.build import Fleet
from gitops.sources import yamlio
from gitops.ui import text
from tests import estates

CASES = sorted(Path(__file__).parent.glob("*.yaml"))
REFUSED = "refused: |\n"


def read(path: Path) -> dict[str, Any]:
    (document,), mistakes = yamlio.parse(path.read_bytes(), path.name)
    assert mistakes == ()
    found: dict[str, Any] = document.value
    return found


def report(changes: list[dict[str, str]]) -> str:
    changed = estates.changed(*((each["words"], each["become"]) for each in changes))
    _, findings = estates.load(changed)
    *told, _ = text.report(Fleet(()), sorted(findings, key=lambda each: each.order))
    return "".join(told)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_mistake_is_told_and_nothing_else(path: Path) -> None:
    """With GITOPS_REWRITE_GOLDEN set, the report is written down instead."""
    told = report(read(path)["wrong"])
    if os.environ.get("GITOPS_REWRITE_GOLDEN"):
        head, _, _ = path.read_text("utf-8").partition(REFUSED)
        lines = "".join(f"  {line}\n" for line in told.splitlines())
        path.write_text(f"{head}{REFUSED}{lines}", "utf-8")
    assert told == read(path)["refused"]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_only_looks_like_the_mistake_is_none(path: Path) -> None:
    assert report(read(path)["right"]) == ""
