"""The order of a cold start: what an object needs to be accepted is there before it is sent.

Flux tries again, so that a wrong order often comes right after some failures; a release whose first
install failed does not, unless its remediation says so.
"""

from collections.abc import Iterator

import msgspec

from gitops.check import crds, index
from gitops.check.delivery.namespaces import GIVEN
from gitops.check.delivery.stages import Stages
from gitops.check.index import Index, Key, Owned, brought
from gitops.model import finding
from gitops.model.build import Unit
from gitops.model.finding import Finding
from gitops.model.ids import ObjectId

_FLUX = ".toolkit.fluxcd.io"
"""Kinds that are there as soon as anything is reconciled."""


class _Need(msgspec.Struct, frozen=True):
    """Objects of one unit that need something which only other units bring."""

    unit: Unit
    what: str
    objects: tuple[ObjectId, ...]
    providers: tuple[Owned, ...]


def early(facts: Index) -> Iterator[Finding]:
    """Kinds are defined, and namespaces made, before objects are sent that need them."""
    stages = facts.view(Stages)
    for rule, need in _needs(facts):
        providers = {provider.unit.id.key for provider in need.providers}
        if rule == "flux/early-kind" and providers & _beforehand(facts):
            continue
        if need.unit.id.key in providers or stages.applied_before(need.unit.id.key) & providers:
            continue
        if all(need.unit.id.key in stages.ready_before(provider) for provider in providers):
            yield _never(need)
        else:
            yield _early(rule, need, stages)


def _beforehand(facts: Index) -> set[Key]:
    """The units that Helmfile installs, or takes the definitions of, before Flux is there."""
    known = facts.shared(brought).releases
    return {
        unit.id.key
        for unit in facts.cluster.units
        if f"{unit.id.namespace}/{unit.id.name}" in known and unit.id.kind == "HelmRelease"
    }


def _needs(facts: Index) -> Iterator[tuple[str, _Need]]:
    definitions = _definitions(facts)
    given = {*GIVEN, *(root.namespace for root in facts.roots)}
    namespaces = {
        owned[0].manifest.id.name: owned
        for key, owned in facts.owned.items()
        if key[:2] == ("", "Namespace") and key[3] not in given
    }
    for unit in facts.cluster.units:
        kinds: dict[tuple[str, str], list[ObjectId]] = {}
        homes: dict[str, list[ObjectId]] = {}
        for manifest in facts.applied(unit):
            kinds.setdefault((manifest.id.group, manifest.id.kind), []).append(manifest.id)
            homes.setdefault(manifest.id.namespace, []).append(manifest.id)
        for kind in sorted(kinds.keys() & definitions.keys()):
            need = _Need(unit, f"the kind {kind[1]}", tuple(kinds[kind]), definitions[kind])
            yield "flux/early-kind", need
        for name in sorted(homes.keys() & namespaces.keys()):
            need = _Need(unit, f"the namespace {name}", tuple(homes[name]), tuple(namespaces[name]))
            yield "flux/early-namespace", need


def _definitions(facts: Index) -> dict[tuple[str, str], tuple[Owned, ...]]:
    """Who defines each kind of custom resources, but those of Flux itself."""
    found: dict[tuple[str, str], tuple[Owned, ...]] = {}
    for key, owned in facts.owned.items():
        if key[:2] == (crds.GROUP, crds.KIND):
            group = key[3].partition(".")[2]
            if not group.endswith(_FLUX):
                kind = crds.of(facts, owned[0]).names.kind
                found[group, kind] = (*found.get((group, kind), ()), *owned)
    return found


def _early(rule: str, need: _Need, stages: Stages) -> Finding:
    provider = need.providers[0].unit
    return _about(
        need,
        finding.warning(
            rule,
            need.unit.origin.source,
            f"{need.unit.id} applies {_objects(need)}, and nothing makes it wait for "
            f"{provider.id}, which brings {need.what}",
            _hint(need.unit, provider, stages),
            provider.origin.source,
        ),
    )


def _never(need: _Need) -> Finding:
    provider = need.providers[0].unit
    return _about(
        need,
        finding.error(
            "flux/reversed-order",
            need.unit.origin.source,
            f"{need.unit.id} applies {_objects(need)}, which needs {need.what} of {provider.id}; "
            "but that one waits for the first to be ready, so neither ever is",
            "turn the dependsOn around, or move the objects to a unit that comes after",
            provider.origin.source,
        ),
    )


def _about(need: _Need, found: Finding) -> Finding:
    return index.about(need.unit.id, found)


def _objects(need: _Need) -> str:
    first, *others = need.objects
    return f"{first} and {len(others)} more" if others else str(first)


def _hint(unit: Unit, provider: Unit, stages: Stages) -> str:
    """Both ends of a dependency are of one kind: a release depends through its Kustomization."""
    if unit.id.kind == provider.id.kind:
        return f"add {provider.id.namespace}/{provider.id.name} to dependsOn of {unit.id}"
    ours, theirs = _kustomization(unit.id.key, stages), _kustomization(provider.id.key, stages)
    if ours is None or theirs is None or ours == theirs:
        return "apply them by different Kustomizations, the second depending on the first"
    return f"let Kustomization {ours[3]} depend on Kustomization {theirs[3]}, and that one wait"


def _kustomization(unit: Key, stages: Stages) -> Key | None:
    if unit[1] == "Kustomization":
        return unit
    return stages.parent(unit)
