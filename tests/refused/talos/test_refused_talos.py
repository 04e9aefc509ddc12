"""The configuration of infra-01 with one mistake in each file, and what is said about it.

`wrong` are edits of the configuration, `refused` is all that is found then, with its lines in the
configuration, and `right` are edits that look alike and are none.
"""

import re
from pathlib import Path
from typing import Any

import pytest

from tests import machines
from tests.refused import yamlcases

CASES = yamlcases.beside(__file__)
_OF_SCHEMA = re.compile(r"^\S+: error (?:talos/schema: .*|.* is of no kind .*)\n(?:  .*\n)*", re.M)
"""What the schema alone knows."""


def report(edits: list[dict[str, Any]]) -> str:
    return yamlcases.report(machines.judged(machines.edited(edits), machines.schema()))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_mistake_is_told_and_nothing_else(path: Path) -> None:
    told = report(yamlcases.read(path)["wrong"])
    assert told == yamlcases.expected(path, told)


@pytest.mark.parametrize(
    "path", [path for path in CASES if "right" in yamlcases.read(path)], ids=lambda path: path.stem
)
def test_what_only_looks_like_the_mistake_is_none(path: Path) -> None:
    assert report(yamlcases.read(path)["right"]) == ""


def test_without_a_schema_the_rest_is_told_still() -> None:
    """What the schema alone knows is missing, and a note says so."""
    for path in CASES:
        case = yamlcases.read(path)
        note, *found = machines.judged(machines.edited(case["wrong"]), None)
        assert (note.rule, note.severity) == ("talos/no-schema", "note")
        assert note.message.startswith("no schema of Talos v1.13.9 is here")
        assert yamlcases.report(found) == _OF_SCHEMA.sub("", case["refused"]), path.stem
