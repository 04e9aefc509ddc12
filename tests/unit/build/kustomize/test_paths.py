"""Paths of fields in replacements."""

import pytest

from gitops.build.kustomize import gojson, paths
from gitops.build.kustomize.keyed import MISSING
from gitops.build.kustomize.problem import Problem


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("a.b.0", ("a", "b", "0")),
        (".a.b", ("a", "b")),
        ("a.b\\.c/d", ("a", "b.c/d")),
        ("a.[b.c/d].e", ("a", "b.c/d", "e")),
        ("a.[b].c", ("a", "[b]", "c")),
        ("a.[name=b.c.d].e", ("a", "[name=b.c.d]", "e")),
        ("a.[b.c", ("a", "b.c")),
        ("a.*", ("a", "*")),
    ],
)
def test_splitting(path: str, parts: tuple[str, ...]) -> None:
    assert paths.split(path) == parts


def test_looking_up_one_value() -> None:
    body = {"a": [{"n": "x", "v": 1}, {"n": 2, "v": None}], "0": "zero"}
    assert paths.lookup(body, ("a", "[n=x]", "v")) == 1
    assert paths.lookup(body, ("a", "[n=2]", "v")) is None
    assert paths.lookup(body, ("a", "-", "n")) == 2
    assert paths.lookup(body, ("a", "", " 0 ", "n")) == "x"
    assert paths.lookup(body, ("a", "1", "v", "deeper")) is MISSING
    assert paths.lookup(body, ("a", "7")) is MISSING
    assert paths.lookup(body, ("b",)) is MISSING
    assert isinstance(paths.lookup(body, ("0",)), Problem)
    assert isinstance(paths.lookup(body, ("a", "n")), Problem)


def test_json_is_written_as_go_writes_it() -> None:
    value = {"b": ["<", {}], "a": "\u2028&"}
    assert gojson.encode(value) == b'{"a":"\\u2028\\u0026","b":["\\u003c",{}]}'
    assert gojson.encode({"a": [1, []]}, 2) == b'{\n  "a": [\n    1,\n    []\n  ]\n}'
