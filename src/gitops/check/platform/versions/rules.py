"""Versions against the facts that are known of them."""

import re
from collections.abc import Iterator

from gitops.check import index
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.platform.versions import facts as known
from gitops.check.platform.versions.facts import Window
from gitops.check.spot import Spot
from gitops.model import finding, semver
from gitops.model.finding import Finding
from gitops.model.flux import HELM_GROUP, SOURCE_GROUP
from gitops.model.origin import Location
from gitops.model.semver import Version

_BUNDLE = "gateway.networking.k8s.io/bundle-version"
_RELEASE = re.compile(r"/kubernetes-sigs/gateway-api/releases/download/(?P<version>v[0-9.]+)/")


def charts(facts: Index) -> tuple[tuple[Owned, str, Version, Spot], ...]:
    """The releases with the names and versions of their charts, where both are exact, and the
    field that holds the version."""
    found = []
    for owned in facts.of(HELM_GROUP, "HelmRelease"):
        chart, version, spot = _chart(facts, owned)
        if parsed := semver.parse(version):
            found.append((owned, chart, parsed, spot))
    return tuple(found)


def _chart(facts: Index, owned: Owned) -> tuple[str, str, Spot]:
    body = facts.body(owned.manifest)
    if named := mapping(at(body, "spec", "chart", "spec")):
        spot = Spot(facts, owned, ("spec", "chart", "spec", "version"))
        return text(named.get("chart")).rpartition("/")[2], text(named.get("version")), spot
    wanted = mapping(at(body, "spec", "chartRef"))
    namespace = text(wanted.get("namespace")) or owned.manifest.id.namespace
    kind, name = text(wanted.get("kind")), text(wanted.get("name"))
    source = facts.find(SOURCE_GROUP, kind, namespace, name)
    if source is None:
        return "", "", Spot(facts, owned)
    url = text(at(facts.body(source.manifest), "spec", "url"))
    tag = text(at(facts.body(source.manifest), "spec", "ref", "tag"))
    return url.rpartition("/")[2], tag, Spot(facts, source, ("spec", "ref", "tag"))


def windows(facts: Index) -> Iterator[Finding]:
    """Each program is maintained, and for a Kubernetes of this version."""
    kubernetes = semver.parse(facts.knowledge.kube_version)
    for owned, chart, version, spot in facts.view(charts):
        window = _window(chart, version)
        if window is None:
            continue
        if kubernetes and window.kubernetes and not _is_in(kubernetes, window.kubernetes):
            lowest, highest = window.kubernetes
            words = f"is for Kubernetes 1.{lowest} to 1.{highest}, and this is {kubernetes}"
            yield _warning("version/kubernetes", owned, spot, f"{chart} {version} {words}", window)
        if window.end and facts.knowledge.today and facts.knowledge.today > window.end:
            words = f"{chart} {version} gets no fixes since {window.end}"
            yield _warning("version/end-of-life", owned, spot, words, window)


def _window(chart: str, version: Version) -> Window | None:
    minor = f"{version.major}.{version.minor}"
    found = (each for each in known.WINDOWS if (each.chart, each.version) == (chart, minor))
    return next(found, None)


def _is_in(version: Version, bounds: tuple[int, int]) -> bool:
    return bounds[0] <= version.minor <= bounds[1]


def _warning(rule: str, owned: Owned, spot: Spot, words: str, window: Window) -> Finding:
    who = owned.manifest.id
    hint = f"move to a version that fits, or say why not; the fact is from {window.source}"
    return index.about(who, finding.warning(rule, spot.at, f"{who}: {words}", hint))


def gateway_api(facts: Index) -> Iterator[Finding]:
    """Cilium finds the kinds of the Gateway API that its operator needs: those of a unit, or of an
    address that the bootstrap takes them from."""
    for owned, chart, version, spot in facts.view(charts) if facts.view(_bundles) else ():
        limit = known.GATEWAY_API.get(f"{version.major}.{version.minor}")
        for bundle, source, early in facts.view(_bundles) if chart == "cilium" else ():
            if limit and bundle.rank[:2] >= limit:
                who = owned.manifest.id
                place, other = (source, spot.at) if early else (spot.at, source)
                mistake = finding.error(
                    "version/pair",
                    place,
                    f"{who}: cilium {version} needs a Gateway API below {limit[0]}.{limit[1]}, and "
                    f"the definitions are those of {bundle}: its operator stops",
                    "install an older Gateway API, or a newer Cilium",
                    other,
                )
                yield index.about(who, mistake)


def _bundles(facts: Index) -> tuple[tuple[Version, Location, bool], ...]:
    """The releases of the Gateway API that a cluster gets, and whether it is before Flux."""
    group, kind = "apiextensions.k8s.io", "CustomResourceDefinition"
    crd = facts.find(group, kind, "", "gateways.gateway.networking.k8s.io")
    notes = mapping(at(facts.body(crd.manifest), "metadata", "annotations")) if crd else {}
    found = [(text(notes.get(_BUNDLE)), crd.manifest.origin.source, False)] if crd else []
    held = facts.knowledge.helmfiles
    remotes = held.early.remotes if held else ()
    matches = ((_RELEASE.search(made.name), made.at) for made in remotes)
    found += [(match["version"], place, True) for match, place in matches if match]
    parsed = ((semver.parse(each), place, early) for each, place, early in found)
    return tuple((bundle, place, early) for bundle, place, early in parsed if bundle)


def kafka(facts: Index) -> Iterator[Finding]:
    """Strimzi runs the version of Kafka that is asked for: it has an image for each that it runs,
    as its Deployment says."""
    found = facts.of("kafka.strimzi.io", "Kafka")
    runs = {*_imaged(facts)} if found else set()
    operators = [each for each in facts.view(charts) if each[1] == "strimzi-kafka-operator"]
    for _, _, version, _ in () if runs else operators:
        runs.update(known.KAFKA.get(f"{version.major}.{version.minor}", ()))
    for owned in found if runs else ():
        wanted = text(at(facts.body(owned.manifest), "spec", "kafka", "version"))
        if wanted and wanted not in runs:
            spot = Spot(facts, owned, ("spec", "kafka", "version"))
            yield spot.error(
                "version/pair",
                f"{spot.who} wants Kafka {wanted}, which the operator of this cluster does not run",
                f"it runs {', '.join(sorted(runs))}",
                *(each.owned for *_, each in operators[:1]),
            )


_IMAGES = "STRIMZI_KAFKA_IMAGES"


def _imaged(facts: Index) -> Iterator[str]:
    """The versions that operators have images for. Source: Strimzi, "Configuring the Cluster
    Operator", STRIMZI_KAFKA_IMAGES: a line for each, with an equals sign."""
    for owned in facts.of("apps", "Deployment"):
        if _IMAGES.encode() in owned.manifest.raw:
            containers = at(facts.body(owned.manifest), "spec", "template", "spec", "containers")
            for each in (env for one in listing(containers) for env in listing(one.get("env"))):
                if mapping(each).get("name") == _IMAGES:
                    lines = text(mapping(each).get("value")).split()
                    yield from (line.partition("=")[0] for line in lines)


RULES = (windows, gateway_api, kafka)
