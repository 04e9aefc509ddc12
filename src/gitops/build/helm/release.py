"""From a HelmRelease and its chart to what a renderer is asked for.

Source: helm-controller v1.6.3 `internal/action/{install,crds}.go`. A release is rendered as its
first installation: `.Release.IsInstall` is true, the revision 1, and the rules of `spec.install`
hold, not those of `spec.upgrade`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from gitops.build.helm import names, versions
from gitops.model import finding
from gitops.model.chart import StoredChart
from gitops.model.finding import Finding
from gitops.model.flux import HelmRelease
from gitops.model.render import RenderRequest

_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_CRD_POLICIES = ("", "Skip", "Create", "CreateReplace")
_STRATEGIES = ("", "combined", "separate", "nohooks")


def request(
    release: HelmRelease,
    chart: StoredChart,
    values: Mapping[str, Any],
    *,
    version: str = "",
    kube_version: str,
    api_versions: tuple[str, ...],
) -> RenderRequest:
    """The request that gives the release's objects.

    `version` is the version that the chart carries while it is rendered, where that is not its own
    (see `versions.tracked` and `versions.packaged`).
    """
    spec, install = release.spec, release.spec.install
    template = spec.chart.spec if spec.chart else None
    return RenderRequest(
        chart=chart.path,
        digest=chart.digest,
        name=names.release_name(release),
        namespace=names.release_namespace(release),
        values=msgspec.json.encode(values),
        values_files=versions.values_files(release),
        ignore_missing_values_files=bool(template and template.ignore_missing_values_files),
        chart_version="" if version == chart.version else version,
        kube_version=kube_version,
        api_versions=api_versions,
        include_crds=install.crds != "Skip",
        disable_hooks=install.disable_hooks,
        disable_openapi_validation=install.disable_openapi_validation,
        disable_schema_validation=install.disable_schema_validation,
    )


def refusals(release: HelmRelease) -> tuple[Finding, ...]:
    """Why Flux would not even look for the chart of this release."""
    at = release.origin.source
    return tuple(
        finding.error("helm/invalid-release", at, f"{release.id} {message}", hint)
        for message, hint in _refusals(release)
    )


def _refusals(release: HelmRelease) -> Iterator[tuple[str, str]]:
    spec = release.spec
    if spec.chart and spec.chart_ref:
        yield "has both spec.chart and spec.chartRef", "keep one of them"
    if not spec.chart and not spec.chart_ref:
        yield "has neither spec.chart nor spec.chartRef", "name the chart with one of them"
    if not _NAME.fullmatch(names.release_name(release)):
        yield (
            f"gives Helm the release name {names.release_name(release)!r}",
            "use lower-case letters, digits, - and . only, as in a DNS name",
        )
    for field, policy in (("install", spec.install.crds), ("upgrade", spec.upgrade.crds)):
        if policy not in _CRD_POLICIES:
            yield (
                f"has {policy!r} as spec.{field}.crds",
                "use Skip, Create or CreateReplace; Create is the default",
            )
    if spec.post_render_strategy not in _STRATEGIES:
        yield (
            f"has {spec.post_render_strategy!r} as spec.postRenderStrategy",
            "use combined, separate or nohooks; combined is the default",
        )
