"""Autoscalers and what they scale.

Source: kube-controller-manager, podautoscaler: without its target an autoscaler does nothing, and
utilisation is a share of requests, so every container needs one.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Key, Owned
from gitops.check.pods import Template
from gitops.check.spot import Spot
from gitops.check.wiring.presence import Presence
from gitops.check.wiring.templates import Templates
from gitops.model.finding import Finding
from gitops.model.ids import split_api_version

_SCALERS = {
    ("autoscaling", "HorizontalPodAutoscaler"): "scaleTargetRef",
    ("autoscaling.k8s.io", "VerticalPodAutoscaler"): "targetRef",
    ("keda.sh", "ScaledObject"): "scaleTargetRef",
}


def targets(facts: Index) -> Iterator[Finding]:
    """What is scaled exists."""
    presence = facts.view(Presence)
    for owned, field, reference in _references(facts):
        key = _wanted(owned, reference)
        if key[3] and not presence.has(key):
            spot = Spot(facts, owned, ("spec", field, "name"))
            message = f"{spot.who} scales {'/'.join(key[1:])}, which does not exist"
            hint = "correct the kind or the name of the target"
            yield presence.absent("scaling/target-missing", spot, key, message, hint)


def requests(facts: Index) -> Iterator[Finding]:
    """Whoever is scaled by utilisation requests what is measured."""
    templates = {each.owner.manifest.id.key: each for each in facts.view(Templates).applied}
    for owned, _, reference in _references(facts):
        template = templates.get(_wanted(owned, reference))
        metrics = listing(at(facts.body(owned.manifest), "spec", "metrics"))
        for position, metric in enumerate(map(mapping, metrics)):
            resource = mapping(metric.get("resource"))
            utilised = at(resource, "target", "type") == "Utilization"
            if template and metric.get("type") == "Resource" and utilised:
                yield from _unmeasured(facts, owned, position, text(resource["name"]), template)


def _unmeasured(
    facts: Index, owned: Owned, position: int, resource: str, template: Template
) -> Iterator[Finding]:
    if any(each.manifest.id.namespace == template.namespace for each in facts.of("", "LimitRange")):
        return
    lacking = [
        text(container.get("name"))
        for way, container in template.containers
        if (way[-2] == "containers" or container.get("restartPolicy") == "Always")
        and not at(container, "resources", "requests", resource)
        and not at(container, "resources", "limits", resource)
    ]
    if lacking:
        spot = Spot(facts, owned, ("spec", "metrics", position))
        who = template.owner.manifest.id
        yield spot.error(
            "scaling/no-request",
            f"{spot.who} measures the {resource} of {who}, whose {', '.join(lacking)} requests "
            "none: it never scales",
            f"request {resource} in every container",
            template.owner,
        )


def _references(facts: Index) -> Iterator[tuple[Owned, str, dict[str, Any]]]:
    for kind, field in _SCALERS.items():
        for owned in facts.of(*kind):
            yield owned, field, mapping(at(facts.body(owned.manifest), "spec", field))


def _wanted(owned: Owned, reference: dict[str, Any]) -> Key:
    group = split_api_version(text(reference.get("apiVersion")) or "apps/v1")[0]
    kind = text(reference.get("kind")) or "Deployment"
    return (group, kind, owned.manifest.id.namespace, text(reference.get("name")))
