"""Versions of what everything else stands on: Kubernetes, Talos and Flux."""

from collections.abc import Iterator

from gitops.check import index
from gitops.check.fields import at, text
from gitops.check.index import Index
from gitops.check.knowledge import Knowledge
from gitops.check.platform.versions import facts as known
from gitops.model import finding, semver
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.model.semver import Version


def estate(indexes: tuple[Index, ...]) -> Iterator[Finding]:
    """The Kubernetes of the estate is maintained, and its Talos runs it."""
    knowledge = indexes[0].knowledge if indexes else None
    loaded = knowledge.estate if knowledge else None
    if knowledge is None or loaded is None:
        return
    kubernetes = semver.parse(loaded.estate.versions.kubernetes)
    talos = semver.parse(loaded.estate.versions.talos)
    if kubernetes is None or talos is None:
        return
    place = loaded.at("versions", "kubernetes")
    yield from _assumed(knowledge, kubernetes, place)
    end = known.KUBERNETES.get(kubernetes.minor)
    if end and knowledge.today and knowledge.today > end:
        message = f"Kubernetes {kubernetes} gets no fixes since {end}"
        hint = "move to a maintained version; the day is from kubernetes.io/releases"
        yield finding.warning("version/end-of-life", place, message, hint)
    window = known.TALOS.get(talos.minor)
    if window and not window[0] <= kubernetes.minor <= window[1]:
        yield finding.error(
            "version/pair",
            place,
            f"Talos {talos} runs Kubernetes 1.{window[0]} to 1.{window[1]}, and this is "
            f"{kubernetes}",
            "choose versions that fit; the range is from siderolabs/talos, pkg/machinery",
            loaded.at("versions", "talos"),
        )


def _assumed(knowledge: Knowledge, kubernetes: Version, place: Location) -> Iterator[Finding]:
    """Charts and schemas are those of another minor version. Whoever names one on the command line
    wants to know what it would be like."""
    told = semver.parse(knowledge.kube_version)
    if told is None or knowledge.kube_version_assumed or knowledge.kube_version_asked:
        return
    if (told.major, told.minor) != (kubernetes.major, kubernetes.minor):
        yield finding.warning(
            "version/kubernetes",
            place,
            f"the machines run Kubernetes {kubernetes}, and gitops.toml has everything checked "
            f"against {told}",
            "change kube-version in gitops.toml together with the facts",
        )


def flux(facts: Index) -> Iterator[Finding]:
    """The Kubernetes is one that Flux takes."""
    kubernetes = semver.parse(facts.knowledge.kube_version)
    if facts.knowledge.kube_version_assumed:
        return
    for owned in facts.of("fluxcd.controlplane.io", "FluxInstance"):
        way = ("spec", "distribution", "version")
        version = semver.parse(text(at(facts.body(owned.manifest), *way)))
        least = known.FLUX.get((version.major, version.minor)) if version else None
        if kubernetes and least and kubernetes.minor < least:
            who = owned.manifest.id
            mistake = finding.error(
                "version/pair",
                facts.at(owned, *way),
                f"{who} installs Flux {version}, which needs Kubernetes 1.{least}, and this is "
                f"{kubernetes}",
                "choose versions that fit; the bound is from fluxcd/flux2, cmd/flux/check.go",
            )
            yield index.about(who, mistake)


RULES = (flux,)

FLEET_RULES = (estate,)
