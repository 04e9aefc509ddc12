"""HelmReleases, charts and rendered objects for tests."""

from typing import Any

import msgspec

from gitops.model import flux, manifest
from gitops.model.chart import StoredChart
from gitops.model.flux import HelmRelease
from gitops.model.origin import Location, Origin
from gitops.model.render import RenderedObject, RenderResult

AT = Location("apps/web/helmrelease.yaml", 0, 1)
CHART = StoredChart(
    "oci://registry.example.org/charts/web", "1.2.3", "sha256:aa", path="/c/web.tgz"
)


def release(spec: dict[str, Any] | None = None, name: str = "web") -> HelmRelease:
    """A HelmRelease in namespace `apps`."""
    body = {
        "apiVersion": "helm.toolkit.fluxcd.io/v2",
        "kind": "HelmRelease",
        "metadata": {"name": name, "namespace": "apps"},
        "spec": spec or {},
    }
    parsed, findings = flux.parse(manifest.manifest(body, Origin(AT)))
    assert isinstance(parsed, HelmRelease), findings
    return parsed


def rendered(*bodies: dict[str, Any], crds: tuple[dict[str, Any], ...] = ()) -> RenderResult:
    """What a chart gave: each body from a template of its own."""
    objects = [
        RenderedObject(msgspec.json.encode(body), f"crds/{at}.yaml", 0, 1, crd=True)
        for at, body in enumerate(crds)
    ]
    for at, body in enumerate(bodies):
        annotations = body.get("metadata", {}).get("annotations") or {}
        hook = annotations.get("helm.sh/hook", "")
        raw = msgspec.json.encode(body)
        objects.append(RenderedObject(raw, f"templates/{at}.yaml", 0, 1, hook))
    return RenderResult(tuple(objects), chart_name="web", chart_version="1.2.3")


def body(kind: str, name: str, api: str = "v1", **metadata: Any) -> dict[str, Any]:
    """An object without a spec."""
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name, **metadata}}
