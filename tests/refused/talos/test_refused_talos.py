"""The configuration of infra-01 with one mistake in each file, and what is said about it.

`wrong` are edits of the configuration, `refused` is all that is found then, and `right` are edits
that look alike and are none.
"""

from pathlib import Path
from typing import Any

import pytest

from gitops.sources import yamlio
from tests import machines

CASES = sorted(Path(__file__).parent.glob("*.yaml"))


def read(path: Path) -> dict[str, Any]:
    (document,), mistakes = yamlio.parse(path.read_bytes(), path.name)
    assert mistakes == ()
    found: dict[str, Any] = document.value
    return found


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_mistake_is_told_and_nothing_else(path: Path) -> None:
    case = read(path)
    found = machines.judged(machines.edited(case["wrong"]), machines.schema())
    assert machines.told(found) == case["refused"]


@pytest.mark.parametrize(
    "path", [path for path in CASES if "right" in read(path)], ids=lambda path: path.stem
)
def test_what_only_looks_like_the_mistake_is_none(path: Path) -> None:
    found = machines.judged(machines.edited(read(path)["right"]), machines.schema())
    assert machines.told(found) == []


def test_without_a_schema_the_rest_is_told_still() -> None:
    """What the schema alone knows is missing, and a note says so."""
    for path in CASES:
        case = read(path)
        found = machines.told(machines.judged(machines.edited(case["wrong"]), None))
        assert found[0].startswith("note talos/no-schema: no schema of Talos v1.13.9 is here")
        others = [line for line in case["refused"] if "talos/schema:" not in line]
        assert found[1:] == [line for line in others if "is of no kind" not in line], path.stem
