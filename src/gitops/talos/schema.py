"""Holds values against Talos' JSON schema.

The schema is machine-made and uses few words of JSON Schema (draft 2020-12); one that is not known
here raises, so that nothing passes because it was not understood.
"""

import difflib
from collections.abc import Iterator
from typing import Any

import msgspec

from gitops.check.schemas import patterns
from gitops.errors import ToolError
from gitops.model.machine import MAIN, Pointer

Schema = dict[str, Any]
_WHOLE = range(1 << 32)
"""The schema does not say of its integers that Go's types for them are without a sign."""
_KNOWN = frozenset(
    (
        "$ref",
        "additionalProperties",
        "enum",
        "format",
        "items",
        "oneOf",
        "pattern",
        "patternProperties",
        "properties",
        "required",
        "type",
    )
)
_ABOUT = frozenset(
    (
        "$schema",
        "$id",
        "$defs",
        "title",
        "description",
        "markdownDescription",
        "x-intellij-html-description",
    )
)
_MISTAKEN: dict[str, Schema] = {
    # In Go it is a URL, which reads a text; the schema has the fields of the type, which are none.
    "v1alpha1.Endpoint": {"type": "string"},
}
"""What the schema of 1.13 says wrongly. Source: v1alpha1_types.go."""
_TYPES = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    type(None): "null",
}


class Problem(msgspec.Struct, frozen=True):
    """A value that the schema does not allow; `words` go on after the name of the field."""

    pointer: tuple[str | int, ...]
    words: str
    hint: str = ""


def problems(value: Any, schema: Schema, whole: Schema, at: Pointer = ()) -> Iterator[Problem]:
    """All that is wrong with a value. `whole` holds what `$ref` points at."""
    _understand(schema)
    if "$ref" in schema:
        yield from problems(value, _target(schema["$ref"], whole), whole, at)
    if "oneOf" in schema:
        yield from _one_of(value, schema["oneOf"], whole, at)
    wrong = _type(value, schema) or _allowed(value, schema)
    if wrong:
        yield Problem(tuple(at), wrong, _near(value, schema.get("enum", ())))
        return
    match value:
        case dict():
            yield from _object(value, schema, whole, at)
        case list() if "items" in schema:
            for number, item in enumerate(value):
                yield from problems(item, schema["items"], whole, (*at, number))


def _understand(schema: Schema) -> None:
    unknown = schema.keys() - _KNOWN - _ABOUT
    if unknown:
        words = ", ".join(sorted(unknown))
        raise ToolError(f"the schema of Talos says {words}, which gitops does not know yet")


def _target(reference: str, whole: Schema) -> Schema:
    name = reference.removeprefix("#/$defs/")
    found: Schema = _MISTAKEN.get(name) or whole["$defs"][name]
    return found


def kinds(whole: Schema) -> dict[str, Schema]:
    """The schema of each kind of document; "v1alpha1" is the one that has none.

    The schema calls one kind KubeSpanEndpoints, and Talos KubeSpanEndpointsConfig.
    """
    found: dict[str, Schema] = {MAIN: whole["$defs"]["v1alpha1.Config"]}
    for choice in whole["oneOf"]:
        definition = _target(choice["$ref"], whole)
        for kind in definition.get("properties", {}).get("kind", {}).get("enum", ()):
            found[kind] = definition
    return found


def _one_of(value: Any, choices: list[Schema], whole: Schema, at: Pointer) -> Iterator[Problem]:
    fitting = sum(not any(problems(value, choice, whole, at)) for choice in choices)
    if fitting != 1:
        forms = " or ".join(str(choice.get("type", "an object")) for choice in choices)
        yield Problem(tuple(at), f"must be one of {forms}, is {_shown(value)}")


def _type(value: Any, schema: Schema) -> str:
    wanted, found = schema.get("type"), _TYPES[value.__class__]
    if wanted in (None, found) or (wanted == "number" and found == "integer"):
        return ""
    return f"must be of type {wanted}, is {_shown(value)}"


def _allowed(value: Any, schema: Schema) -> str:
    if "enum" in schema and value not in schema["enum"]:
        return f"must be one of {', '.join(map(str, schema['enum']))}, is {_shown(value)}"
    if schema.get("type") == "integer" and value not in _WHOLE:
        return f"must be 0 to {_WHOLE[-1]}, is {value}"
    pattern = schema.get("pattern")
    if pattern and isinstance(value, str) and not patterns.matcher(pattern)(value):
        return f"must match {pattern}, is {_shown(value)}"
    return ""


def _object(value: dict[str, Any], schema: Schema, whole: Schema, at: Pointer) -> Iterator[Problem]:
    fields, shapes = schema.get("properties", {}), schema.get("patternProperties", {})
    others = schema.get("additionalProperties", True)
    for name in schema.get("required", ()):
        if name not in value:
            yield Problem((*at, name), "is missing", "the schema of Talos requires it")
    for name, inner in value.items():
        shaped = [each for pattern, each in shapes.items() if patterns.matcher(pattern)(name)]
        if name in fields:
            yield from problems(inner, fields[name], whole, (*at, name))
        for each in shaped:
            yield from problems(inner, each, whole, (*at, name))
        if name not in fields and not shaped:
            yield from _other(name, inner, others, whole, (*at, name), sorted(fields))


def _other(
    name: str, value: Any, others: Any, whole: Schema, at: Pointer, fields: list[str]
) -> Iterator[Problem]:
    if isinstance(others, dict):
        yield from problems(value, others, whole, at)
    elif not others:
        near = _near(name, fields) or "Talos may accept it still, as deprecated"
        yield Problem(tuple(at), "is no field that the schema knows", near)


def _near(value: Any, known: Any) -> str:
    found = difflib.get_close_matches(str(value), [str(each) for each in known], 1)
    return f"did you mean {found[0]}?" if found else ""


def _shown(value: Any) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= 60 else f"{text[:57]}…"
