"""Which schema an object is held against, and where it was found.

Kinds of Kubernetes itself come first; then CustomResourceDefinitions that the same cluster applies,
whether a chart or a kustomization brings them; then those that were imported; last what the lock
knows of a release whose chart is not here: that the kind exists.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.schemas import strategy
from gitops.check.schemas.builtin import Builtin, Schema

GROUP, KIND = "apiextensions.k8s.io", "CustomResourceDefinition"


class Version(msgspec.Struct, frozen=True):
    """One version of a kind. `schema` is None where only its existence is known; `builtin` says
    that Kubernetes itself has it. `home` is the definition in the cluster, if it is there."""

    name: str
    served: bool = True
    deprecated: str = ""
    schema: Schema | None = None
    builtin: bool = False
    home: Owned | None = None


class _Imported:
    """What was imported, each definition read once."""

    def __init__(self, facts: Index) -> None:
        self._definition = facts.knowledge.imported
        self._kinds: dict[tuple[str, str], dict[str, Version]] = {}

    def versions(self, group: str, kind: str) -> dict[str, Version]:
        """The versions of a kind; none where it was not imported."""
        found = self._kinds.get((group, kind))
        if found is None:
            definition = self._definition(group, kind)
            found = self._kinds[group, kind] = _described(definition, None) if definition else {}
        return found


def _builtin(facts: Index) -> Builtin:
    version = facts.knowledge.kube_version
    return Builtin(facts.knowledge.definitions(version), strategy.demands(version))


class Definitions:
    """The kinds that one cluster has."""

    def __init__(self, facts: Index) -> None:
        self.builtin = facts.shared(_builtin)
        self._imported = facts.shared(_Imported)
        self._own = dict(_applied(facts))
        self._kinds: dict[tuple[str, str], dict[str, Version]] = {}

    def versions(self, group: str, kind: str) -> dict[str, Version]:
        """The versions of a kind by name; none where nothing is known of the kind."""
        found = self._kinds.get((group, kind))
        if found is None:
            found = self._kinds[group, kind] = self._versions(group, kind)
        return found

    def _versions(self, group: str, kind: str) -> dict[str, Version]:
        builtin = {
            name: Version(name, schema=self.builtin.schema(group, name, kind), builtin=True)
            for name in self.builtin.versions(group, kind)
        }
        if builtin:
            return builtin
        applied = self._own.get((group, kind))
        found = applied and _described(applied[0], applied[1])
        if found and any(version.schema is not None for version in found.values()):
            return found
        return self._imported.versions(group, kind) or found or {}


def definitions(facts: Index) -> Definitions:
    """To be used as a view of a cluster."""
    return Definitions(facts)


def _applied(facts: Index) -> Iterator[tuple[tuple[str, str], tuple[dict[str, Any], Owned]]]:
    for owned in facts.of(GROUP, KIND):
        body = facts.body(owned.manifest)
        group, kind = at(body, "spec", "group"), at(body, "spec", "names", "kind")
        if isinstance(group, str) and isinstance(kind, str):
            yield (group, kind), (body, owned)


def _described(definition: dict[str, Any], home: Owned | None) -> dict[str, Version]:
    found = {}
    for each in map(mapping, listing(at(definition, "spec", "versions"))):
        name = text(each.get("name"))
        schema = at(each, "schema", "openAPIV3Schema")
        warning = text(each.get("deprecationWarning")) or "deprecated"
        found[name] = Version(
            name,
            served=each.get("served") is True,
            deprecated=warning if each.get("deprecated") is True else "",
            schema=schema if isinstance(schema, dict) else None,
            home=home,
        )
    return found
