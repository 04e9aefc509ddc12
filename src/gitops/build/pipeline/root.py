"""The first Kustomization of a cluster, which nothing in the repository renders."""

from typing import Any

from gitops.model.cluster import Sync
from gitops.model.manifest import Manifest, manifest
from gitops.model.origin import Origin


def root_manifest(sync: Sync) -> Manifest:
    """What `flux bootstrap` or a FluxInstance creates for a sync.

    Source: flux-operator, FluxInstance `spec.sync`: the source and the Kustomization share a name.
    """
    source: dict[str, Any] = {"kind": sync.source.kind, "name": sync.source.name}
    if sync.source.namespace != sync.namespace:
        source["namespace"] = sync.source.namespace
    body = {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": sync.name, "namespace": sync.namespace},
        "spec": {
            "interval": "10m",
            "path": f"./{sync.path}",
            "prune": True,
            "sourceRef": source,
        },
    }
    return manifest(body, Origin(sync.at))
