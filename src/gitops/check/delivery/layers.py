"""The layer of an artifact that a release takes its chart from.

Source: Flux, OCIRepository, `spec.layerSelector`: the first layer of the media type is taken, and
without one of it the source is not ready. Helm, "Use OCI-based registries": a chart is a layer of
type application/vnd.cncf.helm.chart.content.v1.tar+gzip.
source-controller, docs/spec/v1/ocirepositories.md: `copy` keeps the layer as it is, `extract`
unpacks it, leaves out what is excluded, and packs it again.
"""

from collections.abc import Iterator

from gitops.check.fields import at, text
from gitops.check.index import Index, Key, Owned
from gitops.check.spot import Spot
from gitops.model.finding import Finding
from gitops.model.flux import SOURCE_GROUP, HelmRelease

_CHART = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
_PREFIX = "application/vnd.cncf.helm."
_WAY = ("spec", "layerSelector", "mediaType")


def other(facts: Index) -> Iterator[Finding]:
    """Of the types of Helm, a release takes a chart from that of charts."""
    for source, release in facts.view(_charts):
        kind = text(at(facts.body(source.manifest), *_WAY))
        if kind.startswith(_PREFIX) and kind != _CHART:
            spot = Spot(facts, source, _WAY)
            user = facts.find(*release.id.key)
            yield spot.error(
                "helm/layer",
                f"{spot.who} takes the layer of type {kind}, and {release.id} wants a chart",
                f"a chart is of type {_CHART}",
                *((user,) if user else ()),
            )


def unpacked(facts: Index) -> Iterator[Finding]:
    """A chart is taken whole where all others are."""
    found = facts.view(_charts)
    apart = [each for each in found if not _is_copied(facts, each[0])]
    for source, release in apart if 3 * len(apart) < len(found) else ():
        if text(at(facts.body(source.manifest), *_WAY)) == _CHART:
            spot = Spot(facts, source, ("spec", "layerSelector", "operation"))
            user = facts.find(*release.id.key)
            yield spot.warning(
                "helm/layer-unpacked",
                f"{spot.who} unpacks the chart of {release.id} and packs it again, without the "
                "files that Flux leaves out, where others take theirs as they are",
                "set layerSelector.operation to copy",
                *((user,) if user else ()),
            )


def _is_copied(facts: Index, source: Owned) -> bool:
    return bool(at(facts.body(source.manifest), "spec", "layerSelector", "operation") == "copy")


def _charts(facts: Index) -> tuple[tuple[Owned, HelmRelease], ...]:
    """The artifacts that releases take charts from, each with the first that does."""
    found: dict[Key, tuple[Owned, HelmRelease]] = {}
    for release in facts.releases:
        wanted = release.spec.chart_ref
        if wanted is not None and wanted.kind == "OCIRepository":
            space = wanted.namespace or release.id.namespace
            source = facts.find(SOURCE_GROUP, wanted.kind, space, wanted.name)
            if source:
                found.setdefault(source.manifest.id.key, (source, release))
    return tuple(found.values())
