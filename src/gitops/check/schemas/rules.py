"""The rules of a schema, `x-kubernetes-validations`, each with the place in the schema it is for.

Source: apiextensions-apiserver `schema/cel/validation.go` and apiserver `pkg/cel/common/values.go`.
Rules about how a value may change (`oldSelf`) need the object as it was, so they are left out.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from gitops.check.schemas import cel
from gitops.check.schemas.cel.functions import duration, timestamp
from gitops.check.schemas.cel.values import CelError, MapList, Optional, SetList
from gitops.check.schemas.problem import Fault, Pointer, Problem

Schema = dict[str, Any]
WORD = b'"x-kubernetes-validations"'
"""What the text of a schema with rules holds."""
_PLAIN = frozenset({"string", "integer", "number", "boolean"})
_RULED = frozenset({"x-kubernetes-validations", "allOf"})
_OLD = re.compile(r"\boldSelf\b")
_PATH = re.compile(r"\.?([^.\[\]']+)|\['((?:[^'\\]|\\.)*)'\]")
_KEYWORDS = "true false null in as break const continue else for function if import let loop"
_RESERVED = frozenset(
    [*_KEYWORDS.split(), "package", "namespace", "return", "var", "void", "while"]
)
_SIGNS = {".": "__dot__", "-": "__dash__", "/": "__slash__"}


class Rules:
    """Those of one value, and below it those of its fields and elements: each is looked up when an
    object first has it."""

    def __init__(self, schema: Schema, typed: Schema | None = None, *, root: bool) -> None:
        """`typed` is the schema around one inside of `allOf`: values are typed as it says."""
        self._schema = schema
        self._typed = schema if typed is None else typed
        self._root = root
        found = schema.get("x-kubernetes-validations", ())
        self._own = tuple(rule for rule in found if rule.get("rule"))
        parts = schema.get("allOf", ())
        self._everywhere = tuple(Rules(part, self._schema, root=root) for part in parts)
        self._fields: dict[str, Rules | None] = {}

    @cached_property
    def _items(self) -> "Rules | None":
        return _below(self._schema.get("items"))

    @cached_property
    def _others(self) -> "Rules | None":
        return _below(self._schema.get("additionalProperties"))

    def problems(self, value: Any, at: Pointer = ()) -> Iterator[Problem]:
        """The rules that a value with its defaults breaks."""
        if value is None:
            return
        if self._own:
            yield from self._broken(value, at)
        for each in self._everywhere:
            yield from each.problems(value, at)
        match value:
            case list() if self._items:
                for number, element in enumerate(value):
                    yield from self._items.problems(element, (*at, number))
            case dict():
                for name, inner in value.items():
                    found = self._field(name)
                    if found:
                        yield from found.problems(inner, (*at, name))

    def _field(self, name: str) -> "Rules | None":
        if name not in self._fields:
            field = self._schema.get("properties", {}).get(name)
            is_other = field is None and name not in self._typed.get("properties", {})
            self._fields[name] = self._others if is_other else _below(field)
        return self._fields[name]

    def _broken(self, value: Any, at: Pointer) -> Iterator[Problem]:
        own = converted(value, self._typed, root=self._root)
        for rule in self._own:
            variables = {"self": own}
            if rule.get("optionalOldSelf"):
                variables["oldSelf"] = Optional()
            elif _OLD.search(rule["rule"]):
                continue
            try:
                if cel.compiled(rule["rule"])(variables) is True:
                    continue
                message = _message(rule, variables)
            except CelError as error:
                message = f"{error} evaluating rule: {_name(rule)}"
            place = () if "evaluating rule: " in message else _path(rule.get("fieldPath", ""))
            inside = () if place else _culprit(rule["rule"], own)
            yield Problem(Fault.RULE, (*at, *place), message, inside=inside)


def _culprit(rule: str, value: Any) -> Pointer:
    """The one element of a list that breaks a rule of the list even alone."""
    if not isinstance(value, list) or len(value) < 2:
        return ()
    broken = [number for number, each in enumerate(value) if _breaks(rule, each)]
    return (broken[0],) if len(broken) == 1 else ()


def _breaks(rule: str, element: Any) -> bool:
    try:
        return cel.compiled(rule)({"self": [element]}) is not True
    except CelError:
        return False


def _below(schema: Any) -> Rules | None:
    if not isinstance(schema, dict) or (
        schema.get("type") in _PLAIN and not _RULED & schema.keys()
    ):
        return None
    return Rules(schema, root=schema.get("x-kubernetes-embedded-resource") is True)


def converted(value: Any, schema: Schema, *, root: bool = False) -> Any:
    """A value as rules see it: typed by its schema, names of fields as identifiers."""
    if value is None:
        return None
    if schema.get("x-kubernetes-int-or-string"):
        return int(value) if isinstance(value, float) else value
    match value:
        case dict():
            return _fields(value, schema, root=root)
        case list():
            return _elements(value, schema)
        case bool():
            return value
        case int() if schema.get("type") == "number":
            return float(value)
        case float() if schema.get("type") == "integer":
            return int(value)
        case str() if schema.get("type") == "string":
            return _typed(value, schema.get("format"))
    return value


def _fields(value: dict[str, Any], schema: Schema, *, root: bool) -> dict[str, Any]:
    others = schema.get("additionalProperties")
    if isinstance(others, dict):
        return {name: converted(inner, others) for name, inner in value.items()}
    fields = schema.get("properties", {})
    made = {}
    for name, inner in value.items():
        if root and name in ("apiVersion", "kind"):
            made[name] = inner
        elif root and name == "metadata" and isinstance(inner, dict):
            made[name] = {key: inner[key] for key in ("name", "generateName") if key in inner}
        elif name in fields:
            if inner is not None or fields[name].get("nullable"):
                made[escaped(name)] = converted(inner, fields[name])
        elif schema.get("x-kubernetes-preserve-unknown-fields") and not fields:
            made[name] = inner
    return made


def _elements(value: list[Any], schema: Schema) -> list[Any]:
    items = schema.get("items", {})
    made = [converted(each, items) for each in value]
    match schema.get("x-kubernetes-list-type"):
        case "set":
            return SetList(made)
        case "map":
            keyed = MapList(made)
            keyed.keys = tuple(escaped(key) for key in schema.get("x-kubernetes-list-map-keys", ()))
            return keyed
        case _:
            return made


def _typed(text: str, form: Any) -> Any:
    try:
        match form:
            case "duration":
                return duration(text)
            case "date":
                return timestamp(f"{text}T00:00:00Z")
            case "date-time" | "datetime":
                return timestamp(text)
            case "byte":
                return text.encode()
            case _:
                return text
    except CelError:
        return text


def escaped(name: str) -> str:
    """The identifier that stands for a field (Kubernetes: "Validation rules", escaping)."""
    if name in _RESERVED:
        return f"__{name}__"
    name = name.replace("__", "__underscores__")
    return "".join(_SIGNS.get(char, char) for char in name)


def _message(rule: dict[str, Any], variables: dict[str, Any]) -> str:
    if rule.get("messageExpression"):
        try:
            found = cel.compiled(rule["messageExpression"])(variables)
        except CelError:
            found = ""
        if isinstance(found, str) and found.strip() and "\n" not in found.strip():
            return found.strip()
    message = str(rule.get("message") or "").strip()
    return message or f"failed rule: {rule['rule'].strip()}"


def _name(rule: dict[str, Any]) -> str:
    return str(rule.get("message") or rule["rule"]).strip()


def _path(text: str) -> Pointer:
    return tuple(found[1] or found[2].replace("\\'", "'") for found in _PATH.finditer(text))
