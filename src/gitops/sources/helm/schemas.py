"""Keeps Helm from fetching what a chart's values schema refers to.

Helm dials out for every `$ref` to another document. Here nothing does: such references are taken
out, which leaves the values below them unchecked, and the reader is told.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec

_BUILTIN = ("http://json-schema.org/", "https://json-schema.org/")
"""Documents that Helm has with it."""

_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")


def local(schema: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The schema without references to other documents, and the addresses of those.

    A schema that is no JSON comes back as it is: Helm will say so.
    """
    if b"://" not in schema or not any(key.encode() in schema for key in _REFERENCES):
        return schema, ()
    try:
        document = msgspec.json.decode(schema)
    except msgspec.DecodeError:
        return schema, ()
    known = {urljoin("", each).partition("#")[0] for each in _ids(document)}
    removed: list[str] = []
    _remove(document, "", known, removed)
    return (msgspec.json.encode(document) if removed else schema), tuple(removed)


def _ids(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key in ("$id", "id"):
            if isinstance(node.get(key), str):
                yield node[key]
    for child in _children(node):
        yield from _ids(child)


def _remove(node: Any, base: str, known: set[str], removed: list[str]) -> None:
    if isinstance(node, dict):
        own = node.get("$id")
        base = urljoin(base, own) if isinstance(own, str) else base
        for key in _REFERENCES:
            target = node.get(key)
            address = urljoin(base, target).partition("#")[0] if isinstance(target, str) else ""
            foreign = address not in known and not address.startswith(_BUILTIN)
            if foreign and urlsplit(address).scheme not in ("", "urn"):
                removed.append(address)
                del node[key]
    for child in _children(node):
        _remove(child, base, known, removed)


def _children(node: Any) -> Iterator[Any]:
    match node:
        case dict():
            yield from node.values()
        case list():
            yield from node
