"""One object, one owner: two units that apply the same object undo each other's work for ever."""

from collections.abc import Iterator
from typing import Any

from gitops.check import fields, index
from gitops.check.index import Index, Owned
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.ids import ObjectId
from gitops.model.origin import Location

_SHARED = {
    "kustomize.toolkit.fluxcd.io/ssa": ("merge", "ifnotpresent", "ignore"),
    "kustomize.toolkit.fluxcd.io/reconcile": ("disabled",),
}
"""Labels and annotations by which kustomize-controller leaves an object to another owner."""


def duplicates(facts: Index) -> Iterator[Finding]:
    """Every object of a cluster is applied by one unit. Equal owners are reported together."""
    together: dict[tuple[ObjectId, ...], list[list[Owned]]] = {}
    for owned in facts.owned.values():
        owners = _owners(owned)
        if len(owners) > 1:
            together.setdefault(tuple(found.unit.id for found in owners), []).append(owners)
    for units, objects in together.items():
        yield _duplicate(facts, units, objects)


def _owners(owned: list[Owned]) -> list[Owned]:
    """One entry per unit, without those that are content to share."""
    if len(owned) < 2:
        return owned
    by_unit = {found.unit.id: found for found in reversed(owned) if not _shares(found)}
    return [by_unit[unit] for unit in dict.fromkeys(f.unit.id for f in owned) if unit in by_unit]


def _shares(owned: Owned) -> bool:
    """Whether the unit would leave an object alone that another one owns."""
    if owned.unit.id.kind == "HelmRelease":
        return _gives_way(owned) or "helm.sh/hook" in _marks(owned)
    marks = _marks(owned)
    return any(str(marks.get(name)).lower() in words for name, words in _SHARED.items())


def _gives_way(owned: Owned) -> bool:
    """Whether it is a definition from the `crds/` of a chart. Helm marks all others as its own,
    which a lock remembers, but not where in the chart they stood."""
    found = owned.manifest
    helms = str(_marks(owned).get("app.kubernetes.io/managed-by")) == "Helm"
    locked = found.incomplete == "locked" and found.id.kind == "CustomResourceDefinition"
    return "/crds/" in found.origin.source.path or (locked and not helms)


def _marks(owned: Owned) -> dict[str, Any]:
    metadata = fields.mapping(owned.manifest.body().get("metadata"))
    return {**fields.mapping(metadata.get("labels")), **fields.mapping(metadata.get("annotations"))}


def _duplicate(facts: Index, units: tuple[ObjectId, ...], objects: list[list[Owned]]) -> Finding:
    first = objects[0]
    last = first[-1]
    more = len(objects) - 1
    what = f"{last.manifest.id} and {more} more are" if more else f"{last.manifest.id} is"
    mistake = finding.error(
        "object/duplicate",
        last.manifest.origin.source,
        f"{what} applied by {' and by '.join(map(str, units))}",
        "leave each object to one of them: the labels of the last to apply win, "
        "and the one that prunes deletes it for all",
        *dict.fromkeys(_others(facts, first)),
    )
    return index.about(last.manifest.id, mistake)


def _others(facts: Index, owners: list[Owned]) -> Iterator[Location]:
    """Where the object is once more; where all have it of one file, how each unit comes to it."""
    *others, last = owners
    for other in others:
        if other.manifest.origin.source != last.manifest.origin.source:
            yield other.manifest.origin.source
        elif other.unit.id.kind == "Kustomization":
            yield from (facts.field(each.unit, "spec", "path") for each in (other, last))
