"""PodDisruptionBudgets and drains.

Source: the eviction API refuses an eviction that would break a budget: a budget that allows none
stops every drain of a node, and with it upgrades and reboots.
"""

import math
from collections.abc import Iterator
from typing import Any

from gitops.check import operators, selectors
from gitops.check.fields import at, mapping
from gitops.check.index import Index, Owned
from gitops.check.pods import Template
from gitops.check.spot import Spot
from gitops.check.wiring.presence import Presence, doubtful
from gitops.check.wiring.templates import Templates
from gitops.model.finding import Finding, Severity


def idle(facts: Index) -> Iterator[Finding]:
    """Every budget is for the pods of something."""
    presence = facts.view(Presence)
    for owned, spec in _budgets(facts):
        selector, namespace = spec.get("selector"), owned.manifest.id.namespace
        if selector and not _selected(facts, namespace, mapping(selector)):
            spot = Spot(facts, owned, ("spec", "selector"))
            yield doubtful(
                "budget/selects-nothing",
                spot,
                presence.makers(namespace),
                f"{spot.who} selects no pods: it protects nothing",
                "correct the selector, or remove the budget",
                Severity.WARNING,
            )


def blocking(facts: Index) -> Iterator[Finding]:
    """A budget lets at least one pod go."""
    for owned, spec in _budgets(facts):
        selected = _selected(facts, owned.manifest.id.namespace, mapping(spec.get("selector")))
        pods = [each for each in selected if each.owner.manifest.id.kind in _COUNTED]
        if pods and len(pods) == len(selected):
            replicas = sum(_replicas(facts, each) for each in pods)
            reason = _reason(spec, replicas)
            if reason and replicas:
                field = "maxUnavailable" if "maxUnavailable" in spec else "minAvailable"
                spot = Spot(facts, owned, ("spec", field))
                names = ", ".join(sorted({str(each.owner.manifest.id) for each in pods}))
                yield spot.warning(
                    "budget/blocks-drain",
                    f"{spot.who} allows no eviction of {names}: {reason}",
                    "run more replicas, or allow one to be unavailable",
                    pods[0].owner,
                )


_COUNTED = ("Deployment", "ReplicaSet", "StatefulSet")


def _reason(spec: dict[str, Any], replicas: int) -> str:
    """Why nothing may be evicted, or "". Percentages are rounded up, as Kubernetes does it."""
    if "maxUnavailable" in spec:
        allowed = _count(spec["maxUnavailable"], replicas)
        return f"maxUnavailable is {spec['maxUnavailable']}" if allowed == 0 else ""
    needed = _count(spec.get("minAvailable"), replicas)
    if needed is None or needed < replicas:
        return ""
    what = "replica" if replicas == 1 else "replicas"
    return f"minAvailable is {spec['minAvailable']}, and there are {replicas} {what}"


def _count(value: object, replicas: int) -> int | None:
    match value:
        case bool():
            return None
        case int():
            return value
        case str() if value.endswith("%") and value[:-1].isdigit():
            return math.ceil(int(value[:-1]) * replicas / 100)
        case _:
            return None


def _replicas(facts: Index, template: Template) -> int:
    """What an autoscaler keeps at least, else what the object says."""
    found = template.owner.manifest.id
    for owned in facts.of("autoscaling", "HorizontalPodAutoscaler"):
        spec = mapping(facts.body(owned.manifest).get("spec"))
        target = mapping(spec.get("scaleTargetRef"))
        scaled = (owned.manifest.id.namespace, target.get("kind"), target.get("name"))
        if scaled == (found.namespace, found.kind, found.name):
            least = spec.get("minReplicas", 1)
            return least if isinstance(least, int) else 1
    return template.replicas


def _budgets(facts: Index) -> Iterator[tuple[Owned, dict[str, Any]]]:
    for owned in facts.of("policy", "PodDisruptionBudget"):
        if owned.manifest.incomplete != operators.MADE:
            yield owned, mapping(at(facts.body(owned.manifest), "spec"))


def _selected(facts: Index, namespace: str, selector: dict[str, Any]) -> list[Template]:
    within = facts.view(Templates).within.get(namespace, [])
    return [each for each in within if selectors.matches(selector, each.labels)]
