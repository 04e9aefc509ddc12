"""Where pods may run: whether they find room, and whether one machine holds them all."""

from collections.abc import Iterator
from typing import Any

from gitops.check import index, pods, selectors
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index
from gitops.check.operators import MADE
from gitops.check.pods import Template
from gitops.model import finding
from gitops.model.finding import Finding

_HOST = "kubernetes.io/hostname"
_CRITICAL = ("system-cluster-critical", "system-node-critical")
_REPLICATED = ("Deployment", "StatefulSet")


def crowded(facts: Index) -> Iterator[Finding]:
    """Pods that must not share a node are no more than the nodes."""
    loaded = facts.knowledge.estate
    cluster = loaded.estate.clusters.get(facts.cluster.name) if loaded else None
    if loaded is None or cluster is None:
        return
    for template in _replicated(facts):
        apart = _apart(template)
        if apart and template.replicas > len(cluster.nodes):
            who = template.owner.manifest.id
            mistake = finding.error(
                "availability/no-room",
                facts.at(template.owner, "spec", "replicas"),
                f"{who} wants {template.replicas} pods on as many nodes, and there are "
                f"{len(cluster.nodes)}: the others wait for ever",
                "want fewer, or prefer other nodes instead of requiring them",
                loaded.at("clusters", facts.cluster.name, "nodes"),
            )
            yield index.about(who, mistake)


def alone(facts: Index) -> Iterator[Finding]:
    """What the cluster needs to work runs twice, on two nodes."""
    for template in critical(facts):
        if _is_flux(template):
            continue
        if template.replicas == 1 and template.owner.manifest.id.kind == "Deployment":
            yield _warned(facts, template, ("spec", "replicas"), "has one pod only")
        elif template.replicas > 1 and not _is_spread(template):
            yield _warned(facts, template, (*template.pointer, "spec"), "may run on one node")


def _is_flux(template: Template) -> bool:
    """Whether it is a controller of Flux: its makers run one pod of each, whose files the others
    read, and what Flux has applied works on without it.

    Source: flux2, manifests/bases/source-controller; `flux bootstrap` writes part-of on all.
    """
    labels = mapping(at(template.owner.manifest.body(), "metadata", "labels"))
    return labels.get("app.kubernetes.io/part-of") == "flux"


def _warned(facts: Index, template: Template, way: tuple[str, ...], words: str) -> Finding:
    who = template.owner.manifest.id
    mistake = finding.warning(
        "availability/single",
        facts.at(template.owner, *way),
        f"{who} is critical by its priority class and {words}: the loss of a node stops it",
        "run two pods, with podAntiAffinity or topologySpreadConstraints over the nodes",
    )
    return index.about(who, mistake)


def critical(facts: Index) -> Iterator[Template]:
    """What the cluster cannot do without, by its priority class."""
    for template in _replicated(facts):
        if text(template.spec.get("priorityClassName")) in _CRITICAL:
            yield template


def _replicated(facts: Index) -> Iterator[Template]:
    for template in pods.templates(facts):
        whole = template.owner.manifest.incomplete not in (MADE, "locked")
        if whole and template.owner.manifest.id.kind in _REPLICATED:
            yield template


def _apart(template: Template) -> bool:
    """Whether no two of its pods may share a node."""
    way = ("affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
    return any(_is_own(mapping(each), template) for each in listing(at(template.spec, *way)))


def _is_own(term: dict[str, Any], template: Template) -> bool:
    selector = term.get("labelSelector")
    host = term.get("topologyKey") == _HOST
    return host and selector is not None and selectors.matches(selector, template.labels)


def _is_spread(template: Template) -> bool:
    """Whether something asks for several nodes, even if it only prefers them."""
    anti = mapping(at(template.spec, "affinity", "podAntiAffinity"))
    return bool(any(anti.values()) or listing(template.spec.get("topologySpreadConstraints")))


def volumes(facts: Index) -> Iterator[Finding]:
    """A volume that one node may mount is not wanted on two, not even during an update."""
    for template in _replicated(facts):
        strategy = at(template.body, "spec", "strategy", "type") or "RollingUpdate"
        if template.owner.manifest.id.kind != "Deployment" or strategy == "Recreate":
            continue
        for place, volume in enumerate(listing(template.spec.get("volumes"))):
            claim = text(at(volume, "persistentVolumeClaim", "claimName"))
            found = facts.find("", "PersistentVolumeClaim", template.namespace, claim)
            modes = at(facts.body(found.manifest), "spec", "accessModes") if found else None
            if modes in (["ReadWriteOnce"], ["ReadWriteOncePod"]):
                way: tuple[str | int, ...] = (*template.pointer, "spec", "volumes", place)
                yield _stuck(facts, template, way, claim)


def _stuck(facts: Index, template: Template, way: tuple[str | int, ...], claim: str) -> Finding:
    who = template.owner.manifest.id
    several = template.replicas > 1
    when = "pods on other nodes never start" if several else "an update waits for ever"
    mistake = finding.warning(
        "availability/volume",
        facts.at(template.owner, *way),
        f"{who} has a rolling update and the volume {claim}, which one node at a time may mount: "
        f"when the new pod comes to another node, {when}",
        "set strategy.type to Recreate and one replica, or use a StatefulSet",
    )
    return index.about(who, mistake)


RULES = (crowded, alone, volumes)
