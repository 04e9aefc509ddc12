"""Which schema an object is held against, and where it was found.

Kinds of Kubernetes itself come first; then CustomResourceDefinitions that the same cluster applies,
whether a chart or a kustomization brings them; then those that were imported; last what the lock
knows of a release whose chart is not here: that the kind exists.
"""

from collections.abc import Iterator
from functools import cached_property

import msgspec

from gitops.check import crds
from gitops.check.fields import text
from gitops.check.index import Index, Owned
from gitops.check.schemas import strategy
from gitops.check.schemas.builtin import Builtin, Schema


class Version(msgspec.Struct, frozen=True, dict=True):
    """One version of a kind. `builtin` is the schema where Kubernetes itself has the kind, and else
    `text` holds it as JSON, or b"" where only its existence is known. `home` is the definition in
    the cluster, if it is there."""

    name: str
    served: bool = True
    deprecated: str = ""
    builtin: Schema | None = None
    text: bytes = b""
    home: Owned | None = None

    @property
    def is_known(self) -> bool:
        """Whether there is a schema."""
        return self.builtin is not None or bool(self.text)

    @cached_property
    def schema(self) -> Schema:
        """What an object of the version has to be like, where that is known."""
        return _decode(self.text) if self.builtin is None else self.builtin


_decode = msgspec.json.Decoder(Schema).decode


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
            found = _described(crds.read(definition), None) if definition else {}
            self._kinds[group, kind] = found
        return found


def _builtin(facts: Index) -> Builtin:
    version = facts.knowledge.kube_version
    return Builtin(facts.knowledge.definitions(version), strategy.demands(version))


_NEWEST = "1.999"
"""Of a version that there is none of, the nearest is taken."""


def newest(facts: Index) -> Builtin:
    """The kinds of the newest Kubernetes that is known; to be shared by all clusters."""
    return Builtin(facts.knowledge.definitions(_NEWEST), strategy.demands(_NEWEST))


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
            name: Version(name, builtin=self.builtin.schema(group, name, kind))
            for name in self.builtin.versions(group, kind)
        }
        if builtin:
            return builtin
        applied = self._own.get((group, kind))
        found = applied and _described(applied[0], applied[1])
        if found and any(version.is_known for version in found.values()):
            return found
        return self._imported.versions(group, kind) or found or {}


def definitions(facts: Index) -> Definitions:
    """To be used as a view of a cluster."""
    return Definitions(facts)


def _applied(facts: Index) -> Iterator[tuple[tuple[str, str], tuple[crds.Spec, Owned]]]:
    for owned in facts.of(crds.GROUP, crds.KIND):
        spec = crds.of(facts, owned)
        if spec.group and spec.names.kind:
            yield (spec.group, spec.names.kind), (spec, owned)


def _described(definition: crds.Spec, home: Owned | None) -> dict[str, Version]:
    return {
        each.name: Version(
            each.name,
            served=each.served is True,
            deprecated=_deprecated(each),
            text=each.text,
            home=home,
        )
        for each in definition.versions
    }


def _deprecated(version: crds.Version) -> str:
    if version.deprecated is not True:
        return ""
    return text(version.deprecation_warning) or "deprecated"
