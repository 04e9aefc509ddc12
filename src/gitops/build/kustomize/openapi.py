"""What kustomize knows of the built-in types: where they live, and how their lists merge.

`openapi.json` holds the facts of the OpenAPI document that kyaml 0.21 carries (Kubernetes 1.21.2),
reduced to what merging asks: lists with a merge strategy, and the way to them. An OpenAPI document
that a kustomization names is read by the same code.
"""

from collections.abc import Mapping
from functools import cache
from pkgutil import get_data
from typing import Any

import msgspec

from gitops.model.ids import ObjectId

_DEFINITION = "#/definitions/"
_KINDS = "x-kubernetes-group-version-kind"
_STRATEGY = "x-kubernetes-patch-strategy"
_KEY = "x-kubernetes-patch-merge-key"
_KEYS = "x-kubernetes-list-map-keys"

Definitions = Mapping[str, Any]


class Schema:
    """A place in a type."""

    __slots__ = ("_definitions", "_node")

    def __init__(self, node: Mapping[str, Any], definitions: Definitions) -> None:
        self._node = node
        self._definitions = definitions

    def field(self, name: str) -> "Schema | None":
        """The schema of a field; a map without named fields has one schema for all."""
        properties = self._node.get("properties") or {}
        return self._at(properties.get(name) or self._node.get("additionalProperties"))

    def items(self) -> "Schema | None":
        """The schema of a list's elements."""
        return self._at(self._node.get("items")) if self._node.get("type") == "array" else None

    def merge_keys(self) -> tuple[str, ...] | None:
        """The fields that tell a list's elements apart; none for a list of scalars.

        None for what patches replace as a whole.
        """
        strategy = self._node.get(_STRATEGY)
        if not isinstance(strategy, str) or "merge" not in strategy.split(","):
            return None
        if _KEYS in self._node:
            return tuple(self._node[_KEYS])
        return (self._node[_KEY],) if _KEY in self._node else ()

    def _at(self, node: object) -> "Schema | None":
        for _ in range(len(self._definitions) + 1):
            if not isinstance(node, Mapping):
                return None
            reference = node.get("$ref")
            if reference is None:
                return Schema(node, self._definitions)
            node = self._definitions.get(str(reference).removeprefix(_DEFINITION))
        return None


class OpenApi:
    """The types known to one build: the built-in ones, or those a kustomization brings."""

    def __init__(self, definitions: Definitions, scopes: Mapping[tuple[str, str], bool]) -> None:
        self._definitions = definitions
        self._scopes = scopes
        self._names = {kind: name for name in definitions for kind in _kinds(definitions[name])}

    def is_namespaced(self, id: ObjectId) -> bool | None:
        """Whether objects of the kind live in a namespace; None when the kind is not known."""
        return self._scopes.get((id.api_version, id.kind))

    def schema_for(self, api_version: str, kind: str) -> Schema | None:
        """The schema of a type, or None when it is not known."""
        name = self._names.get((api_version, kind))
        return Schema(self._definitions[name], self._definitions) if name else None

    def with_custom(self, document: Mapping[str, Any]) -> "OpenApi":
        """The definitions of an OpenAPI document in place of the built-in ones.

        The built-in kinds keep their scope, as in kyaml; the document adds the scope of its own.
        """
        definitions = document.get("definitions")
        paths = document.get("paths")
        return OpenApi(
            definitions if isinstance(definitions, Mapping) else {},
            {**_scopes(paths if isinstance(paths, Mapping) else {}), **builtin()._scopes},
        )


class _Facts(msgspec.Struct, frozen=True):
    namespaced: tuple[str, ...]
    cluster: tuple[str, ...]
    definitions: dict[str, Any]


@cache
def builtin() -> OpenApi:
    """The built-in types; loaded once."""
    facts = msgspec.json.decode(get_data(__package__, "openapi.json") or b"", type=_Facts)
    scopes = {_kind(each): True for each in facts.namespaced}
    scopes.update((_kind(each), False) for each in facts.cluster)
    return OpenApi(facts.definitions, scopes)


def _kind(text: str) -> tuple[str, str]:
    api_version, _, kind = text.partition(" ")
    return api_version, kind


def _kinds(definition: object) -> list[tuple[str, str]]:
    """The API versions and kinds that a definition describes."""
    listed = definition.get(_KINDS) if isinstance(definition, Mapping) else None
    entries = listed if isinstance(listed, list) else []
    return [_group_version_kind(entry) for entry in entries if isinstance(entry, Mapping)]


def _group_version_kind(entry: Mapping[str, Any]) -> tuple[str, str]:
    group, version = str(entry.get("group") or ""), str(entry.get("version") or "")
    return (f"{group}/{version}" if group else version), str(entry.get("kind") or "")


def _scopes(paths: Mapping[str, Any]) -> dict[tuple[str, str], bool]:
    """A kind is namespaced when one of the paths to read it names a namespace."""
    scopes: dict[tuple[str, str], bool] = {}
    for path, item in paths.items():
        get = item.get("get") if isinstance(item, Mapping) else None
        entry = get.get(_KINDS) if isinstance(get, Mapping) else None
        if isinstance(entry, Mapping):
            kind = _group_version_kind(entry)
            scopes[kind] = scopes.get(kind, False) or "namespaces/{namespace}" in path
    return scopes
