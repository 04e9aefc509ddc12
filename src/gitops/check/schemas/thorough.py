"""Finds everything that is wrong with a value, as the API server does.

Source: kube-openapi `pkg/validation/validate`; apiextensions-apiserver `schema/pruning` and
`schema/listtype`. Flux applies with server-side apply, which refuses fields that the schema does
not know (structured-merge-diff: "field not declared in schema").
"""

import difflib
import math
from collections.abc import Iterator
from typing import Any

import msgspec

from gitops.check.schemas import formats, patterns, quick
from gitops.check.schemas.problem import Fault, Pointer, Problem

Schema = dict[str, Any]
_META = frozenset(("apiVersion", "kind", "metadata"))
_CLASSES = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
}


def problems(value: Any, schema: Schema) -> Iterator[Problem]:
    """All that is wrong with an object, unknown fields first."""
    yield from unknown(value, schema, (), root=True)
    yield from invalid(value, schema, ())
    yield from repeated(value, schema, ())


def unknown(value: Any, schema: Schema, at: Pointer, *, root: bool = False) -> Iterator[Problem]:
    """Fields that no schema names: the API server would drop them, so it refuses the object."""
    match value:
        case list():
            yield from _unknown_inside(value, schema, at)
        case dict() if not _is_typeless(schema):
            yield from _unknown_fields(value, schema, at, root=root)


def _unknown_inside(value: list[Any], schema: Schema, at: Pointer) -> Iterator[Problem]:
    items = schema.get("items")
    if not isinstance(items, dict):
        return
    if schema.get("x-kubernetes-preserve-unknown-fields"):
        # What is said of a list holds for its elements too (pruning/algorithm.go, skipPrune).
        items = {**items, "x-kubernetes-preserve-unknown-fields": True}
    for number, each in enumerate(value):
        yield from unknown(each, items, (*at, number))


def _unknown_fields(
    value: dict[str, Any], schema: Schema, at: Pointer, *, root: bool
) -> Iterator[Problem]:
    fields = schema.get("properties", {})
    others = schema.get("additionalProperties", quick.is_open(schema))
    own = _META if root or schema.get("x-kubernetes-embedded-resource") else frozenset()
    for name, inner in value.items():
        if name in own:
            continue
        if name in fields:
            yield from unknown(inner, fields[name], (*at, name))
        elif isinstance(others, dict):
            yield from unknown(inner, others, (*at, name))
        elif not others:
            yield _unknown(name, fields, (*at, name))


def _is_typeless(schema: Schema) -> bool:
    """Whether a schema says nothing about what an object holds; only those of Kubernetes do."""
    return "type" not in schema and "properties" not in schema and "core-open" in schema


def _unknown(name: str, fields: Schema, at: Pointer) -> Problem:
    hint = _nearest(name, sorted(fields))
    return Problem(Fault.UNKNOWN, at, "is no field that the schema knows", hint)


def _nearest(name: str, known: list[str]) -> str:
    """What was meant, where it is nearly the same: a longer name may be a newer one."""
    near = difflib.get_close_matches(name, known, 1, 0.75)
    return f"did you mean {near[0]}?" if near else ""


def invalid(value: Any, schema: Schema, at: Pointer) -> Iterator[Problem]:
    """Values that the schema does not allow."""
    if value is None and at and isinstance(at[-1], int) and "core-filled" in schema:
        # Go reads it as an element without any field, or as an empty text.
        value = {} if "properties" in schema else "" if schema.get("type") == "string" else None
    wrong = _wrong_type(value, schema)
    if wrong:
        yield Problem(Fault.TYPE, at, wrong)
        return
    if value is None:
        yield from _not_allowed(value, schema, at)
        return
    yield from _combined(value, schema, at)
    yield from _not_allowed(value, schema, at)
    match value:
        case bool():
            pass
        case str():
            yield from _text(value, schema, at)
        case int() | float():
            yield from _number(value, schema, at)
        case list():
            yield from _list(value, schema, at)
        case dict():
            yield from _object(value, schema, at)


def _wrong_type(value: Any, schema: Schema) -> str:
    """What is expected and what is there instead; "" when the type is right."""
    wanted = schema.get("type")
    types = ("integer", "string") if schema.get("x-kubernetes-int-or-string") else (wanted,)
    if schema.get("format") == "core-quantity":
        types = ("number", "string")
    if types == (None,):
        is_text = value is None or isinstance(value, str | list)
        known = formats.of_text(schema.get("format"))
        return f"must be a {known[0]}, is {_shown(value)}" if known and not is_text else ""
    if value is None:
        return "" if schema.get("nullable") else f"must be {_either(types)}, is null"
    found = _CLASSES[value.__class__]
    is_right = (
        found in types
        or (found == "integer" and "number" in types)
        or (found == "number" and "integer" in types and _is_whole(value))
    )
    return "" if is_right else f"must be {_either(types)}, is {_shown(value)}"


def _is_whole(value: float) -> bool:
    return math.isfinite(value) and value == math.trunc(value) and abs(value) < 1 << 53


def _either(types: tuple[Any, ...]) -> str:
    return " or ".join(f"{'an' if str(each)[0] in 'aeio' else 'a'} {each}" for each in types)


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return f"an {_CLASSES[value.__class__]}"
    text = msgspec.json.encode(value).decode()
    text = text if len(text) <= 60 else f"{text[:57]}…"
    return f"the {_CLASSES[value.__class__]} {text}"


def _not_allowed(value: Any, schema: Schema, at: Pointer) -> Iterator[Problem]:
    allowed = schema.get("enum") or (() if value is None else schema.get("core-enum", ()))
    if allowed and not any(_equal(value, each) for each in allowed):
        words = ", ".join(str(each) for each in allowed[:12] if each != "")
        known = [each for each in allowed if isinstance(each, str)]
        hint = _nearest(value, known) if isinstance(value, str) else ""
        yield Problem(Fault.ENUM, at, f"must be one of {words}; it is {_brief(value)}", hint)


def _brief(value: Any) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= 60 else f"{text[:57]}…"


def _equal(left: Any, right: Any) -> bool:
    return bool(left == right) and (isinstance(left, bool) == isinstance(right, bool))


def _text(value: str, schema: Schema, at: Pointer) -> Iterator[Problem]:
    size = len(value)
    if size < schema.get("minLength", 0):
        least = schema["minLength"]
        yield Problem(Fault.VALUE, at, f"must have at least {least} characters, has {size}")
    if size > schema.get("maxLength", math.inf):
        yield Problem(Fault.LIMIT, at, f"may have {schema['maxLength']} characters, has {size}")
    pattern = schema.get("pattern")
    if pattern and not patterns.matcher(pattern)(value):
        yield Problem(Fault.VALUE, at, f"{_brief(value)} does not match {pattern}")
    known = formats.of_text(schema.get("format"))
    if known and not known[1](value):
        name = known[0].removeprefix("core-")
        yield Problem(Fault.FORMAT, at, f"{_brief(value)} is no {name}")


def _number(value: float, schema: Schema, at: Pointer) -> Iterator[Problem]:
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None and (value <= least if schema.get("exclusiveMinimum") else value < least):
        word = "more than" if schema.get("exclusiveMinimum") else "at least"
        yield Problem(Fault.VALUE, at, f"must be {word} {least}, is {_brief(value)}")
    if most is not None and (value >= most if schema.get("exclusiveMaximum") else value > most):
        word = "less than" if schema.get("exclusiveMaximum") else "at most"
        yield Problem(Fault.VALUE, at, f"must be {word} {most}, is {_brief(value)}")
    factor = schema.get("multipleOf")
    if factor and not _is_multiple(value, factor):
        yield Problem(Fault.VALUE, at, f"must be a multiple of {factor}, is {_brief(value)}")
    in_range = formats.NUMBERS.get(schema.get("format", ""))
    if in_range and not in_range(value):
        yield Problem(Fault.VALUE, at, f"{_brief(value)} is too large for this field")


def _is_multiple(value: float, factor: float) -> bool:
    if isinstance(value, int) and factor == int(factor):
        return value % int(factor) == 0
    return _is_whole(1 / factor * value if factor < 1 else value / factor)


def _list(value: list[Any], schema: Schema, at: Pointer) -> Iterator[Problem]:
    size = len(value)
    if size < schema.get("minItems", 0):
        least = schema["minItems"]
        yield Problem(Fault.VALUE, at, f"must have at least {least} elements, has {size}")
    if size > schema.get("maxItems", math.inf):
        yield Problem(Fault.LIMIT, at, f"may have {schema['maxItems']} elements, has {size}")
    if schema.get("uniqueItems") and len({_brief_whole(each) for each in value}) < size:
        yield Problem(Fault.VALUE, at, "holds the same element twice")
    items = schema.get("items")
    if isinstance(items, dict):
        for number, each in enumerate(value):
            yield from invalid(each, items, (*at, number))


def _brief_whole(value: Any) -> bytes:
    return msgspec.json.encode(value, order="sorted")


def _object(value: dict[str, Any], schema: Schema, at: Pointer) -> Iterator[Problem]:
    rules = schema.get("core-rules", ())
    if not rules:
        yield from _fields(value, schema, at)
        return
    found = tuple(_fields(value, schema, at))
    yield from found
    # What cannot be read is not held against rules.
    if not any(each.fault is Fault.TYPE for each in found):
        for rule in rules:
            yield from rule(value, at)


def _fields(value: dict[str, Any], schema: Schema, at: Pointer) -> Iterator[Problem]:
    size = len(value)
    if size < schema.get("minProperties", 0):
        least = schema["minProperties"]
        yield Problem(Fault.VALUE, at, f"must have at least {least} fields, has {size}")
    if size > schema.get("maxProperties", math.inf):
        yield Problem(Fault.LIMIT, at, f"may have {schema['maxProperties']} fields, has {size}")
    fields, others = schema.get("properties", {}), schema.get("additionalProperties")
    for name, inner in value.items():
        if name in fields:
            yield from invalid(inner, fields[name], (*at, name))
        elif isinstance(others, dict):
            yield from invalid(inner, others, (*at, name))
    for name in schema.get("required", ()):
        if name not in value or (value[name] is None and name in schema.get("core-filled", ())):
            yield Problem(Fault.REQUIRED, (*at, name), "is required")


def _combined(value: Any, schema: Schema, at: Pointer) -> Iterator[Problem]:
    for each in schema.get("allOf", ()):
        yield from invalid(value, each, at)
    choices = schema.get("anyOf", ())
    if choices and not any(_fits(value, each) for each in choices):
        yield _of_choices(value, choices, at, "fits none of the forms that it may have")
    choices = schema.get("oneOf", ())
    fitting = sum(_fits(value, each) for each in choices)
    if choices and fitting != 1:
        words = "fits none of the forms that it may have"
        several = f"fits {fitting} forms of which it may have one"
        yield _of_choices(value, choices, at, several if fitting else words)
    if "not" in schema and _fits(value, schema["not"]):
        yield Problem(Fault.VALUE, at, "has a form that is forbidden" + _forbidden(schema["not"]))


def _of_choices(value: Any, choices: Any, at: Pointer, message: str) -> Problem:
    """With what each form would require, where that is all they differ in."""
    wanted = [each.get("required") for each in choices]
    if all(wanted):
        names = " | ".join("+".join(each) for each in wanted)
        message = f"{message}: {names}"
    return Problem(Fault.VALUE, at, message)


def _forbidden(schema: Schema) -> str:
    wanted = schema.get("required")
    return f": {'+'.join(wanted)}" if wanted else ""


def _fits(value: Any, schema: Schema) -> bool:
    return next(invalid(value, schema, ()), None) is None


def repeated(value: Any, schema: Schema, at: Pointer) -> Iterator[Problem]:
    """Elements of lists that must differ and do not."""
    match value:
        case list():
            yield from _repeated(value, schema, at)
            items = schema.get("items") or {}
            for number, each in enumerate(value):
                yield from repeated(each, items, (*at, number))
        case dict():
            fields, others = schema.get("properties", {}), schema.get("additionalProperties")
            for name, inner in value.items():
                if name in fields:
                    yield from repeated(inner, fields[name], (*at, name))
                elif isinstance(others, dict):
                    yield from repeated(inner, others, (*at, name))


def _repeated(value: list[Any], schema: Schema, at: Pointer) -> Iterator[Problem]:
    keys = schema.get("x-kubernetes-list-map-keys", ())
    kind = schema.get("x-kubernetes-list-type")
    if kind not in ("map", "set"):
        return
    if kind == "map" and any(each is not None and not isinstance(each, dict) for each in value):
        first = next(n for n, x in enumerate(value) if x is not None and not isinstance(x, dict))
        yield Problem(Fault.VALUE, (*at, first), "must be an object")
        return
    seen: dict[bytes, int] = {}
    fields = schema.get("items", {}).get("properties", {})
    for number, each in enumerate(value):
        own = each if kind == "set" else _key(each or {}, keys, fields)
        first = seen.setdefault(_brief_whole(own), number)
        if first != number and seen.get(b"!" + _brief_whole(own)) is None:
            seen[b"!" + _brief_whole(own)] = number
            words = _brief(own) if kind == "set" else _named(own)
            yield Problem(Fault.DUPLICATE, (*at, number), f"repeats {words} of element {first}")


def _key(element: dict[str, Any], keys: Any, fields: Schema) -> dict[str, Any]:
    key = {}
    for name in keys:
        if name in element:
            key[name] = element[name]
        elif "core-default" in fields.get(name, {}):
            key[name] = fields[name]["core-default"]
    return key


def _named(key: dict[str, Any]) -> str:
    return ", ".join(f"{name} {_brief(value)}" for name, value in key.items()) or "the missing key"
