"""The Kustomizations and HelmReleases of one cluster, while they are being compiled."""

from collections.abc import Iterable, Iterator

import msgspec

from gitops.model import flux
from gitops.model.build import Broken, ChartUse, Outcome, Suspended, Unit
from gitops.model.finding import Finding
from gitops.model.ids import ObjectId
from gitops.model.manifest import Manifest

Object = flux.Kustomization | flux.HelmRelease

_REWRITES = 4
"""How often a unit may change its own specification before it counts as never settling."""


class Declared(msgspec.Struct):
    """A unit as its parent rendered it. `outcome` is None while it waits to be compiled."""

    manifest: Manifest
    object: Object | None
    parent: ObjectId | None
    outcome: Outcome | None = None
    findings: tuple[Finding, ...] = ()
    used_variables: tuple[str, ...] = ()
    chart: ChartUse | None = None
    rewrites: int = 0


class Units:
    """Every unit that was declared, in the order of declaration: parents before children."""

    def __init__(self) -> None:
        self._declared: dict[tuple[str, str, str, str], Declared] = {}

    def declare(self, manifests: Iterable[Manifest], parent: ObjectId | None) -> list[Declared]:
        """Take up the units among the manifests, and give those that are new. The first declaration
        of two stays."""
        fresh = []
        for manifest in manifests:
            if is_unit(manifest) and manifest.id.key not in self._declared:
                unit = self._declared[manifest.id.key] = _declared(manifest, parent)
                fresh.append(unit)
        return fresh

    def waiting(self) -> list[Declared]:
        """Units that are not compiled yet."""
        return [unit for unit in self._declared.values() if unit.outcome is None]

    def kustomizations(self) -> list[flux.Kustomization]:
        """The Kustomizations that others declared, whatever became of them."""
        return [
            unit.object
            for unit in self._declared.values()
            if isinstance(unit.object, flux.Kustomization)
            and (unit.parent is not None or unit.rewrites)
        ]

    def rewrite(self, unit: Declared, manifests: Iterable[Manifest]) -> bool:
        """Let a unit take the form that it renders itself in, as `flux-system` does. Whether it
        has to be compiled again: then nobody may see what it gave in its old form."""
        own = next((each for each in manifests if each.id.key == unit.manifest.id.key), None)
        if own is None:
            return False
        fresh = _declared(own, unit.parent)
        unit.manifest = own
        same = unit.object and fresh.object and unit.object.spec == fresh.object.spec
        if same or unit.rewrites >= _REWRITES:
            return False
        unit.object, unit.outcome, unit.findings = fresh.object, fresh.outcome, fresh.findings
        unit.rewrites += 1
        return True

    def __len__(self) -> int:
        return len(self._declared)

    def finished(self) -> Iterator[Unit]:
        """All units with what became of them."""
        for unit in self._declared.values():
            if unit.outcome is not None:
                yield Unit(
                    unit.manifest.id,
                    unit.manifest.origin,
                    unit.parent,
                    unit.outcome,
                    unit.findings,
                    unit.used_variables,
                    unit.chart,
                )


def is_unit(manifest: Manifest) -> bool:
    """Whether the manifest is a Flux Kustomization or a HelmRelease."""
    return (manifest.id.group, manifest.id.kind) in (
        (flux.KUSTOMIZE_GROUP, "Kustomization"),
        (flux.HELM_GROUP, "HelmRelease"),
    )


def _declared(manifest: Manifest, parent: ObjectId | None) -> Declared:
    parsed, findings = flux.parse(manifest)
    assert parsed is None or isinstance(parsed, Object)
    unit = Declared(manifest, parsed, parent, findings=findings)
    if parsed is None:
        unit.outcome = Broken()
    elif parsed.spec.suspend:
        unit.outcome = Suspended()
    return unit
