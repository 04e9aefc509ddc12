"""The facts of tests/estates.py with one mistake in each file, and what is said about it.

`wrong` and `right` are words of fleet.yaml with what stands there instead.
"""

from pathlib import Path

import pytest

from tests import estates
from tests.refused import yamlcases

CASES = yamlcases.beside(__file__)


def report(changes: list[dict[str, str]]) -> str:
    changed = estates.changed(*((each["words"], each["become"]) for each in changes))
    return yamlcases.report(estates.load(changed)[1])


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_mistake_is_told_and_nothing_else(path: Path) -> None:
    told = report(yamlcases.read(path)["wrong"])
    assert told == yamlcases.expected(path, told)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_only_looks_like_the_mistake_is_none(path: Path) -> None:
    assert report(yamlcases.read(path)["right"]) == ""
