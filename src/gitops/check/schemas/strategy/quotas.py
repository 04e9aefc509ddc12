"""Limits and quotas of namespaces.

Source: Kubernetes `pkg/apis/core/validation`, ValidateLimitRange and ValidateResourceQuota.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from gitops.check.fields import listing, mapping, text
from gitops.check.schemas import names
from gitops.check.schemas.problem import Pointer, Problem, conflict, duplicate, required, wrong
from gitops.check.schemas.strategy import containers, quantities

_ORDER = ("min", "defaultRequest", "default", "max")
"""None of these may be more than one after it."""

_LIMITED = ("Container", "PersistentVolumeClaim", "Pod")
_AMOUNTS = ("cpu", "ephemeral-storage", "memory")
_COUNTED = (
    *("configmaps", "persistentvolumeclaims", "pods", "replicationcontrollers", "resourcequotas"),
    *("secrets", "services", "services.loadbalancers", "services.nodeports"),
)
_STANDARD = frozenset(
    [
        *_AMOUNTS,
        *(f"requests.{name}" for name in (*_AMOUNTS, "storage")),
        *(f"limits.{name}" for name in _AMOUNTS),
        *_COUNTED,
    ]
)
_OPPOSITES = (("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating"))


def limits(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """What is limited is named once."""
    seen = set()
    for number, item in enumerate(map(mapping, listing(spec.get("limits")))):
        kind, way = text(item.get("type")), (*at, "limits", number, "type")
        if kind in seen:
            yield duplicate(way, f"repeats {kind} of another limit")
        elif kind not in _LIMITED and not ("/" in kind and names.is_qualified(kind)):
            yield wrong(way, f"must be one of {', '.join(_LIMITED)}; it is {kind!r}")
        seen.add(kind)


def limit(item: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """The least, what is given without asking, and the most go up in this order."""
    kind = item.get("type")
    if kind == "PersistentVolumeClaim" and not (_storage(item, "min") or _storage(item, "max")):
        yield required((*at, "max", "storage"), "or min.storage instead")
    for name in ("default", "defaultRequest") if kind == "Pod" else ():
        if item.get(name):
            yield conflict((*at, name), "may not be there where type is Pod")
    for lower, upper in combinations(_ORDER, 2):
        high = mapping(item.get(upper))
        for resource, least in mapping(item.get(lower)).items():
            most = high.get(resource)
            if resource in high and quantities.parse(least) > quantities.parse(most):
                way = (*at, lower if upper == "max" else upper, resource)
                yield conflict(way, f"{lower} {least} is more than {upper} {most}")


def resources(item: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """What containers are limited in is a resource of theirs."""
    for half in (*_ORDER, "maxLimitRequestRatio") if item.get("type") in _LIMITED[::2] else ():
        for name in mapping(item.get(half)):
            if not containers.is_resource(name):
                yield wrong((*at, half, name), f"{name!r} is no resource of a container")


def ratios(item: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """A limit may be as many times its request as the most is of the least, and no more."""
    least, most = mapping(item.get("min")), mapping(item.get("max"))
    for resource, given in mapping(item.get("maxLimitRequestRatio")).items():
        ratio, way = quantities.parse(given), (*at, "maxLimitRequestRatio", resource)
        if ratio < 1:
            yield wrong(way, f"must be at least 1, is {given}")
        low, high = quantities.parse(least.get(resource)), quantities.parse(most.get(resource))
        if low and high and ratio > high / low:
            yield conflict(way, f"must be at most max / min, is {given}")


def _storage(item: dict[str, Any], half: str) -> bool:
    return "storage" in mapping(item.get(half))


def quota(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """What is counted can be, and not down to less than nothing."""
    for name, amount in mapping(spec.get("hard")).items():
        if not _is_counted(name):
            words = "pods, requests.cpu, count/deployments.apps and the like are"
            yield wrong((*at, "hard", name), f"{name!r} is nothing that a quota counts: {words}")
        elif quantities.parse(amount) < 0:
            yield wrong((*at, "hard", name), f"must not be less than 0, is {amount}")
        elif (name in _COUNTED or "/" in name) and not quantities.is_whole(amount):
            yield wrong((*at, "hard", name), f"must be a whole number, is {amount}")
    scopes = listing(spec.get("scopes"))
    for pair in _OPPOSITES:
        if set(pair) <= set(scopes):
            yield conflict((*at, "scopes"), f"may not hold both {pair[0]} and {pair[1]}")


def _is_counted(name: str) -> bool:
    if "/" in name:
        return names.is_qualified(name)
    return name in _STANDARD or name.startswith(("hugepages-", "requests.hugepages-"))


RULES = (
    ("core.v1.LimitRangeSpec", limits),
    *(("core.v1.LimitRangeItem", rule) for rule in (limit, resources, ratios)),
    ("core.v1.ResourceQuotaSpec", quota),
)
