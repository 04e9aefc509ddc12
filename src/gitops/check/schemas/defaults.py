"""What the API server fills in before it validates a custom resource.

Source: apiextensions-apiserver `schema/defaulting`: first nulls go that are not allowed and have no
default, then defaults come.
"""

import copy
from collections.abc import Sequence
from typing import Any

import msgspec

from gitops.check.schemas.problem import Pointer

Schema = dict[str, Any]


def filled(value: Any, schema: Schema, unknown: Sequence[Pointer] = ()) -> Any:
    """A copy of an object as it is when the API server validates it: without unknown fields."""
    value = msgspec.to_builtins(value)  # a copy, in a quarter of the time of copy.deepcopy
    for *way, name in unknown:
        around = value
        for part in way:
            around = around[part]
        del around[name]
    _drop_nulls(value, schema)
    _fill(value, schema)
    return value


def _drop_nulls(value: Any, schema: Schema) -> None:
    items = schema.get("items")
    if isinstance(value, list) and isinstance(items, dict):
        for each in value:
            _drop_nulls(each, items)
    if not isinstance(value, dict):
        return
    others = schema.get("additionalProperties")
    for name, inner in list(value.items()):
        field = schema.get("properties", {}).get(name)
        own = others if field is None and isinstance(others, dict) else field
        if own is None:
            continue
        if inner is None and not own.get("nullable") and own.get("default") is None:
            del value[name]
        else:
            _drop_nulls(inner, own)


def _fill(value: Any, schema: Schema) -> None:
    items = schema.get("items")
    if isinstance(value, list) and isinstance(items, dict):
        for number, each in enumerate(value):
            value[number] = _instead(each, items)
            _fill(value[number], items)
    if isinstance(value, dict):
        _fill_fields(value, schema)


def _fill_fields(value: dict[str, Any], schema: Schema) -> None:
    fields, others = schema.get("properties", {}), schema.get("additionalProperties")
    for name, field in fields.items():
        if field.get("default") is not None:
            value[name] = _instead(value.get(name), field, missing=name not in value)
    for name, inner in value.items():
        if name in fields:
            _fill(inner, fields[name])
        elif isinstance(others, dict):
            value[name] = _instead(inner, others)
            _fill(value[name], others)


def _instead(value: Any, schema: Schema, *, missing: bool = False) -> Any:
    """The default, for what is missing or null and may not be null."""
    is_refused_null = value is None and not schema.get("nullable")
    return copy.deepcopy(schema.get("default")) if missing or is_refused_null else value
