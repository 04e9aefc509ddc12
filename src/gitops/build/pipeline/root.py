"""The first Kustomization of a cluster, which nothing in the repository renders, and the version
of Flux that works on it."""

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import msgspec

from gitops.build.pipeline.inventory import Inventory
from gitops.build.pipeline.ports import Ports
from gitops.model import flux
from gitops.model.cluster import Sync
from gitops.model.manifest import Manifest, manifest
from gitops.model.origin import Origin

_EXACT = re.compile(r"v?\d+\.\d+\.\d+")
_INSTALLED = "kustomizations.kustomize.toolkit.fluxcd.io"
_STAMP = "app.kubernetes.io/version"


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


def patched(root: Manifest, sync: Sync, ports: Ports) -> Manifest:
    """The root with the patches of a FluxInstance, which is where decryption is set for it.

    Source: flux-operator, FluxInstance `spec.kustomize.patches`.
    """
    if not sync.patches:
        return root
    key = sha256(repr((ports.program, root, sync.patches)).encode()).hexdigest()
    kept = ports.cache.get("root", key)
    if kept is None:
        kept = msgspec.json.encode(ports.patcher(root.body(), sync.patches))
        ports.cache.put("root", key, kept)
    return manifest(msgspec.json.decode(kept), root.origin)


def pinned_flux(inventory: Inventory) -> str:
    """The exact Flux version that a FluxInstance of the cluster names; "" without one.

    The instance may be an object, or the values of the flux-instance chart.
    """
    for found in inventory.of_kind(f"FluxInstance.{flux.OPERATOR_GROUP}"):
        instance, _ = flux.parse(found)
        if isinstance(instance, flux.FluxInstance) and _EXACT.fullmatch(
            instance.spec.distribution.version
        ):
            return instance.spec.distribution.version
    for found in inventory.of_kind("HelmRelease"):
        release, _ = flux.parse(found)
        if isinstance(release, flux.HelmRelease):
            version = _chart_version(release.spec.values)
            if _EXACT.fullmatch(version):
                return version
    return ""


def stamped_flux(manifests: Iterable[Manifest]) -> str:
    """The Flux version that is stamped on what installs it; "" where that is not among them.

    Source: flux2, `install.Generate` labels every object of gotk-components.yaml, and so do the
    manifests of a release.
    """
    for found in manifests:
        if (found.id.kind, found.id.name) == ("CustomResourceDefinition", _INSTALLED):
            labels = found.body()["metadata"].get("labels")
            version = labels.get(_STAMP) if isinstance(labels, dict) else None
            if isinstance(version, str) and _EXACT.fullmatch(version):
                return version.removeprefix("v")
    return ""


def injects_variables(inventory: Inventory) -> bool:
    """Whether a webhook of the cluster adds variables to Kustomizations as they are applied.

    Source: kustomize-mutating-webhook, whose chart has its name; the variables are in a ConfigMap
    or Secret that it is given when it starts.
    """
    sources = (*inventory.of_kind("HelmRelease"), *inventory.of_kind("OCIRepository"))
    return any(_WEBHOOK in each.raw for each in sources)


_WEBHOOK = b"kustomize-mutating-webhook"


def _chart_version(values: dict[str, Any]) -> str:
    place: Any = values
    for key in ("instance", "distribution", "version"):
        place = place.get(key) if isinstance(place, dict) else None
    return place if isinstance(place, str) else ""
