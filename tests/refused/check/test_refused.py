"""Small repositories, each with one mistake and named after it; `expected.txt` is the report."""

import re
from pathlib import Path

import pytest

from tests.refused import machine

ABSENT = re.compile(r"^\S+ note schema/absent: .*\n(?:  .*\n)*", re.M)
"""Hardly any of these repositories holds the definitions of its kinds; `schema-…` are about it."""

ERROR = re.compile(r"^\S+ error ", re.M)


@pytest.mark.parametrize("fixture", machine.fixtures(__file__), ids=lambda path: path.name)
def test_the_mistake_is_reported_and_nothing_else(
    fixture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, report = machine.report(fixture, tmp_path, capsys)
    if not fixture.name.startswith("schema-"):
        report = ABSENT.sub("", report)
    expected = machine.expect(fixture, report)
    assert report == expected
    assert code == (1 if ERROR.search(expected) else 0)
