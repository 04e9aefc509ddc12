"""Releases against Helm's library and kustomize's, called as helm-controller calls them."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from gitops.build import kustomize
from gitops.build.helm import capabilities, postrender, release, scopes
from gitops.model.chart import StoredChart
from gitops.model.finding import Severity
from gitops.model.flux import HelmRelease
from gitops.model.ids import id_of
from gitops.sources.helm.client import WorkerRenderer
from tests.oracle import helm_cases, helmlib
from tests.oracle.helm_cases import KUBE_VERSION, Case
from tests.unit.build.helm import declared

pytestmark = pytest.mark.oracle

APIS = capabilities.api_versions(KUBE_VERSION)
ORIGIN = {"helm.toolkit.fluxcd.io/name": "web", "helm.toolkit.fluxcd.io/namespace": "apps"}
RUN = ("pre-install", "post-install", "pre-upgrade", "post-upgrade")
PATCHES = [
    {
        "target": {"kind": "Deployment"},
        "patch": '[{"op": "add", "path": "/spec/replicas", "value": 9}]',
    },
    {"patch": "apiVersion: v1\nkind: Service\nmetadata: {name: web-web}\nspec: {type: NodePort}"},
    {
        "target": {"kind": "ConfigMap", "name": "web-.*"},
        "patch": "kind: any\nmetadata:\n  name: any\n  annotations:\n    patched: 'yes'\n",
    },
]
IMAGES = [{"name": "example.org/web", "newName": "example.net/other", "digest": "sha256:00"}]
SPECS: list[dict[str, Any]] = [
    {},
    {"commonMetadata": {"labels": {"team": "a", **dict.fromkeys(ORIGIN, "x")}}},
    {"commonMetadata": {"annotations": {"note": "b"}}, "postRenderStrategy": "separate"},
    {"commonMetadata": {"labels": {"team": "a"}}, "postRenderStrategy": "nohooks"},
]
PATCHED: list[dict[str, Any]] = [
    {"postRenderers": [{"kustomize": {"patches": PATCHES[:1]}}, {"kustomize": {"images": IMAGES}}]},
    {"postRenderers": [{"kustomize": {"patches": PATCHES, "images": IMAGES}}]},
]


class Asked:
    """A release of a chart, and both answers."""

    def __init__(self, case: Case, spec: dict[str, Any]) -> None:
        self.case = case
        self.spec = spec
        self.release: HelmRelease = declared.release({**spec, "values": case.values})
        self.chart = StoredChart(f"oci://x/{case.chart.name}", "1.2.3", "", path=str(case.chart))
        self.request = msgspec.structs.replace(
            release.request(
                self.release,
                self.chart,
                case.values,
                kube_version=KUBE_VERSION,
                api_versions=APIS,
            ),
            include_crds=False,
        )

    def question(self) -> dict[str, Any]:
        common = self.spec.get("commonMetadata")
        return {
            "do": "release",
            "chart": str(self.case.chart),
            "name": "web",
            "namespace": "apps",
            "values": self.case.values,
            "kube_version": KUBE_VERSION,
            "api_versions": APIS,
            "kustomize": [each["kustomize"] for each in self.spec.get("postRenderers", ())],
            "metadata": [*([common] if common else []), {"labels": ORIGIN}],
            "strategy": self.spec.get("postRenderStrategy", "combined"),
        }

    def differs(self, renderer: WorkerRenderer, answer: dict[str, Any]) -> str:
        """How our objects are others than those of Flux; "" when they are not."""
        result = renderer.result(self.request)
        done = postrender.finish(self.release, self.chart, result, kustomize.build, {})
        errors = [each.message for each in done.findings if each.severity is Severity.ERROR]
        if "error" in answer or errors:
            return "" if "error" in answer and errors else f"{errors} instead of {answer}"
        ours = [helm_cases.whole(each.body()) for each in done.manifests]
        theirs = helm_cases.whole(list(applied(answer)))
        if result.uses_random:
            ours, theirs = helm_cases.masked(ours), helm_cases.masked(theirs)
        wrong = [pair for pair in zip(ours, theirs, strict=False) if pair[0] != pair[1]]
        if wrong:
            return f"{wrong[0][0]} instead of {wrong[0][1]}"
        return "" if len(ours) == len(theirs) else f"{len(ours)} instead of {len(theirs)} objects"


def applied(answer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What Helm does to the objects of a release after post-rendering."""
    objects, hooks = answer["objects"] or [], answer["hooks"] or []
    custom = dict(scopes.defined(objects))
    for each in (*objects, *hooks):
        metadata = each["metadata"]
        annotations = metadata.get("annotations") or {}
        events = {event.strip().lower() for event in annotations.get("helm.sh/hook", "").split(",")}
        if each in hooks and events.isdisjoint(RUN):
            continue
        if each not in hooks:
            owner = {"release-name": "web", "release-namespace": "apps"}
            marks = {f"meta.helm.sh/{key}": value for key, value in owner.items()}
            metadata["annotations"] = {**annotations, **marks}
            metadata["labels"] = {**metadata["labels"], "app.kubernetes.io/managed-by": "Helm"}
        if not metadata.get("namespace") and scopes.is_namespaced(id_of(each), custom):
            metadata["namespace"] = "apps"
        yield each


def compare(cases: list[Asked]) -> tuple[dict[str, str], int]:
    """What differs, by case, and how many cases the libraries could be asked about."""
    found: dict[str, str] = {}
    compared = 0
    with WorkerRenderer() as renderer:
        for case in cases:
            renderer.submit(case.request)
        for case, answer in zip(cases, helmlib.ask(case.question() for case in cases), strict=True):
            result = renderer.result(case.request)
            # The library would ask the network, and does not look for missing dependencies.
            if result.unchecked or (
                result.problem and "missing in charts/" in result.problem.message
            ):
                continue
            compared += 1
            different = case.differs(renderer, answer)
            if different:
                found[f"{case.case} {case.spec}"] = different
    return found, compared


def test_our_charts_become_what_flux_makes_of_them() -> None:
    cases = [Asked(case, spec) for case in helm_cases.own() for spec in SPECS]
    cases += [Asked(Case(helm_cases.CHARTS / "web", {}), spec) for spec in PATCHED]
    assert compare(cases) == ({}, 74)


@pytest.mark.public
def test_public_charts_become_what_flux_makes_of_them() -> None:
    found, compared = compare([Asked(case, SPECS[1]) for case in helm_cases.public()])
    print(f"{compared} cases, {compared - len(found)} equal")
    assert found == {}
