"""Kustomizations for tests."""

from typing import Any

from gitops.model import flux, manifest
from gitops.model.flux import Kustomization
from gitops.model.origin import Location, Origin

AT = Location("cluster/apps.yaml", 0, 1)


def kustomization(spec: dict[str, Any] | None = None) -> Kustomization:
    """Kustomization `apps` in namespace `flux-system`."""
    body = {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": "apps", "namespace": "flux-system"},
        "spec": spec or {},
    }
    parsed, findings = flux.parse(manifest.manifest(body, Origin(AT)))
    assert isinstance(parsed, Kustomization), findings
    return parsed
