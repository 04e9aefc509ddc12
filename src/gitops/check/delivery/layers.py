"""The layer of an artifact that a release takes its chart from.

Source: Flux, OCIRepository, `spec.layerSelector`: the first layer of the media type is taken, and
without one of it the source is not ready. Helm, "Use OCI-based registries": a chart is a layer of
type application/vnd.cncf.helm.chart.content.v1.tar+gzip.
"""

from collections.abc import Iterator

from gitops.check.fields import at, text
from gitops.check.index import Index
from gitops.check.spot import Spot
from gitops.model.finding import Finding
from gitops.model.flux import SOURCE_GROUP

_CHART = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
_PREFIX = "application/vnd.cncf.helm."
_WAY = ("spec", "layerSelector", "mediaType")


def other(facts: Index) -> Iterator[Finding]:
    """Of the types of Helm, a release takes a chart from that of charts."""
    seen = set()
    for release in facts.releases:
        wanted = release.spec.chart_ref
        if wanted is None or wanted.kind != "OCIRepository":
            continue
        key = (SOURCE_GROUP, wanted.kind, wanted.namespace or release.id.namespace, wanted.name)
        source = facts.find(*key)
        kind = text(at(facts.body(source.manifest), *_WAY)) if source else ""
        if source and key not in seen and kind.startswith(_PREFIX) and kind != _CHART:
            seen.add(key)
            spot = Spot(facts, source, _WAY)
            user = facts.find(*release.id.key)
            yield spot.error(
                "helm/layer",
                f"{spot.who} takes the layer of type {kind}, and {release.id} wants a chart",
                f"a chart is of type {_CHART}",
                *((user,) if user else ()),
            )
