"""Our reading of the schema, against another program that reads JSON Schema."""

import random
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from gitops.errors import ToolError
from gitops.talos import schema
from tests import machines

WHOLE: dict[str, Any] = {
    "$defs": {"a.B": {"type": "object", "properties": {"c": {"type": "string"}}}}
}


def found(value: Any, shape: dict[str, Any]) -> list[tuple[tuple[str | int, ...], str, str]]:
    return [(each.pointer, each.words, each.hint) for each in schema.problems(value, shape, WHOLE)]


def test_every_problem_of_a_value_is_told_with_its_place() -> None:
    shape = {
        "type": "object",
        "additionalProperties": False,
        "required": ["name"],
        "properties": {
            "name": {"type": "string"},
            "kind": {"enum": ["one", "other"]},
            "urls": {"type": "array", "items": {"type": "string", "pattern": "^https://"}},
            "inner": {"$ref": "#/$defs/a.B"},
            "flags": {"type": "object", "patternProperties": {".*": {"type": "boolean"}}},
            "extra": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        },
    }
    value = {
        "kind": "othr",
        "urls": ["https://a", "http://b", 3],
        "inner": {"c": 1},
        "flags": {"x": "yes"},
        "extra": True,
        "nam": "a",
    }
    assert found(value, shape) == [
        (("name",), "is missing", "the schema of Talos requires it"),
        (("kind",), 'must be one of one, other, is "othr"', "did you mean other?"),
        (("urls", 1), 'must match ^https://, is "http://b"', ""),
        (("urls", 2), "must be of type string, is 3", ""),
        (("inner", "c"), "must be of type string, is 1", ""),
        (("flags", "x"), 'must be of type boolean, is "yes"', ""),
        (("extra",), "must be one of string or integer, is true", ""),
        (("nam",), "is no field that the schema knows", "did you mean name?"),
    ]
    assert found({"name": "a", "extra": 3, "flags": {"x": True}}, shape) == []


def test_a_word_that_is_not_known_is_no_reason_to_pass() -> None:
    with pytest.raises(ToolError, match="the schema of Talos says dependentRequired, which gitops"):
        found({}, {"dependentRequired": {}})


def test_thousands_of_changed_configurations_are_judged_like_by_jsonschema() -> None:
    whole = machines.schema()
    corrected = {**whole, "$defs": {**whole["$defs"], "v1alpha1.Endpoint": {"type": "string"}}}
    kinds, draw = schema.kinds(whole), random.Random(1)
    others = {
        kind: Draft202012Validator({"$defs": corrected["$defs"], **shape})
        for kind, shape in kinds.items()
    }
    refused = 0
    for _ in range(3000):
        document = draw.choice(machines.first())
        kind = document.get("kind", "v1alpha1")
        changed = _changed(document, draw)
        ours = any(schema.problems(changed, kinds[kind], whole))
        assert ours is not others[kind].is_valid(changed), changed
        refused += ours
    assert 1000 < refused < 2900


def _changed(value: Any, draw: random.Random) -> Any:
    """The value with something at a random place."""
    if isinstance(value, dict) and value and draw.random() < 0.9:
        key = draw.choice(sorted(value))
        new = key if draw.random() < 0.9 else f"{key}s"
        return {**value, new: _changed(value[key], draw)}
    if isinstance(value, list) and value and draw.random() < 0.9:
        return [_changed(value[0], draw), *value[1:]]
    choices: list[Any] = ["a", "https://a:1/", 3, 1.5, True, None, {}, {"a": "b"}, [], ["a"], value]
    return draw.choice(choices)
