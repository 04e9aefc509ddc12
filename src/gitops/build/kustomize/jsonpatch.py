"""JSON patches (RFC 6902), as kustomize applies them.

kustomize hands them to evanphx/json-patch 4.13, which is laxer than the RFC: `replace` and `copy`
do not ask whether a field exists, indices may be negative, and a path may lack its first slash.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from gitops.build.kustomize.keyed import MISSING, is_null
from gitops.build.kustomize.problem import Problem
from gitops.sources import yamlio
from gitops.sources.yamlio import Null


class Operation(msgspec.Struct, frozen=True):
    """One operation; a path that is missing or no text is None, and a missing value null."""

    op: str
    path: str | None = None
    value: Any = None
    from_: str | None = None


_INDEX = re.compile(r"[-+]?[0-9]+")
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder(order="deterministic").encode


def parse(text: str) -> tuple[Operation, ...] | Problem:
    """The operations of a patch written as YAML, or as JSON when it begins with `[`."""
    loaded = _load(text)
    if isinstance(loaded, Problem):
        return loaded
    if type(loaded) is not list or any(type(each) is not dict for each in loaded):
        return Problem("a JSON patch is a list of operations", "write a list of op, path and value")
    return tuple(map(_operation, loaded))


def apply(body: dict[str, Any], operations: Sequence[Operation]) -> dict[str, Any] | Problem:
    """The patched object. `body` is used up; after a Problem it must not be used.

    Every null of the result counts as written out: kustomize prints the object anew.
    """
    document: Any = body
    for operation in operations:
        document = _apply(document, operation)
        if isinstance(document, Problem):
            return document
    if type(document) is not dict:
        return Problem("the patch leaves no object", "replace fields, not the whole object")
    reread: dict[str, Any] = _reread(document)
    return reread


def _load(text: str) -> Any:
    """JSON strictly, YAML as sigs.k8s.io/yaml reads it: the first document, whatever follows."""
    if text.startswith("["):
        try:
            return _decode(text)
        except msgspec.DecodeError as cause:
            hint = "a patch that begins with [ must be JSON; write a YAML list for anything else"
            return Problem(f"the patch is no JSON: {cause}", hint)
    documents, findings = yamlio.parse(text.encode(), "", yamlio.Dialect.SIGS)
    errors = [found for found in findings if found.severity == "error"]
    if errors:
        message = f"line {errors[0].at.line} of the patch: {errors[0].message}"
        return Problem(message, errors[0].hint)
    return documents[0].value if documents else []


def _operation(loaded: Mapping[str, Any]) -> Operation:
    op, path, origin = (loaded.get(name) for name in ("op", "path", "from"))
    return Operation(
        op if isinstance(op, str) else "unknown",
        path if isinstance(path, str) else None,
        loaded.get("value"),
        origin if isinstance(origin, str) else None,
    )


def _apply(document: Any, operation: Operation) -> Any:
    """The document after one operation, or a Problem."""
    path = operation.path
    if operation.op not in _OPERATIONS:
        return Problem(f"unknown operation {operation.op!r}", f"use one of {_NAMES}")
    if path is None:
        return Problem(
            f"the operation {operation.op} has no path", "add one, such as /spec/replicas"
        )
    if operation.op in ("move", "copy") and operation.from_ is None:
        hint = f"add from: the path of what to {operation.op}"
        return Problem(f"the operation {operation.op} of {path} has no from", hint)
    if path == "" and operation.op == "replace":
        return _copied(operation.value)
    if path == "" and operation.op == "test":
        return document if _same(document, operation.value) else _differs(path)
    return _OPERATIONS[operation.op](document, operation, path) or document


def _add(document: Any, operation: Operation, path: str) -> Problem | None:
    return _put(document, path, _copied(operation.value))


def _remove(document: Any, _: Operation, path: str) -> Problem | None:
    return _taken(document, path)


def _replace(document: Any, operation: Operation, path: str) -> Problem | None:
    place = _place(document, path)
    if place is None:
        return _missing(path)
    holder, key = place
    if type(holder) is dict:
        holder[key] = _copied(operation.value)
        return None
    index = _index(key, len(holder))
    if index is None:
        return _missing(path)
    holder[index] = _copied(operation.value)
    return None


def _move(document: Any, operation: Operation, path: str) -> Problem | None:
    origin = operation.from_ or ""
    value = _get(document, origin)
    if isinstance(value, Problem):
        return value
    return _taken(document, origin) or _put(document, path, value)


def _copy(document: Any, operation: Operation, path: str) -> Problem | None:
    value = _get(document, operation.from_ or "")
    if isinstance(value, Problem):
        return value
    return _put(document, path, _copied(value))


def _test(document: Any, operation: Operation, path: str) -> Problem | None:
    value = _get(document, path)
    if isinstance(value, Problem):
        return value
    return None if _same(value, operation.value) else _differs(path)


_OPERATIONS = {
    "add": _add,
    "remove": _remove,
    "replace": _replace,
    "move": _move,
    "copy": _copy,
    "test": _test,
}
_NAMES = ", ".join(_OPERATIONS)


def _place(document: Any, path: str) -> tuple[Any, str] | None:
    """The collection that holds the end of the path, and the key in it."""
    _, *parts = (part.replace("~1", "/").replace("~0", "~") for part in path.split("/"))
    if not parts:
        return None
    for part in parts[:-1]:
        if type(document) is dict:
            document = document.get(part)
        elif type(document) is list:
            index = _index(part, len(document))
            document = None if index is None else document[index]
    return (document, parts[-1]) if type(document) in (dict, list) else None


def _index(key: str, length: int) -> int | None:
    if _INDEX.fullmatch(key) is None or len(key) > 9:
        return None
    index = int(key)
    return index % length if -length <= index < length else None


def _get(document: Any, path: str) -> Any:
    """The value at a path, or a Problem. A missing field of an object counts as null."""
    place = _place(document, path)
    if place is None:
        return _missing(path)
    holder, key = place
    if type(holder) is dict:
        return holder.get(key)
    index = _index(key, len(holder))
    return _missing(path) if index is None else holder[index]


def _put(document: Any, path: str, value: Any) -> Problem | None:
    place = _place(document, path)
    if place is None:
        return _missing(path)
    holder, key = place
    if type(holder) is dict:
        holder[key] = value
        return None
    index = len(holder) if key == "-" else _index(key, len(holder) + 1)
    if index is None:
        message = f"{path}: {key!r} is no position in a list of {len(holder)}"
        return Problem(message, "use - to add at its end, or a position that it has")
    holder.insert(index, value)
    return None


def _taken(document: Any, path: str) -> Problem | None:
    """Removes what is at the path."""
    place = _place(document, path)
    if place is None:
        return _missing(path)
    holder, key = place
    if type(holder) is dict:
        return None if holder.pop(key, MISSING) is not MISSING else _missing(path)
    index = _index(key, len(holder))
    if index is None:
        return _missing(path)
    del holder[index]
    return None


def _same(one: Any, other: Any) -> bool:
    """1 and 1.0 and true differ, as their JSON does."""
    return _encode(one) == _encode(other)


def _missing(path: str) -> Problem:
    return Problem(f"nothing is at {path or 'the empty path'}", "add what leads there first")


def _differs(path: str) -> Problem:
    return Problem(
        f"the test of {path or 'the whole object'} fails",
        "correct the value of the test to what is there, or remove the operation",
    )


def _copied(value: Any) -> Any:
    if type(value) is dict:
        return {key: _copied(item) for key, item in value.items()}
    if type(value) is list:
        return [_copied(item) for item in value]
    return value


def _reread(value: Any) -> Any:
    """What Go's JSON decoder and YAML encoder make of a value: all numbers are 64-bit floats."""
    match value:
        case dict():
            return {key: _reread(item) for key, item in value.items()}
        case list():
            return [_reread(item) for item in value]
        case bool():
            return value
        case int() if -(2**53) <= value <= 2**53:
            return value
        case int() | float():
            return yamlio.json_number(float(value))
        case _:
            return Null.WRITTEN if is_null(value) else value
