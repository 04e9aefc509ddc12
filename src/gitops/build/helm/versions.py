"""Which version of a chart a range or a reference stands for, among those that are known.

Source: source-controller `internal/helm/repository/{chart,oci_chart}_repository.go` and
`internal/controller/ocirepository_controller.go`; helm-controller
`internal/controller/helmrelease_controller.go`, mutateChartWithSourceRevision.
"""

import re
from collections.abc import Sequence

import msgspec

from gitops.model import semver
from gitops.model.flux import HelmRelease
from gitops.model.flux_sources import OCIRef

CHART_LAYER = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
"""The media type by which a registry knows the layer that holds a chart."""

_DIGITS = 12
_REVISED = ("GitRepository", "Bucket")


class Unresolved(msgspec.Struct, frozen=True):
    """No version can be told; `reason` says why, for a person."""

    reason: str


def resolve(wanted: str, versions: Sequence[str]) -> str | Unresolved:
    """The version that Flux would take from a Helm repository.

    A version that is literally there wins. Else `wanted` is a range, "" and `*` being any release,
    and the highest version in it wins; versions that are not strict semver are passed over.
    """
    if wanted in versions:
        return wanted
    allowed = semver.parse_range(wanted or "*")
    if allowed is None:
        return Unresolved(f"{wanted!r} is neither a version nor a range")
    found = semver.highest(filter(None, map(semver.parse_strict, versions)), allowed)
    if found is None:
        return Unresolved(f"no version {_matches(wanted)}{_among(versions)}")
    return found.text


def is_exact(wanted: str) -> bool:
    """Whether an OCI Helm repository takes it as the tag to pull, without listing any tags."""
    return semver.parse_strict(wanted) is not None


def reference(ref: OCIRef, tags: Sequence[str], media_type: str = "") -> str | Unresolved:
    """What an OCIRepository pulls: its digest, the highest tag in its range, its tag, or `latest`.

    `tags` are those of the registry; with the layer type of charts, `_` in a tag stands for `+`.
    """
    if ref.digest:
        return ref.digest
    if not ref.semver:
        return ref.tag or "latest"
    allowed = semver.parse_range(ref.semver)
    if allowed is None:
        return Unresolved(f"{ref.semver!r} is not a range")
    try:
        named = re.compile(ref.semver_filter)
    except re.error as cause:
        return Unresolved(f"semverFilter {ref.semver_filter!r} is not a pattern: {cause}")
    offered = [tag for tag in tags if named.search(tag)]
    plus = media_type == CHART_LAYER
    parsed = (semver.parse_strict(tag.replace("_", "+") if plus else tag) for tag in offered)
    found = semver.highest(filter(None, parsed), allowed)
    if found is None:
        return Unresolved(f"no tag {_matches(ref.semver)}{_among(offered)}")
    return found.text.replace("+", "_") if plus else found.text


def tracked(version: str, digest: str, tag: str = "") -> str | Unresolved:
    """The version that a chart from an OCIRepository carries while it is rendered.

    Flux adds the first digits of the artifact's digest as build metadata, so that a moved tag is
    noticed; `helm.sh/chart` labels show it. A tag that is a version must be the chart's own.
    """
    own = semver.parse(version)
    if own is None:
        return Unresolved(f"the chart's version {version!r} is not semver")
    tagged = semver.parse(tag.replace("_", "+"))
    if tagged and tagged.rank != own.rank:
        return Unresolved(f"the tag {tag!r} does not match the chart's own version {version!r}")
    digits = digest.rpartition(":")[2][:_DIGITS]
    return with_metadata(version, digits) if digits else version


def packaged(version: str, release: HelmRelease, revision: str = "") -> str:
    """The version after source-controller has packed the chart anew, as it does for `spec.chart`.

    `valuesFiles` add the HelmChart's generation, which is 1 unless somebody changed it in place;
    with the reconcile strategy Revision, the `revision` of a GitRepository or Bucket comes first.
    """
    if release.spec.chart is None:
        return version
    chart = release.spec.chart.spec
    follows = chart.reconcile_strategy == "Revision" and chart.source_ref.kind in _REVISED
    parts = [revision.rpartition(":")[2][:_DIGITS]] if follows and revision else []
    if values_files(release):
        parts.append("1")
    return with_metadata(version, ".".join(parts)) if parts else version


def values_files(release: HelmRelease) -> tuple[str, ...]:
    """The files that replace the chart's defaults; `values.yaml` alone replaces nothing."""
    names = release.spec.chart.spec.values_files if release.spec.chart else ()
    return () if [name.removeprefix("./") for name in names] == ["values.yaml"] else names


def with_metadata(version: str, metadata: str) -> str:
    """The version in strict form with other build metadata; a leading `v` is lost, as in Flux."""
    parsed = semver.parse(version)
    return str(msgspec.structs.replace(parsed, build=metadata)) if parsed else version


def _matches(wanted: str) -> str:
    return f"matches {wanted!r}" if wanted not in ("", "*") else "is a release"


def _among(versions: Sequence[str]) -> str:
    return f" among {', '.join(versions)}" if versions else "; none is here"
