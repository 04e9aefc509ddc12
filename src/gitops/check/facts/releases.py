"""What Flux gives to Helm: chart, version and values of each release of a cluster.

Source: helm-controller 1.6, `internal/release/name.go` and `internal/action/install.go`;
source-controller 1.9, HelmChart and OCIRepository.
"""

from typing import Any

import msgspec

from gitops.build.helm import names
from gitops.check import fields
from gitops.check.index import Index
from gitops.model import flux
from gitops.model.flux import HelmRelease
from gitops.model.flux_sources import Reference
from gitops.model.ids import ObjectId
from gitops.model.origin import Location


class Given(msgspec.Struct, frozen=True):
    """A release as Flux installs it. `chart` is what Helm is told: an address of a registry, or
    `repository/chart`, where `repository` has the name of the HelmRepository and `url` its address.
    `waits` is false where installing does not wait. `unknown` says why the rest cannot be told.
    """

    id: ObjectId
    at: Location
    name: str
    namespace: str
    chart: str
    version: str
    values: dict[str, Any]
    waits: bool = True
    url: str = ""
    unknown: str = ""


def given(facts: Index) -> dict[tuple[str, str], Given]:
    """The releases of a cluster by namespace and name, as Helm knows them."""
    found = (_given(facts, release) for release in facts.releases)
    return {(each.namespace, each.name): each for each in found}


def _given(facts: Index, release: HelmRelease) -> Given:
    chart, version, url = _chart(facts, release)
    owned = facts.find(*release.id.key)
    body = facts.body(owned.manifest) if owned else {}
    unknown = "" if chart else "its source cannot be seen here"
    if release.spec.values_from:
        unknown = "its values come from ConfigMaps or Secrets, which Helmfile does not read"
    if names.storage_namespace(release) != names.release_namespace(release):
        unknown = "its record is kept in another namespace, which Helmfile cannot do"
    return Given(
        release.id,
        release.origin.source,
        names.release_name(release),
        names.release_namespace(release),
        chart,
        version,
        release.spec.values,
        not fields.at(body, "spec", "install", "disableWait"),
        url,
        unknown,
    )


def _chart(facts: Index, release: HelmRelease) -> tuple[str, str, str]:
    """Chart, version, and the address of its repository; "" where they cannot be told."""
    spec = release.spec
    if spec.chart is not None:
        template = spec.chart.spec
        source = _source(facts, template.source_ref, release)
        match source:
            case flux.HelmRepository() if source.spec.type == "oci":
                return f"{source.spec.url.rstrip('/')}/{template.chart}", template.version, ""
            case flux.HelmRepository():
                chart = f"{source.id.name}/{template.chart}"
                return chart, template.version, source.spec.url
        return "", "", ""
    source = _source(facts, spec.chart_ref, release) if spec.chart_ref else None
    if isinstance(source, flux.OCIRepository):
        return source.spec.url, source.spec.ref.tag, ""
    return "", "", ""


def _source(facts: Index, reference: Reference, release: HelmRelease) -> flux.FluxObject | None:
    namespace = reference.namespace or release.id.namespace
    found = facts.find("source.toolkit.fluxcd.io", reference.kind, namespace, reference.name)
    return flux.parse(found.manifest)[0] if found else None
