"""Clusters written down as the YAML their units render."""

import msgspec

from gitops.model.build import Cluster, Outcome, Rendered, Unit
from gitops.model.finding import Finding
from gitops.model.ids import ObjectId
from gitops.model.manifest import manifest
from gitops.model.origin import Location, Origin
from gitops.sources import yamlio


def kustomization(name: str, text: str = "", outcome: Outcome | None = None) -> Unit:
    """A root in flux-system whose objects stand in `<name>.yaml`."""
    return _unit(_kustomization(name), name, text, outcome)


def release(name: str, text: str = "", outcome: Outcome | None = None) -> Unit:
    """A HelmRelease in a namespace of its own name, whose objects stand in its chart."""
    found = ObjectId("helm.toolkit.fluxcd.io", "v2", "HelmRelease", name, name)
    unit = _unit(found, f"{name}@1.0.0/templates/all", text, outcome)
    return msgspec.structs.replace(unit, parent=_kustomization("flux-system"))


def under(parent: str, name: str, text: str = "") -> Unit:
    """A Kustomization that another one applies; "" is nobody."""
    applied = _kustomization(parent) if parent else None
    return msgspec.structs.replace(kustomization(name, text), parent=applied)


def cluster(*units: Unit) -> Cluster:
    return Cluster("test", "clusters/test", units)


def told(*findings: Finding) -> list[str]:
    """Findings in one line each: place, severity, rule and message."""
    return [f"{found.at} {found.severity} {found.rule}: {found.message}" for found in findings]


def rendered(path: str, text: str) -> Rendered:
    """The documents of a file as a unit's objects."""
    documents, findings = yamlio.parse(text.encode(), path)
    assert findings == ()
    return Rendered(
        tuple(
            manifest(found.value, Origin(Location(path, found.document, found.line)))
            for found in documents
        )
    )


def _kustomization(name: str) -> ObjectId:
    return ObjectId("kustomize.toolkit.fluxcd.io", "v1", "Kustomization", "flux-system", name)


def _unit(found: ObjectId, name: str, text: str, outcome: Outcome | None) -> Unit:
    origin = Origin(Location("ks.yaml", 0, 1))
    return Unit(found, origin, None, outcome or rendered(f"{name}.yaml", text))
