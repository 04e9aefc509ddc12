"""From a HelmRelease to what a renderer is asked for."""

from typing import Any

import msgspec
import pytest

from gitops.build.helm import release as releases
from gitops.model import finding
from gitops.model.render import RenderRequest
from tests.unit.build.helm.declared import AT, CHART, release


def request(spec: dict[str, Any], version: str = "") -> RenderRequest:
    return releases.request(
        release(spec),
        CHART,
        {"a": None},
        version=version,
        kube_version="1.33.5",
        api_versions=("v1",),
    )


PLAIN = RenderRequest(
    chart="/c/web.tgz",
    digest="sha256:aa",
    name="web",
    namespace="apps",
    values=b'{"a":null}',
    kube_version="1.33.5",
    api_versions=("v1",),
)


@pytest.mark.parametrize(
    ("spec", "version", "changes"),
    [
        ({}, "", {}),
        ({}, "1.2.3", {}),
        ({}, "1.2.3+0123456789ab", {"chart_version": "1.2.3+0123456789ab"}),
        ({"targetNamespace": "shop"}, "", {"name": "shop-web", "namespace": "shop"}),
        ({"install": {"crds": "Skip"}}, "", {"include_crds": False}),
        ({"install": {"crds": "CreateReplace"}}, "", {}),
        ({"upgrade": {"crds": "Skip"}}, "", {}),
        ({"install": {"disableHooks": True}}, "", {"disable_hooks": True}),
        (
            {"install": {"disableOpenAPIValidation": True, "disableSchemaValidation": True}},
            "",
            {"disable_openapi_validation": True, "disable_schema_validation": True},
        ),
        (
            {"chart": {"spec": {"valuesFiles": ["a.yaml"], "ignoreMissingValuesFiles": True}}},
            "",
            {"values_files": ("a.yaml",), "ignore_missing_values_files": True},
        ),
    ],
)
def test_a_release_is_rendered_as_its_first_installation(
    spec: dict[str, Any], version: str, changes: dict[str, Any]
) -> None:
    assert request(spec, version) == msgspec.structs.replace(PLAIN, **changes)


CHARTED = {"chart": {"spec": {"chart": "web"}}}


@pytest.mark.parametrize(
    ("spec", "message", "hint"),
    [
        (
            {**CHARTED, "chartRef": {"kind": "OCIRepository", "name": "web"}},
            "has both spec.chart and spec.chartRef",
            "keep one of them",
        ),
        (
            {},
            "has neither spec.chart nor spec.chartRef",
            "name the chart with one of them",
        ),
        (
            {**CHARTED, "releaseName": "My_Web"},
            "gives Helm the release name 'My_Web'",
            "use lower-case letters, digits, - and . only, as in a DNS name",
        ),
        (
            {**CHARTED, "upgrade": {"crds": "Replace"}},
            "has 'Replace' as spec.upgrade.crds",
            "use Skip, Create or CreateReplace; Create is the default",
        ),
        (
            {**CHARTED, "postRenderStrategy": "none"},
            "has 'none' as spec.postRenderStrategy",
            "use combined, separate or nohooks; combined is the default",
        ),
    ],
)
def test_a_release_that_flux_would_not_look_at_is_refused(
    spec: dict[str, Any], message: str, hint: str
) -> None:
    assert releases.refusals(release(spec)) == (
        finding.error("helm/invalid-release", AT, f"HelmRelease/apps/web {message}", hint),
    )


def test_a_sound_release_is_not_refused() -> None:
    assert releases.refusals(release(CHARTED)) == ()
