"""Values schemas without references to other documents."""

from typing import Any

import msgspec
import pytest

from gitops.sources.helm import schemas

FAR = "https://example.org/far.json"


def local(schema: dict[str, Any]) -> tuple[Any, tuple[str, ...]]:
    text, removed = schemas.local(msgspec.json.encode(schema))
    return msgspec.json.decode(text), removed


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/definitions/a", "$schema": "https://example.org/any"},
        {"$id": FAR, "properties": {"a": {"$ref": f"{FAR}#/definitions/a"}}},
        {"$id": "https://example.org/near.json", "$ref": "#/definitions/a"},
        {"$ref": "https://json-schema.org/draft/2020-12/schema"},
        {"$ref": "urn:example:a", "x": "://"},
        {"properties": {"$ref": {"type": "string"}}, "x": "https://example.org"},
    ],
)
def test_references_that_stay_inside_are_kept(schema: dict[str, Any]) -> None:
    assert local(schema) == (schema, ())


@pytest.mark.parametrize(
    ("schema", "left", "removed"),
    [
        ({"$ref": FAR}, {}, FAR),
        ({"$ref": f"{FAR}#/a", "title": "t"}, {"title": "t"}, FAR),
        ({"allOf": [{"$ref": FAR}]}, {"allOf": [{}]}, FAR),
        ({"$dynamicRef": f"{FAR}#a"}, {}, FAR),
        (
            {"$id": "https://example.org/b/near.json", "a": {"$ref": "../far.json"}},
            {"$id": "https://example.org/b/near.json", "a": {}},
            FAR,
        ),
        ({"$ref": "file:///etc/passwd"}, {}, "file:///etc/passwd"),
    ],
)
def test_references_that_lead_elsewhere_are_taken_out_and_told(
    schema: dict[str, Any], left: dict[str, Any], removed: str
) -> None:
    assert local(schema) == (left, (removed,))


@pytest.mark.parametrize("text", [b"", b"{", b'{"$ref": "https://', b"\xff"])
def test_what_is_no_json_is_left_to_helm(text: bytes) -> None:
    assert schemas.local(text) == (text, ())
