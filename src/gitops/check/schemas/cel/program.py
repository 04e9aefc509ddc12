"""Turns an expression into a function of its variables."""

import operator
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from gitops.check.schemas.cel import functions, syntax, values
from gitops.check.schemas.cel.syntax import Call, Item, ListOf, Literal, MapOf, Name, Select, Tree
from gitops.check.schemas.cel.values import CelError, Optional, Type

Variables = Mapping[str, Any]
Program = Callable[[Variables], Any]

_TYPES = {
    name: Type(name)
    for name in ("bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type")
}
_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": values.add,
    "-": values.subtract,
    "*": values.multiply,
    "/": values.divide,
    "%": values.remainder,
    "==": values.equal,
    "!=": lambda a, b: not values.equal(a, b),
    "<": lambda a, b: values.compare(a, b, operator.lt),
    "<=": lambda a, b: values.compare(a, b, operator.le),
    ">": lambda a, b: values.compare(a, b, operator.gt),
    ">=": lambda a, b: values.compare(a, b, operator.ge),
    "in": lambda a, b: values.contains(b, a),
}


@lru_cache(8192)
def compiled(text: str) -> Program:
    """The function of an expression. Raises CelError where it is none; so does the function where
    the expression has no value."""
    return _program(syntax.parse(text))


def _program(tree: Tree) -> Program:
    match tree:
        case Literal(value):
            return lambda _variables: value
        case Name(name):
            return lambda variables: _variable(variables, name)
        case Select():
            path = _path(tree)
            return _select(tree, path)
        case Item(operand, index, is_optional):
            found, place = _program(operand), _program(index)
            return lambda variables: _item(found(variables), place(variables), is_optional)
        case ListOf(elements, optional):
            return _list([_program(each) for each in elements], optional)
        case MapOf(entries, optional):
            pairs = [(_program(key), _program(value)) for key, value in entries]
            return _map(pairs, optional)
        case Call():
            return _call(tree)


def _path(tree: Tree) -> str:
    """`a.b.c` for what may be the name of a type or function; "" for all else."""
    match tree:
        case Name(name):
            return name
        case Select(operand, field, False):
            path = _path(operand)
            return path and f"{path}.{field}"
        case _:
            return ""


def _variable(variables: Variables, name: str) -> Any:
    if name in variables:
        return variables[name]
    if name in _TYPES:
        return _TYPES[name]
    raise CelError(f"undeclared reference to '{name}'")


def _select(tree: Select, path: str) -> Program:
    if path.startswith("google.protobuf."):
        return lambda _variables: Type(path)
    operand, field, optional = _program(tree.operand), tree.field, tree.optional

    def select(variables: Variables) -> Any:
        value = operand(variables)
        if optional or isinstance(value, Optional):
            return _optional_field(value, field)
        if value.__class__ is not dict and not isinstance(value, dict):
            raise values.no_overload(value)
        if field not in value:
            raise CelError(f"no such key: {field}")
        return value[field]

    return select


def _optional_field(value: Any, field: Any) -> Optional:
    if isinstance(value, Optional):
        return _optional_field(value.values[0], field) if value.values else value
    if isinstance(value, dict):
        return Optional((value[field],)) if field in value else Optional()
    if isinstance(value, list) and isinstance(field, int):
        return Optional((value[field],)) if 0 <= field < len(value) else Optional()
    raise values.no_overload(value, field)


def _item(value: Any, index: Any, optional: bool) -> Any:
    if optional or isinstance(value, Optional):
        return _optional_field(value, index)
    if isinstance(index, float) and index.is_integer():
        index = int(index)
    match value:
        case dict():
            if index not in value or isinstance(index, bool):
                raise CelError(f"no such key: {index}")
            return value[index]
        case list() if isinstance(index, int) and not isinstance(index, bool):
            if not 0 <= index < len(value):
                raise CelError(f"index out of bounds: {index}")
            return value[index]
        case _:
            raise values.no_overload(value, index)


def _list(programs: list[Program], optional: frozenset[int]) -> Program:
    def made(variables: Variables) -> list[Any]:
        found: list[Any] = []
        for number, program in enumerate(programs):
            value = program(variables)
            if number in optional:
                found += value.values
            else:
                found.append(value)
        return found

    return made


def _map(programs: list[tuple[Program, Program]], optional: frozenset[int]) -> Program:
    def made(variables: Variables) -> dict[Any, Any]:
        found = {}
        for number, (key, program) in enumerate(programs):
            name, value = key(variables), program(variables)
            if number not in optional:
                found[name] = value
            elif value.values:
                found[name] = value.values[0]
        return found

    return made


def _call(tree: Call) -> Program:
    name, count = tree.function, len(tree.arguments)
    if tree.target is None and name in ("&&", "||"):
        return _logical(tree, stop=name == "||")
    if tree.target is None and name == "?:":
        return _ternary(tree)
    if tree.target is None and name == "has":
        return _has(tree)
    if tree.target is not None and (name, count) in _MACROS and _binds(tree):
        return _MACROS[name, count](tree)
    if tree.target is None and name in _BINARY and count == 2:
        left, right = map(_program, tree.arguments)
        operate = _BINARY[name]
        return lambda variables: operate(left(variables), right(variables))
    return _function(tree)


def _function(tree: Call) -> Program:
    arguments = [_program(each) for each in tree.arguments]
    space = _path(tree.target) if tree.target is not None else ""
    full = f"{space}.{tree.function}" if space else tree.function
    if tree.target is None or (space and full in functions.GLOBAL):
        found = functions.GLOBAL.get(full)
        if found is None:
            raise CelError(f"undeclared reference to '{full}'")
        return _applied(found, arguments)
    method = functions.METHODS.get(tree.function)
    if method is None:
        raise CelError(f"undeclared reference to '{tree.function}'")
    return _applied(method, [_program(tree.target), *arguments])


def _applied(function: Callable[..., Any], arguments: list[Program]) -> Program:
    def apply(variables: Variables) -> Any:
        given = [argument(variables) for argument in arguments]
        try:
            return function(*given)
        except (TypeError, AttributeError, ValueError, IndexError) as cause:
            # What does not fit the types of the arguments has no value.
            raise values.no_overload(*given) from cause

    return apply


def _logical(tree: Call, *, stop: bool) -> Program:
    """`&&` and `||`: what one side alone decides, no error on the other side can hinder."""
    left, right = map(_program, tree.arguments)

    def decide(variables: Variables) -> bool:
        trouble: CelError | None = None
        for side in (left, right):
            try:
                value = side(variables)
            except CelError as error:
                trouble = trouble or error
                continue
            if not isinstance(value, bool):
                trouble = trouble or values.no_overload(value)
            elif value is stop:
                return stop
        if trouble:
            raise trouble
        return not stop

    return decide


def _ternary(tree: Call) -> Program:
    condition, then, other = map(_program, tree.arguments)

    def choose(variables: Variables) -> Any:
        chosen = condition(variables)
        if not isinstance(chosen, bool):
            raise values.no_overload(chosen)
        return then(variables) if chosen else other(variables)

    return choose


def _has(tree: Call) -> Program:
    asked = tree.arguments[0]
    if not isinstance(asked, Select):
        raise CelError("invalid argument to has() macro")
    operand, field = _program(asked.operand), asked.field

    def has(variables: Variables) -> bool:
        value = operand(variables)
        if isinstance(value, Optional):
            return bool(_optional_field(value, field).values)
        if not isinstance(value, dict):
            raise values.no_overload(value)
        return field in value

    return has


def _binds(tree: Call) -> bool:
    """Whether the first argument is a name, as that of every macro is."""
    if tree.function == "bind":
        return tree.target == Name("cel")
    return isinstance(tree.arguments[0], Name)


Scopes = Callable[[Any, Variables], Iterator[dict[str, Any]]]


def _scopes(names: list[str]) -> Scopes:
    """The variables for each element: of a map its keys, or its keys and values."""

    def each(value: Any, variables: Variables) -> Iterator[dict[str, Any]]:
        if not isinstance(value, list | dict):
            raise values.no_overload(value)
        if len(names) == 2:
            pairs = value.items() if isinstance(value, dict) else enumerate(value)
            return ({**variables, names[0]: k, names[1]: v} for k, v in pairs)
        return ({**variables, names[0]: found} for found in value)

    return each


def _split(tree: Call, bound: int) -> tuple[Program, Scopes, list[Program]]:
    assert tree.target is not None
    names = [each.name for each in tree.arguments[:bound] if isinstance(each, Name)]
    if len(names) != bound:
        raise CelError("argument must be a simple name")
    rest = [_program(each) for each in tree.arguments[bound:]]
    return _program(tree.target), _scopes(names), rest


def _quantified(bound: int, *, stop: bool) -> Callable[[Call], Program]:
    """`all` ends at the first false, `exists` at the first true; errors before it are forgotten."""

    def macro(tree: Call) -> Program:
        range_, scopes, (test,) = _split(tree, bound)

        def decide(variables: Variables) -> bool:
            trouble: CelError | None = None
            for scope in scopes(range_(variables), variables):
                try:
                    value = test(scope)
                except CelError as error:
                    trouble = trouble or error
                    continue
                if not isinstance(value, bool):
                    trouble = trouble or values.no_overload(value)
                elif value is stop:
                    return stop
            if trouble:
                raise trouble
            return not stop

        return decide

    return macro


def _exists_one(bound: int) -> Callable[[Call], Program]:
    def macro(tree: Call) -> Program:
        range_, scopes, (test,) = _split(tree, bound)
        return lambda variables: (
            sum(_truth(test(scope)) for scope in scopes(range_(variables), variables)) == 1
        )

    return macro


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise values.no_overload(value)
    return value


def _map_macro(bound: int) -> Callable[[Call], Program]:
    """`map` and `transformList`, with and without a filter."""

    def macro(tree: Call) -> Program:
        range_, scopes, rest = _split(tree, bound)
        test = rest[0] if len(rest) == 2 else None
        return lambda variables: [
            rest[-1](scope)
            for scope in scopes(range_(variables), variables)
            if test is None or _truth(test(scope))
        ]

    return macro


def _filter(tree: Call) -> Program:
    range_, scopes, (test,) = _split(tree, 1)
    name = tree.arguments[0]
    assert isinstance(name, Name)
    return lambda variables: [
        scope[name.name] for scope in scopes(range_(variables), variables) if _truth(test(scope))
    ]


def _transform_map(tree: Call) -> Program:
    range_, scopes, rest = _split(tree, 2)
    key = tree.arguments[0]
    assert isinstance(key, Name)
    test = rest[0] if len(rest) == 2 else None
    return lambda variables: {
        scope[key.name]: rest[-1](scope)
        for scope in scopes(range_(variables), variables)
        if test is None or _truth(test(scope))
    }


def _bind(tree: Call) -> Program:
    name, value, inner = tree.arguments
    assert isinstance(name, Name)
    bound, body = _program(value), _program(inner)
    return lambda variables: body({**variables, name.name: bound(variables)})


def _optional_map(*, flat: bool) -> Callable[[Call], Program]:
    def macro(tree: Call) -> Program:
        assert tree.target is not None
        name, inner = tree.arguments
        assert isinstance(name, Name)
        found, body = _program(tree.target), _program(inner)

        def mapped(variables: Variables) -> Any:
            value = found(variables)
            if not value.values:
                return value
            result = body({**variables, name.name: value.values[0]})
            return result if flat else Optional((result,))

        return mapped

    return macro


_MACROS: dict[tuple[str, int], Callable[[Call], Program]] = {
    ("all", 2): _quantified(1, stop=False),
    ("all", 3): _quantified(2, stop=False),
    ("exists", 2): _quantified(1, stop=True),
    ("exists", 3): _quantified(2, stop=True),
    ("exists_one", 2): _exists_one(1),
    ("existsOne", 2): _exists_one(1),
    ("exists_one", 3): _exists_one(2),
    ("existsOne", 3): _exists_one(2),
    ("map", 2): _map_macro(1),
    ("map", 3): _map_macro(1),
    ("filter", 2): _filter,
    ("transformList", 3): _map_macro(2),
    ("transformList", 4): _map_macro(2),
    ("transformMap", 3): _transform_map,
    ("transformMap", 4): _transform_map,
    ("bind", 3): _bind,
    ("optMap", 2): _optional_map(flat=False),
    ("optFlatMap", 2): _optional_map(flat=True),
}
"""By name and number of arguments."""
