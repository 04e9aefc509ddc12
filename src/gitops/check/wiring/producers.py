"""Who makes each Secret and ConfigMap, and which keys it has."""

from collections.abc import Iterator
from typing import Any

from gitops.check import operators
from gitops.check.fields import at, mapping, text
from gitops.check.index import Index, Key, Owned

_TOKEN = ("ca.crt", "namespace", "token")


class Producers:
    """The makers of Secrets and ConfigMaps: the object itself, or what a controller makes it of."""

    def __init__(self, facts: Index) -> None:
        self._facts = facts
        self._by_key: dict[Key, list[Owned]] = {}
        for key, owners in facts.owned.items():
            if key[:2] in (("", "Secret"), ("", "ConfigMap")):
                self._by_key[key] = [owners[0]]
        for made in facts.made:
            key = made.manifest.id.key
            if key[:2] in (("", "Secret"), ("", "ConfigMap")):
                self._by_key.setdefault(key, []).append(made)
        self._merged = {*_merged(facts)}

    def of(self, key: Key) -> list[Owned]:
        """Who makes one."""
        return self._by_key.get(key, [])

    def keys(self, key: Key) -> set[str] | None:
        """The keys of one, or None where somebody may add others to them."""
        found: set[str] = set()
        if key in self._merged:
            return None
        for owned in self.of(key):
            keys = self._keys(owned)
            if keys is None:
                return None
            found |= keys
        return found

    def _keys(self, owned: Owned) -> set[str] | None:
        body = self._facts.body(owned.manifest)
        fields = [body[name] for name in ("binaryData", "data", "stringData") if name in body]
        if body.get("type") == "kubernetes.io/service-account-token":
            return {*_TOKEN, *(key for each in fields for key in mapping(each))}
        if not any(fields) and owned.manifest.id.kind == "Secret":
            return set() if owned.manifest.incomplete == operators.MADE and fields else None
        if not fields:
            return None
        if _is_injected(body):
            return None
        return {key for each in fields for key in mapping(each)}


def _is_injected(body: dict[str, Any]) -> bool:
    """Whether a controller fills in what is asked for by labels or annotations."""
    metadata = mapping(body.get("metadata"))
    marks = {**mapping(metadata.get("labels")), **mapping(metadata.get("annotations"))}
    return any(
        "inject" in mark or "replicate-from" in mark or "/reflects" in mark for mark in marks
    )


def _merged(facts: Index) -> Iterator[Key]:
    """Secrets to which an ExternalSecret adds keys."""
    for owned in facts.of("external-secrets.io", "ExternalSecret"):
        target = mapping(at(facts.body(owned.manifest), "spec", "target"))
        if target.get("creationPolicy") == "Merge":
            found = owned.manifest.id
            yield ("", "Secret", found.namespace, text(target.get("name")) or found.name)
