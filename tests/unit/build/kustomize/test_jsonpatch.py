"""JSON patches."""

from typing import Any

import msgspec
import pytest

from gitops.build.kustomize import jsonpatch
from gitops.build.kustomize.problem import Problem
from gitops.sources.yamlio import Null


def patched(body: dict[str, Any], *operations: dict[str, Any]) -> Any:
    parsed = jsonpatch.parse(msgspec.json.encode(operations).decode())
    assert not isinstance(parsed, Problem)
    return jsonpatch.apply(body, parsed)


@pytest.mark.parametrize(
    ("operation", "result"),
    [
        ({"op": "add", "path": "/b", "value": {"c": 1}}, {"a": [1, 2], "b": {"c": 1}}),
        ({"op": "add", "path": "/a/-", "value": 3}, {"a": [1, 2, 3]}),
        ({"op": "add", "path": "/a/0", "value": 0}, {"a": [0, 1, 2]}),
        ({"op": "add", "path": "/a/-1", "value": 3}, {"a": [1, 2, 3]}),
        ({"op": "add", "path": "/x~1y~0z", "value": 1}, {"a": [1, 2], "x/y~z": 1}),
        ({"op": "add", "path": "/b"}, {"a": [1, 2], "b": Null.WRITTEN}),
        ({"op": "remove", "path": "/a/-1"}, {"a": [1]}),
        ({"op": "replace", "path": "/a/1", "value": [2]}, {"a": [1, [2]]}),
        ({"op": "replace", "path": "/new", "value": 1}, {"a": [1, 2], "new": 1}),
        ({"op": "replace", "path": "", "value": {"z": 1}}, {"z": 1}),
        ({"op": "move", "from": "/a/0", "path": "/b"}, {"a": [2], "b": 1}),
        ({"op": "copy", "from": "/a", "path": "/b"}, {"a": [1, 2], "b": [1, 2]}),
        ({"op": "copy", "from": "/none", "path": "/b"}, {"a": [1, 2], "b": Null.WRITTEN}),
        ({"op": "test", "path": "/a", "value": [1, 2]}, {"a": [1, 2]}),
        ({"op": "test", "path": "/none", "value": None}, {"a": [1, 2]}),
        ({"op": "add", "path": "spec/b", "value": 1}, {"a": [1, 2], "b": 1}),
    ],
)  # fmt: skip
def test_operations(operation: dict[str, Any], result: dict[str, Any]) -> None:
    assert patched({"a": [1, 2]}, operation) == result


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        ({"op": "add", "path": "/x/y", "value": 1}, "nothing is at /x/y"),
        ({"op": "add", "path": "/a/5", "value": 1}, "/a/5: '5' is no position in a list of 2"),
        ({"op": "add", "path": "", "value": 1}, "nothing is at the empty path"),
        ({"op": "remove", "path": "/x"}, "nothing is at /x"),
        ({"op": "remove", "path": "/a/-3"}, "nothing is at /a/-3"),
        ({"op": "replace", "path": "/a/-", "value": 1}, "nothing is at /a/-"),
        ({"op": "replace", "path": "", "value": [1]}, "the patch leaves no object"),
        ({"op": "move", "path": "/b"}, "the operation move of /b has no from"),
        ({"op": "test", "path": "/a/0", "value": 1.5}, "the test of /a/0 fails"),
        ({"op": "test", "path": "/a/0", "value": True}, "the test of /a/0 fails"),
        ({"op": "merge", "path": "/a"}, "unknown operation 'merge'"),
        ({"op": "add"}, "the operation add has no path"),
    ],
)  # fmt: skip
def test_operations_that_fail(operation: dict[str, Any], message: str) -> None:
    problem = patched({"a": [1, 2]}, operation)
    assert isinstance(problem, Problem)
    assert problem.message == message


def test_operations_follow_one_another() -> None:
    assert patched(
        {"a": {}},
        {"op": "add", "path": "/a/b", "value": []},
        {"op": "add", "path": "/a/b/-", "value": "x"},
        {"op": "move", "from": "/a", "path": "/c"},
    ) == {"c": {"b": ["x"]}}


def test_every_number_passes_through_a_float_and_every_null_is_written() -> None:
    body = {"big": 12345678901234567890, "one": 1.0, "half": 0.5, "flag": True, "none": None}
    assert patched(body, {"op": "test", "path": "/one", "value": 1.5}) == Problem(
        "the test of /one fails",
        "correct the value of the test to what is there, or remove the operation",
    )
    assert repr(patched(body, {"op": "add", "path": "/x", "value": [None]})) == repr(
        {
            "big": 12345678901234567000,
            "one": 1,
            "half": 0.5,
            "flag": True,
            "none": Null.WRITTEN,
            "x": [Null.WRITTEN],
        }
    )


def test_a_value_is_not_shared_between_objects() -> None:
    operations = jsonpatch.parse("[{'op': 'add', 'path': '/a', 'value': [1]}]".replace("'", '"'))
    assert isinstance(operations, tuple)
    first, second = (jsonpatch.apply({}, operations) for _ in range(2))
    assert isinstance(first, dict)
    first["a"].append(2)
    assert second == {"a": [1]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1", "a JSON patch is a list of operations"),
        ("- 1", "a JSON patch is a list of operations"),
        ("- op: [", "line 1 of the patch: did not find expected node content while parsing"),
        ("[{op: add}]", "the patch is no JSON: JSON is malformed"),
    ],
)
def test_patches_that_cannot_be_read(text: str, message: str) -> None:
    problem = jsonpatch.parse(text)
    assert isinstance(problem, Problem)
    assert problem.message.startswith(message)


def test_yaml_is_read_as_sigs_yaml_reads_it() -> None:
    assert jsonpatch.parse("- op: add\n  path: /a\n  value: yes\n---\nrest\n") == (
        jsonpatch.Operation("add", "/a", True),
    )
    assert jsonpatch.parse("") == ()
