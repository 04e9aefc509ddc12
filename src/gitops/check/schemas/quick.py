"""Says quickly that an object is right; what it cannot vouch for is looked at thoroughly.

A schema becomes functions, and each part of it only when some object first reaches that part. A
check is a class where only the class of a value counts: comparing it costs no call.
"""

from collections.abc import Callable, Iterable
from typing import Any

from gitops.check.schemas import formats, patterns

Check = type | Callable[[Any], bool]
Schema = dict[str, Any]

_COMBINING = ("allOf", "anyOf", "oneOf", "not")
_TEXTS = ("enum", "core-enum", "pattern", "minLength", "maxLength", "format")
_NUMBERS = ("enum", "minimum", "maximum", "multipleOf", "format")
_SAYS_NOTHING = {
    "core-filled",
    "core-open",
    "description",
    "nullable",
    "x-kubernetes-preserve-unknown-fields",
}
_OPEN: Schema = {"x-kubernetes-preserve-unknown-fields": True}


class Known(dict[int, tuple[Schema, Check]]):
    """The check of each schema that was met, by its identity: kinds of Kubernetes share most of
    what they are made of, and a schema of schemas holds itself."""

    def of(self, schema: Schema) -> Check:
        """The check of a part."""
        found = self.get(id(schema))
        if found is None:
            # What holds the schema keeps its identity from being given to another.
            found = self[id(schema)] = (schema, check(schema, self))
        return found[1]


def check(schema: Schema, known: Known, *, root: bool = False) -> Check:
    """A check that only says yes where `thorough.problems` finds nothing, and the lists of the
    value hold no element twice. It says no to whatever takes longer to find out."""
    if root:
        # Whatever the definition says of them, the API server knows them better.
        own = {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": _OPEN}
        schema = {"type": "object", **schema}
        schema["properties"] = {**schema.get("properties", {}), **own}
    if schema.get("x-kubernetes-embedded-resource"):
        return _never
    made = _by_type(schema, known)
    if _is_mixed(schema) or not any(word in schema for word in _COMBINING):
        return made
    return _with_choices(schema, made)


def _with_choices(schema: Schema, alone: Check) -> Check:
    """Combinations that ask for nothing but that some fields are there, as most do."""
    tests = [
        test for word in _COMBINING if word in schema for test in [_choice(word, schema[word])]
    ]
    if isinstance(alone, type) or schema.get("type") != "object" or None in tests:
        return _never
    return lambda value: alone(value) and all(test(value) for test in tests if test)


def _choice(word: str, schemas: Any) -> Callable[[Any], bool] | None:
    names = [_needed(each) for each in ([schemas] if word == "not" else schemas)]
    if None in names:
        return None
    wanted = [each for each in names if each is not None]

    def fitting(value: Any) -> int:
        return sum(all(name in value for name in each) for each in wanted)

    match word:
        case "allOf":
            return lambda value: fitting(value) == len(wanted)
        case "anyOf":
            return lambda value: fitting(value) > 0
        case "oneOf":
            return lambda value: fitting(value) == 1
        case _:
            return lambda value: fitting(value) == 0


def _needed(schema: Schema) -> tuple[str, ...] | None:
    """The fields that a part asks for, where it asks for nothing else."""
    if schema.keys() <= {"required", "properties"} and not any(
        schema.get("properties", {}).values()
    ):
        return tuple(schema.get("required", ()))
    return None


def _by_type(schema: Schema, known: Known) -> Check:
    if schema.get("format") == "core-quantity":
        return _quantity
    if schema.get("x-kubernetes-int-or-string"):
        return _number_or_text(schema)
    match schema.get("type"):
        case "object":
            return _object(schema, known)
        case "array":
            return _array(schema, known)
        case "string":
            return _text(schema)
        case "integer":
            return _number(schema, (int,))
        case "number":
            return _number(schema, (int, float))
        case "boolean":
            return _never if "enum" in schema else bool
        case _:
            return _anything if schema.keys() <= _SAYS_NOTHING else _never


class _Checks(dict[str, Any]):
    """The checks of the fields of an object, each made when a field is first met."""

    def __init__(self, schema: Schema, known: Known) -> None:
        super().__init__()
        self._known = known
        self._fields: dict[str, Schema] = schema.get("properties", {})
        self._others: Schema | bool = schema.get("additionalProperties", is_open(schema))
        self._filled: tuple[str, ...] = schema.get("core-filled", ())

    def takes_null(self, name: str) -> bool:
        """Whether a field may be null."""
        schema = self._fields.get(name, self._others)
        if name in self._filled:
            return False
        return isinstance(schema, dict) and "enum" not in schema and bool(schema.get("nullable"))

    def __missing__(self, name: str) -> Check:
        schema = self._fields.get(name)
        if schema is None:
            if isinstance(self._others, bool):
                return _anything if self._others else _never
            schema = self._others
        made = self[name] = self._known.of(schema)
        return made


def _object(schema: Schema, known: Known) -> Check:
    if "enum" in schema or "minProperties" in schema or "maxProperties" in schema:
        return _never
    fields: dict[str, Schema] = schema.get("properties", {})
    others = schema.get("additionalProperties")
    if isinstance(others, dict) and not fields and not schema.get("required"):
        return _map(others, known)
    checks, rules = _Checks(schema, known), schema.get("core-rules", ())
    required = frozenset(
        name for name in schema.get("required", ()) if "default" not in fields.get(name, {})
    )

    def holds(value: Any) -> bool:
        if value.__class__ is not dict:
            return False
        for name, inner in value.items():
            made = checks[name]
            if inner.__class__ is made or (made.__class__ is not type and made(inner)):
                continue
            if inner is not None or not checks.takes_null(name):
                return False
        return required <= value.keys() if required else True

    return _with_rules(holds, rules) if rules else holds


def _with_rules(holds: Callable[[Any], bool], rules: tuple[Callable[..., Any], ...]) -> Check:
    def complies(value: Any) -> bool:
        if not holds(value):
            return False
        for rule in rules:
            for _problem in rule(value, ()):
                return False
        return True

    return complies


def _map(others: Schema, known: Known) -> Check:
    """Whether all values of a mapping are right, whatever their names."""
    takes_null = "enum" not in others and bool(others.get("nullable"))
    made: list[Check] = []

    def holds(value: Any) -> bool:
        if value.__class__ is not dict:
            return False
        if not made:
            made.append(known.of(others))
        right = made[0]
        for inner in value.values():
            if inner.__class__ is right or (right.__class__ is not type and right(inner)):
                continue
            if inner is not None or not takes_null:
                return False
        return True

    return holds


def is_open(schema: Schema) -> bool:
    """Whether an object may have fields that its schema does not name."""
    if schema.get("x-kubernetes-preserve-unknown-fields"):
        return True
    return "core-open" in schema


def _array(schema: Schema, known: Known) -> Check:
    if any(word in schema for word in ("enum", "uniqueItems")):
        return _never
    least, most = schema.get("minItems", 0), schema.get("maxItems")
    unique = _unique(schema)
    made: list[Check] = []

    def holds(value: Any) -> bool:
        if value.__class__ is not list or len(value) < least:
            return False
        if most is not None and len(value) > most:
            return False
        if not made:
            made.append(known.of(schema["items"]) if "items" in schema else _anything)
        item = made[0]
        if item.__class__ is type:
            right = all(each.__class__ is item for each in value)
        else:
            right = all(map(item, value))
        return right and (len(value) < 2 or unique(value))

    return holds


def _unique(schema: Schema) -> Callable[[list[Any]], bool]:
    """Whether the elements of a list of at least two differ as they must."""
    match schema.get("x-kubernetes-list-type"):
        case "map":
            keys = tuple(schema.get("x-kubernetes-list-map-keys", ()))
            fields = schema.get("items", {}).get("properties", {})
            defaults = tuple(fields.get(key, {}).get("default") for key in keys)
            return lambda value: _differ(
                tuple(each.get(key, default) for key, default in zip(keys, defaults, strict=True))
                for each in value
            )
        case "set":
            return _differ
        case _:
            return _anything


def _differ(values: Iterable[Any]) -> bool:
    held = list(values)
    try:
        return len(set(held)) == len(held)
    except TypeError:
        return False


def _text(schema: Schema) -> Check:
    if not any(word in schema for word in _TEXTS):
        return str
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    values = schema.get("enum", schema.get("core-enum"))
    allowed = None if values is None else frozenset(filter(_is_text, values))
    tests: list[Callable[[str], bool]] = []
    if "pattern" in schema:
        tests.append(patterns.matcher(schema["pattern"]))
    known = formats.of_text(schema.get("format"))
    if known:
        tests.append(known[1])

    def holds(value: Any) -> bool:
        if value.__class__ is not str or (allowed is not None and value not in allowed):
            return False
        if len(value) < least or (most is not None and len(value) > most):
            return False
        return all(test(value) for test in tests)

    if allowed is not None and not tests and not least and most is None:
        return lambda value: value.__class__ is str and value in allowed
    return holds


def _number(schema: Schema, classes: tuple[type, ...]) -> Check:
    if not any(word in schema for word in _NUMBERS) and len(classes) == 1:
        return classes[0]
    if "enum" in schema or "multipleOf" in schema:
        return _never
    if schema.get("exclusiveMinimum") or schema.get("exclusiveMaximum"):
        return _never
    least, most = schema.get("minimum"), schema.get("maximum")
    in_range = formats.NUMBERS.get(schema.get("format", ""), _anything)

    def holds(value: Any) -> bool:
        return (
            value.__class__ in classes
            and (least is None or value >= least)
            and (most is None or value <= most)
            and in_range(value)
        )

    return holds


def _is_mixed(schema: Schema) -> bool:
    """Whether all that is combined is what every int-or-string has."""
    either = [{"type": "integer"}, {"type": "string"}]
    words = [word for word in _COMBINING if word in schema]
    return bool(
        schema.get("x-kubernetes-int-or-string")
        and words == ["anyOf"]
        and schema["anyOf"] == either
    )


def _quantity(value: Any) -> bool:
    if value.__class__ is str:
        return formats.TEXTS["core-quantity"](value)
    return value.__class__ is int or value.__class__ is float


def _number_or_text(schema: Schema) -> Check:
    """Quantities of custom resources are such, with a pattern for texts."""
    if not any(word in schema for word in (*_TEXTS, *_NUMBERS)):
        return _mixed
    if any(word in schema for word in (*_TEXTS, *_NUMBERS) if word != "pattern"):
        return _never
    matches = patterns.matcher(schema["pattern"])
    return lambda value: value.__class__ is int or (value.__class__ is str and matches(value))


def _mixed(value: Any) -> bool:
    return value.__class__ is str or value.__class__ is int


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _anything(_value: Any) -> bool:
    return True


def _never(_value: Any) -> bool:
    return False
