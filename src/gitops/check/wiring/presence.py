"""Whether an object is there, or may be where nobody can look."""

from collections.abc import Iterator

import msgspec

from gitops.check import operators
from gitops.check.index import Index, Key
from gitops.check.spot import Spot, graded
from gitops.check.wiring import near
from gitops.model.build import Locked, Rendered
from gitops.model.finding import Finding, Severity
from gitops.model.ids import ObjectId
from gitops.model.manifest import Manifest


class Presence:
    """What exists in a cluster, and who may hold what is not seen, by namespace."""

    def __init__(self, facts: Index) -> None:
        self._facts = facts
        self.releases = [*_unseen_releases(facts)]
        self._controlled: dict[str, list[Manifest]] = {}
        for owned in facts.owned.values():
            found = owned[0].manifest
            if not operators.is_known(found.id.group, found.id.kind):
                place = operators.place(found, facts.body(found))
                self._controlled.setdefault(place, []).append(found)

    def has(self, key: Key) -> bool:
        """Whether a unit applies the object, a controller or Kubernetes makes it, or a person.

        Of a name that is still a template nobody can tell."""
        _, kind, namespace, name = key
        return (
            self._facts.find(*key) is not None
            or "{{" in name
            or operators.given(key)
            or f"{kind}/{namespace}/{name}" in self._facts.knowledge.outside
        )

    def hiders(self, key: Key) -> list[ObjectId]:
        """Who may hold the object: units that cannot be seen, releases of its namespace whose
        objects are not known, and custom resources of unknown controllers that name it."""
        _, _, namespace, name = key
        return [
            *self._facts.hiding(namespace),
            *(each for place, each in self.releases if not namespace or place == namespace),
            *(each.id for each in self._controlled.get(namespace, ()) if _names(each, name)),
        ]

    def makers(self, namespace: str) -> list[ObjectId]:
        """Who may run pods in a namespace that nobody can see."""
        return [
            *self._facts.hiding(namespace),
            *(each for place, each in self.releases if place == namespace),
            *(each.id for each in self._controlled.get(namespace, ())),
        ]

    def absent(
        self,
        rule: str,
        spot: Spot,
        key: Key,
        message: str,
        hint: str,
        severity: Severity = Severity.ERROR,
    ) -> Finding:
        """The object is not there: a finding, or a note when a part that cannot be seen may hold
        it. One whose name is nearly the same is shown: it is more likely meant than one that
        nobody can see."""
        elsewhere = self._facts.elsewhere(key)
        found = graded(spot.error(rule, message, elsewhere or hint), severity)
        found = _weighed(found, spot, self.hiders(key), key[2])
        close = near.best(key[3], self._names(key))
        meant = self._facts.find(*key[:3], close) if close else None
        if meant is None:
            return found
        severity = Severity.WARNING if found.severity is Severity.NOTE else found.severity
        return msgspec.structs.replace(
            found,
            severity=severity,
            hint=elsewhere or f"did you mean {close!r}?",
            related=(*found.related, self._facts.at(meant, "metadata", "name")),
        )

    def _names(self, key: Key) -> list[str]:
        """What there is of the kind in the namespace."""
        ids = (owned.manifest.id for owned in self._facts.of(*key[:2]))
        return [each.name for each in ids if each.namespace == key[2]]


def doubtful(
    rule: str,
    spot: Spot,
    hidden: list[ObjectId],
    message: str,
    hint: str,
    severity: Severity = Severity.ERROR,
) -> Finding:
    """A finding, or a lesser one that names whoever may make it untrue."""
    found = graded(spot.error(rule, message, hint), severity)
    return _weighed(found, spot, hidden, spot.owned.manifest.id.namespace or "default")


def _weighed(found: Finding, spot: Spot, hidden: list[ObjectId], namespace: str) -> Finding:
    hidden = [each for each in hidden if each != spot.owned.manifest.id]
    return spot.facts.weighed(found, hidden, spot.owned.unit.id, namespace)


def _names(found: Manifest, name: str) -> bool:
    """Whether a custom resource has a word for the object: what its controller makes commonly
    begins with its own name, or is named in it."""
    return name.startswith(found.id.name) or name.encode() in found.raw


def _unseen_releases(facts: Index) -> Iterator[tuple[str, ObjectId]]:
    """Releases whose objects are not known, with the namespace that most of them go to."""
    outcomes = {unit.id.key: unit.outcome for unit in facts.cluster.units}
    for release in facts.releases:
        if not isinstance(outcomes.get(release.id.key), Rendered | Locked):
            yield release.spec.target_namespace or release.id.namespace, release.id
