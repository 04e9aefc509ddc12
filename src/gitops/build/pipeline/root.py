"""The first Kustomization of a cluster, which nothing in the repository renders, and the version
of Flux that works on it."""

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

import msgspec

from gitops.build.flux import version
from gitops.build.pipeline.inventory import Inventory
from gitops.build.pipeline.ports import Ports
from gitops.model import flux
from gitops.model.cluster import Sync
from gitops.model.manifest import Manifest, manifest
from gitops.model.origin import Origin

_EXACT = re.compile(r"v?\d+\.\d+\.\d+")
_INSTALLED = "kustomizations.kustomize.toolkit.fluxcd.io"
_STAMP = "app.kubernetes.io/version"
_INSTALLS = {"OCIRepository": "/fluxcd/flux-manifests", "GitRepository": "/fluxcd/flux2"}
"""How the sources end that Flux's own manifests come from; their tags are its versions."""


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
    """The Flux version that the cluster pins, by a FluxInstance or by the source of Flux's own
    manifests; "" without one."""
    return next(filter(None, _pins(inventory)), "")


def _pins(inventory: Inventory) -> Iterator[str]:
    """The instance may be an object, or the values of the flux-instance chart."""
    for found in inventory.of_kind(f"FluxInstance.{flux.OPERATOR_GROUP}"):
        yield _distribution(found.body().get("spec"))
    for found in inventory.of_kind("HelmRelease"):
        values = _map(_map(found.body().get("spec")).get("values"))
        yield _distribution(values.get("instance"))
    for kind, end in _INSTALLS.items():
        for found in inventory.of_kind(kind):
            spec = _map(found.body().get("spec"))
            if str(spec.get("url")).removesuffix(".git").endswith(end):
                yield version.of_distribution(str(_map(spec.get("ref")).get("tag")), "")


def _distribution(instance: object) -> str:
    distribution = _map(_map(instance).get("distribution"))
    said = (str(distribution.get(field) or "") for field in ("version", "artifact"))
    return version.of_distribution(*said)


def stamped_flux(manifests: Iterable[Manifest]) -> str:
    """The Flux version that is stamped on what installs it; "" where that is not among them.

    Source: flux2, `install.Generate` labels every object of gotk-components.yaml, and so do the
    manifests of a release.
    """
    for found in manifests:
        if (found.id.kind, found.id.name) == ("CustomResourceDefinition", _INSTALLED):
            labels = found.body()["metadata"].get("labels")
            stamp = labels.get(_STAMP) if isinstance(labels, dict) else None
            if isinstance(stamp, str) and _EXACT.fullmatch(stamp):
                return stamp.removeprefix("v")
    return ""


def injects_variables(inventory: Inventory) -> bool:
    """Whether a webhook of the cluster adds variables to Kustomizations as they are applied.

    Source: kustomize-mutating-webhook, whose chart has its name; the variables are in a ConfigMap
    or Secret that it is given when it starts.
    """
    sources = (*inventory.of_kind("HelmRelease"), *inventory.of_kind("OCIRepository"))
    return any(_WEBHOOK in each.raw for each in sources)


_WEBHOOK = b"kustomize-mutating-webhook"


def _map(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
