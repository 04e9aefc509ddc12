"""From rendered objects to their interface."""

from collections.abc import Iterable
from typing import Any

import msgspec

from gitops.build.lock import fields
from gitops.model.ids import split_api_version
from gitops.model.lock import Interface
from gitops.model.manifest import Manifest

_encode = msgspec.json.Encoder().encode


def interface_of(manifests: Iterable[Manifest]) -> Interface:
    """The facts of these objects; of manifests that came from a lock, the facts it holds."""
    facts = (facts_of(manifest.body()) for manifest in manifests)
    return Interface(tuple(sorted(fact for fact in facts if fact is not None)))


def facts_of(body: dict[str, Any]) -> bytes | None:
    """The facts of one object, or None for what has no API version or kind to be known by."""
    group, _ = split_api_version(_text(body, "apiVersion"))
    kept = fields.kept(body, fields.fields_of(group, _text(body, "kind"))) or {}
    return _encode(kept) if "apiVersion" in kept and "kind" in kept else None


def _text(body: dict[str, Any], key: str) -> str:
    value = body.get(key)
    return value if isinstance(value, str) else ""
