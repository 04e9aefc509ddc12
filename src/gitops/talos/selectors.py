"""Selectors of disks and links: expressions in CEL, typed and judged as Talos does.

Source: Talos, `pkg/machinery/cel/celenv`. Types are checked before anything runs: `disk.size` is a
uint, and `600 * GB` multiplies an int by one, which cel-go refuses. Macros are not known here.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from gitops.check.schemas.cel import syntax
from gitops.check.schemas.cel.syntax import Call, Literal, Name, Select, Tree
from gitops.check.schemas.cel.values import CelError, Unsigned

_UNITS = {f"{letter}iB": 1024**power for power, letter in enumerate("KMGTPE", 1)} | {
    f"{letter}B": 1000**power for power, letter in enumerate("kMGTPE", 1)
}
DISK = {
    **dict.fromkeys(("size", "io_size", "sector_size"), "uint"),
    **dict.fromkeys(("readonly", "rotational", "cdrom"), "bool"),
    **dict.fromkeys(("model", "serial", "modalias", "wwid", "uuid", "bus_path"), "string"),
    **dict.fromkeys(("sub_system", "transport", "dev_path", "pretty_size"), "string"),
    **dict.fromkeys(("secondary_disks", "symlinks"), "list"),
}
"""Fields of `disk` and their types."""
LINK = {
    **dict.fromkeys(("index", "link_index", "mtu", "master_index"), "uint"),
    **dict.fromkeys(("speed_megabits", "type", "flags", "operational_state", "port"), "int"),
    **dict.fromkeys(("hardware_addr", "permanent_addr", "broadcast_addr"), "bytes"),
    **dict.fromkeys(("queue_disc", "kind", "slave_kind", "bus_path", "pciid"), "string"),
    **dict.fromkeys(("driver", "driver_version", "firmware_version", "alias"), "string"),
    **dict.fromkeys(("product_id", "vendor_id", "product", "vendor"), "string"),
    **dict.fromkeys(("link_state",), "bool"),
    **dict.fromkeys(("alt_names",), "list"),
    "duplex": "int",
}
"""Fields of `link` and their types."""
_METHODS: dict[str, Callable[[str, str], bool]] = {
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "contains": str.__contains__,
}
_ORDER = ("<", "<=", ">", ">=")
_SUMS = ("+", "-", "*", "/", "%")
_FUNCTIONS = frozenset(
    ("&&", "||", "!", "==", "!=", "in", "glob", "mac", *_ORDER, *_SUMS, *_METHODS)
)


class Unknowable(Exception):
    """The expression asks for what the facts do not say, or in words that are not known here."""


class Selector(msgspec.Struct, frozen=True):
    """An expression about one kind of thing, `disk` or `link`."""

    tree: Tree
    thing: str

    def holds(self, facts: Mapping[str, Any], *, system_disk: bool = False) -> bool:
        """Whether it selects a thing with these fields. Raises Unknowable."""
        return bool(_value(self.tree, {self.thing: facts, "system_disk": system_disk, **_UNITS}))


def read(text: str, thing: str) -> Selector:
    """The expression. Raises CelError where Talos refuses it, Unknowable where nobody knows."""
    tree = syntax.parse(text)
    names = dict.fromkeys(_UNITS, "uint") | {"system_disk": "bool"} if thing == "disk" else {}
    found = _type(tree, thing, names)
    if found != "bool":
        raise CelError(f"it gives {found}, not a bool")
    return Selector(tree, thing)


def glob(pattern: str, text: str) -> bool:
    """Whether a text is of a pattern in which `*` stands for anything, and nothing else is special.

    Source: github.com/ryanuber/go-glob.
    """
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text, re.DOTALL) is not None


def _type(tree: Tree, thing: str, names: Mapping[str, str]) -> str:
    match tree:
        case Literal(value=value):
            return _literal(value)
        case Name(name=name) if name in names:
            return names[name]
        case Name(name=name):
            raise CelError(f"undeclared reference to '{name}'")
        case Select(operand=Name(name=name), field=field) if name == thing:
            fields = DISK if thing == "disk" else LINK
            if field not in fields:
                raise CelError(f"undefined field '{field}'")
            return fields[field]
        case Select(operand=Name(name=name)) if name not in names:
            raise CelError(f"undeclared reference to '{name}'")
        case Call(function=function) if function not in _FUNCTIONS:
            raise Unknowable(f"`{function}` is not known here")
        case Call():
            given = (tree.target, *tree.arguments) if tree.target else tree.arguments
            return _result(tree, [_type(each, thing, names) for each in given])
        case _:
            raise Unknowable("it is in words that are not known here")


def _literal(value: Any) -> str:
    if isinstance(value, Unsigned):
        return "uint"
    kinds = {bool: "bool", int: "int", float: "double", str: "string", bytes: "bytes"}
    return kinds.get(value.__class__, "null_type")


def _result(call: Call, given: list[str]) -> str:
    """The type of what a function gives. Raises CelError for arguments that it does not take."""
    name = call.function
    same = len(given) == 2 and given[0] == given[1]
    taken = {
        "&&": (given == ["bool", "bool"], "bool"),
        "||": (given == ["bool", "bool"], "bool"),
        "!": (given == ["bool"], "bool"),
        "==": (same, "bool"),
        "!=": (same, "bool"),
        "in": (given == ["string", "list"], "bool"),
        "glob": (given == ["string", "string"], "bool"),
        "mac": (given == ["bytes"], "string"),
        **dict.fromkeys(_ORDER, (same and given[0] not in ("list", "null_type"), "bool")),
        **dict.fromkeys(_SUMS, (same and given[0] in ("int", "uint", "double"), given[0])),
        **dict.fromkeys(_METHODS, (bool(call.target) and given == ["string"] * 2, "bool")),
    }
    fits, gives = taken[name]
    if not fits:
        raise CelError(f"found no matching overload for '{name}' applied to ({', '.join(given)})")
    return gives


def _value(tree: Tree, variables: Mapping[str, Any]) -> Any:
    match tree:
        case Literal(value=value):
            return value
        case Name(name=name):
            return variables[name]
        case Select(operand=Name(name=name), field=field):
            if field not in variables[name]:
                raise Unknowable(f"fleet.yaml does not say {name}.{field}")
            return variables[name][field]
        case Call(function="&&" | "||" as operator, arguments=(left, right)):
            return _either(left, right, variables, stop=operator == "||")
        case Call(target=None):
            return _applied(tree.function, [_value(each, variables) for each in tree.arguments])
        case Call(target=target) if target is not None:
            (argument,) = tree.arguments
            method = _METHODS[tree.function]
            return method(_value(target, variables), _value(argument, variables))
    raise Unknowable("it is in words that are not known here")


def _either(left: Tree, right: Tree, variables: Mapping[str, Any], *, stop: bool) -> bool:
    """Either side may decide, whatever is unknown about the other."""
    unknown: Unknowable | None = None
    for side in (left, right):
        try:
            if bool(_value(side, variables)) is stop:
                return stop
        except Unknowable as cause:
            unknown = cause
    if unknown:
        raise unknown
    return not stop


def _applied(function: str, given: list[Any]) -> Any:
    match function, given:
        case "!", [value]:
            return not value
        case "mac", [value]:
            return ":".join(f"{byte:02x}" for byte in value)
        case "glob", [pattern, text]:
            return glob(pattern, text)
        case "in", [value, values]:
            return value in values
        case _, [left, right]:
            return _OPERATORS[function](left, right)
    raise Unknowable(f"`{function}` is not known here")


_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left // right,
    "%": lambda left, right: left % right,
}
