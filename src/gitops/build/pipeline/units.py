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

    def declare(self, manifests: Iterable[Manifest], parent: ObjectId | None) -> None:
        """Take up the units among the manifests. The first declaration of two stays.

        A unit that renders itself, as `flux-system` does, takes its rendered form from then on.
        """
        for manifest in manifests:
            if not is_unit(manifest):
                continue
            known = self._declared.get(manifest.id.key)
            if known is None:
                self._declared[manifest.id.key] = _declared(manifest, parent)
            elif manifest.id.key == (parent.key if parent else None):
                _rewrite(known, manifest)

    def waiting(self) -> list[Declared]:
        """Units that are not compiled yet."""
        return [unit for unit in self._declared.values() if unit.outcome is None]

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


def _rewrite(known: Declared, manifest: Manifest) -> None:
    fresh = _declared(manifest, known.parent)
    same = known.object and fresh.object and known.object.spec == fresh.object.spec
    known.manifest = manifest
    if same or known.rewrites >= _REWRITES:
        return
    known.object, known.outcome, known.findings = fresh.object, fresh.outcome, fresh.findings
    known.rewrites += 1
