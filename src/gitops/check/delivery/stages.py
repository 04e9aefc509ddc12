"""What is in a cluster when a unit starts, and what has to be ready before it may.

A unit exists when its parent applied it, and starts when all that it depends on is ready. Being
ready means more than being applied only where a unit waits for what it applied.

Source: kustomize-controller and helm-controller, checkDependencies; kustomize-controller,
checkHealth: `wait` covers every object applied, `healthChecks` the named ones.
"""

from collections.abc import Iterator, Mapping

from gitops.check.index import Index, Key
from gitops.model.build import Unit
from gitops.model.flux import HELM_GROUP, KUSTOMIZE_GROUP, HelmRelease, Kustomization

_UNITS = ((KUSTOMIZE_GROUP, "Kustomization"), (HELM_GROUP, "HelmRelease"))


class Stages:
    """The units of a cluster and their order. Circles are cut where they close."""

    def __init__(self, facts: Index) -> None:
        self.units: Mapping[Key, Unit] = {unit.id.key: unit for unit in facts.cluster.units}
        self.declared = {found.id.key: found for found in facts.declared}
        self._applied: dict[Key, frozenset[Key]] = {}
        self._ready: dict[Key, frozenset[Key]] = {}
        self._open: set[tuple[str, Key]] = set()
        self._children: dict[Key, list[Key]] = {}
        for key, unit in self.units.items():
            if unit.parent and unit.parent.key != key:
                self._children.setdefault(unit.parent.key, []).append(key)

    def applied_before(self, unit: Key) -> frozenset[Key]:
        """The units that have certainly applied their objects when this one starts."""
        if unit not in self._applied:
            self._applied[unit] = self._gathered("applied", unit)
        return self._applied[unit]

    def ready_before(self, unit: Key) -> frozenset[Key]:
        """The units that have to be ready before this one starts."""
        if unit not in self._ready:
            self._ready[unit] = self._gathered("ready", unit)
        return self._ready[unit]

    def waited(self, unit: Key) -> Iterator[Key]:
        """The units that have to be ready before this one counts as ready."""
        match self.declared.get(unit):
            case Kustomization(spec=spec, id=id) if spec.wait:
                yield from self._children.get(id.key, ())
            case Kustomization(spec=spec, id=id):
                for check in spec.health_checks:
                    for group, kind in _UNITS:
                        key = (group, kind, check.namespace or id.namespace, check.name)
                        if check.kind == kind and key in self.units:
                            yield key
            case _:
                return

    def parent(self, unit: Key) -> Key | None:
        """The unit that applied the object of this one."""
        found = self.units.get(unit)
        return found.parent.key if found and found.parent else None

    def wanted(self, unit: Key) -> list[Key]:
        """What the unit depends on, as far as it exists."""
        found = self.declared.get(unit)
        if not isinstance(found, Kustomization | HelmRelease):
            return []
        group, kind, namespace, _ = unit
        keys = ((group, kind, d.namespace or namespace, d.name) for d in found.spec.depends_on)
        return [key for key in keys if key in self.units]

    def _gathered(self, question: str, unit: Key) -> frozenset[Key]:
        if (question, unit) in self._open:
            return frozenset()
        self._open.add((question, unit))
        found: set[Key] = set()
        parent = self.parent(unit)
        if parent is not None and question == "applied":
            found |= {parent, *self.applied_before(parent)}
        elif parent is not None:
            found |= self.ready_before(parent)
        for wanted in self.wanted(unit):
            found |= self._complete(question, wanted)
        self._open.discard((question, unit))
        return frozenset(found)

    def _complete(self, question: str, unit: Key) -> set[Key]:
        """A ready unit, all that it waited for, and all that came before."""
        found: set[Key] = set()
        before = self.applied_before if question == "applied" else self.ready_before
        visited: set[Key] = set()
        left = [unit]
        while left:
            each = left.pop()
            if each not in visited:
                visited.add(each)
                found |= {each, *before(each)}
                left += self.waited(each)
        return found
