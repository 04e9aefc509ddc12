"""Autoscalers, budgets and classes of priority.

Source: Kubernetes `pkg/apis/autoscaling/validation`, `pkg/apis/policy/validation` and
`pkg/apis/scheduling/validation`.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import at as field
from gitops.check.fields import mapping, text
from gitops.check.schemas.problem import Pointer, Problem, conflict, required, wrong
from gitops.check.schemas.strategy import containers, quantities, shares

_HIGHEST = 1_000_000_000
_FIELDS = {
    "ContainerResource": "containerResource",
    "External": "external",
    "Object": "object",
    "Pods": "pods",
    "Resource": "resource",
}


def bounds(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """An autoscaler may have as many pods as it must have."""
    least, most = spec.get("minReplicas"), spec.get("maxReplicas")
    least = 1 if least is None else least
    if isinstance(most, int) and 0 < most < least:
        yield conflict((*at, "maxReplicas"), f"must be at least {least} as minReplicas, is {most}")


def metric(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """What is measured is described where its type says."""
    wanted = _FIELDS.get(text(found.get("type")))
    if wanted and found.get(wanted) is None:
        yield required((*at, wanted), f"where type is {found['type']}")
    for name in sorted(_FIELDS.values()):
        if wanted and name != wanted and found.get(name) is not None:
            yield conflict((*at, name), f"may not be there where type is {found['type']}")


def measured(source: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """A resource is held at an amount or at a share of what is requested."""
    target = mapping(source.get("target"))
    has = [name for name in ("averageUtilization", "averageValue") if target.get(name) is not None]
    if not has:
        yield required((*at, "target", "averageUtilization"), "or averageValue instead")
    if len(has) > 1:
        way = (*at, "target", "averageValue")
        yield conflict(way, "may not be there beside averageUtilization", "keep one of them")


def of_container(source: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """What is measured of a container is a resource of it."""
    name = text(source.get("name"))
    if name and not containers.is_resource(name):
        yield wrong((*at, "name"), f"{name!r} is no resource of a container")


def counted(source: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """What pods tell of themselves is held at an amount for each."""
    if field(source, "target", "averageValue") is None:
        yield required((*at, "target", "averageValue"))


def told(source: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """What others tell is held at an amount, of all or for each pod."""
    target = mapping(source.get("target"))
    if target.get("averageValue") is None and target.get("value") is None:
        yield required((*at, "target", "averageValue"), "or value instead")


def outside(source: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """What comes from outside is held in one way."""
    yield from told(source, at)
    target = mapping(source.get("target"))
    if target.get("value") is not None and target.get("averageValue") is not None:
        yield conflict((*at, "target", "value"), "may not be there beside averageValue")


def target(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """An amount to hold is more than nothing."""
    for name in ("averageValue", "value"):
        amount = found.get(name)
        if amount is not None and quantities.parse(amount) <= 0:
            yield wrong((*at, name), f"must be more than 0, is {amount}")


def behavior(rules: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """Who says which policy counts has policies. Where no policies are, those of the API server
    stand."""
    if rules.get("policies") == []:
        yield required((*at, "policies"))


def budget(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """A budget says how many stay, or how many may go."""
    if spec.get("minAvailable") is not None and spec.get("maxUnavailable") is not None:
        words = "may not be there beside minAvailable"
        yield conflict((*at, "maxUnavailable"), words, "keep one of them")
    for name in ("minAvailable", "maxUnavailable"):
        yield from shares.positive(spec.get(name), (*at, name))
        yield from shares.at_most_all(spec.get(name), (*at, name))


def priority(body: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """The highest numbers and the names before all others are for Kubernetes itself."""
    name, value = text(field(body, "metadata", "name")), body.get("value")
    if name in ("system-cluster-critical", "system-node-critical"):
        return
    if name.startswith("system-"):
        yield wrong((*at, "metadata", "name"), "may not begin with system-")
    elif isinstance(value, int) and value > _HIGHEST:
        yield wrong((*at, "value"), f"must be at most {_HIGHEST}, is {value}")


RULES = (
    ("autoscaling.v1.HorizontalPodAutoscalerSpec", bounds),
    ("autoscaling.v2.HorizontalPodAutoscalerSpec", bounds),
    ("autoscaling.v2.MetricSpec", metric),
    ("autoscaling.v2.ResourceMetricSource", measured),
    ("autoscaling.v2.ContainerResourceMetricSource", measured),
    ("autoscaling.v2.ContainerResourceMetricSource", of_container),
    ("autoscaling.v2.PodsMetricSource", counted),
    ("autoscaling.v2.ObjectMetricSource", told),
    ("autoscaling.v2.ExternalMetricSource", outside),
    ("autoscaling.v2.MetricTarget", target),
    ("autoscaling.v2.HPAScalingRules", behavior),
    ("policy.v1.PodDisruptionBudgetSpec", budget),
    ("scheduling.v1.PriorityClass", priority),
)
