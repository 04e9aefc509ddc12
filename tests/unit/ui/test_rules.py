import json

import msgspec

from gitops.check.rule import Ground, Rule
from gitops.model.finding import Severity
from gitops.ui import rules

RULE = Rule(
    "area/name",
    Severity.WARNING,
    "Something is wrong",
    "It would fail. " * 8,
    "spec:\n\n  field: x",
    "write y.",
)
OTHER = Rule("area/a-longer-name", Severity.ERROR, "Worse", "Why.", "x", "y.")


def test_a_table_has_a_line_per_rule() -> None:
    assert list(rules.table([OTHER, RULE])) == [
        "area/a-longer-name  error    Worse\n",
        "area/name           warning  Something is wrong\n",
    ]


def test_an_explanation_ends_with_the_way_out() -> None:
    assert "".join(rules.explanation(RULE)).splitlines() == [
        "area/name (warning)",
        "Something is wrong",
        "",
        "It would fail. It would fail. It would fail. It would fail. It would fail. It would",
        "fail. It would fail. It would fail.",
        "",
        "For example:",
        "",
        "    spec:",
        "",
        "      field: x",
        "",
        "The way out: write y.",
    ]


def test_an_explanation_tells_when_an_error_is_a_warning() -> None:
    rule = msgspec.structs.replace(OTHER, ground=Ground.OUTSIDE)
    assert next(rules.explanation(rule)).splitlines()[0] == (
        "area/a-longer-name (error, a warning where nothing tells what is made outside of the "
        "repository)"
    )


def test_json_holds_all_there_is_to_say() -> None:
    (text,) = rules.json([OTHER])
    assert json.loads(text) == [
        {
            "id": "area/a-longer-name",
            "severity": "error",
            "title": "Worse",
            "rationale": "Why.",
            "example": "x",
            "fix": "y.",
            "ground": "itself",
        }
    ]
