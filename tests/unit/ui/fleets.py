"""A small fleet in which every outcome occurs."""

from typing import Any

from gitops.model.build import (
    Broken,
    ChartUse,
    Cluster,
    Fleet,
    Locked,
    Rendered,
    Suspended,
    Unit,
    Unknown,
)
from gitops.model.ids import ObjectId
from gitops.model.manifest import Manifest, manifest
from gitops.model.origin import Location, Origin, Step

KUSTOMIZE = ("kustomize.toolkit.fluxcd.io", "v1", "Kustomization")
HELM = ("helm.toolkit.fluxcd.io", "v2", "HelmRelease")

ROOT = ObjectId(*KUSTOMIZE, "flux-system", "flux-system")
APPS = ObjectId(*KUSTOMIZE, "flux-system", "apps")
LATER = ObjectId(*KUSTOMIZE, "flux-system", "later")
BAD = ObjectId(*KUSTOMIZE, "flux-system", "bad")
WEB = ObjectId(*HELM, "web", "web")
CACHE = ObjectId(*HELM, "web", "cache")


def config_map(name: str, line: int, *steps: Step, incomplete: str = "") -> Manifest:
    body: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": "web"},
        "data": {"colour": "blue"},
    }
    return manifest(body, Origin(Location("apps/web.yaml", 0, line), steps), incomplete)


def deployment(name: str, incomplete: str) -> Manifest:
    body: dict[str, Any] = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": "web"},
    }
    return manifest(body, Origin(Location("web@1.0.0/templates/web.yaml", 0, 1)), incomplete)


def origin(line: int) -> Origin:
    return Origin(Location("clusters/one/ks.yaml", 0, line))


PATCH = Step("patch", Location("apps/patch.yaml", 0, 1), "spec.replicas")

LOCKED = Locked((deployment("web", "locked"),), "lock/web")
CHART = ChartUse("oci://example.org/charts/web", "1.0.0", "")

FLEET = Fleet(
    (
        Cluster(
            "one",
            "clusters/one",
            (
                Unit(ROOT, origin(1), None, Rendered((config_map("a", 1),))),
                Unit(APPS, origin(10), ROOT, Rendered((config_map("b", 9, PATCH),))),
                Unit(WEB, origin(20), APPS, LOCKED, chart=CHART),
                Unit(CACHE, origin(30), APPS, Unknown("no chart cache 2.0.0")),
                Unit(LATER, origin(40), ROOT, Suspended()),
                Unit(BAD, origin(50), ROOT, Broken()),
            ),
        ),
        Cluster("two", "clusters/two", ()),
    )
)
