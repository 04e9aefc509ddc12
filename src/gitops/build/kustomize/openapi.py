"""What kustomize knows of the built-in types: their scope, and how their lists merge."""

from collections.abc import Mapping
from typing import Any

import msgspec

from gitops.model.ids import ObjectId


class Schema(msgspec.Struct, frozen=True):
    """A node of a type: how a list here merges, and what lies below."""

    merge_keys: tuple[str, ...] = ()
    strategies: tuple[str, ...] = ()
    fields: Mapping[str, "Schema"] = {}
    items: "Schema | None" = None


class OpenApi:
    """The types known to one build: the built-in ones, and those a kustomization brings."""

    def is_namespaced(self, id: ObjectId) -> bool | None:
        """Whether objects of the kind live in a namespace; None when the kind is not known."""
        return None

    def schema_for(self, api_version: str, kind: str) -> Schema | None:
        """The schema of a type, or None when it is not known."""
        return None

    def with_custom(self, document: Mapping[str, Any]) -> "OpenApi":
        """The same, with the definitions of an OpenAPI document instead of the built-in ones."""
        return self


def builtin() -> OpenApi:
    """The built-in types; loaded once."""
    return OpenApi()
