"""What namespaces allow: limits of containers, and of all pods together.

Source: Kubernetes, plugin/pkg/admission/limitranger and resourcequota.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec

from gitops.check import operators, pods
from gitops.check.fields import at, listing, mapping
from gitops.check.index import Index, Owned
from gitops.check.platform.capacity import requests
from gitops.check.spot import Spot
from gitops.model.finding import Finding
from gitops.model.origin import Location

Way = tuple[str | int, ...]


def beyond(facts: Index) -> Iterator[Finding]:
    """No container asks for more than the LimitRange of its namespace lets it."""
    ranges = facts.of("", "LimitRange")
    spaces = {each.manifest.id.namespace for each in ranges}
    for template in pods.templates(facts) if ranges else ():
        if template.namespace not in spaces or template.owner.manifest.incomplete == "locked":
            continue
        for owned in ranges:
            if owned.manifest.id.namespace == template.namespace:
                most = _most(facts, owned)
                for way, container in template.containers:
                    limits = mapping(at(container, "resources", "limits"))
                    for name in sorted(limits.keys() & most.keys()):
                        if requests.quantity(limits[name]) > requests.quantity(most[name]):
                            spot = Spot(facts, template.owner, (*way, "resources", "limits", name))
                            yield spot.error(
                                "capacity/limit-range",
                                f"{spot.who} may use {limits[name]} {name}, and "
                                f"{owned.manifest.id} lets a container have {most[name]}: its "
                                "pods are refused",
                                "lower the limit, or raise max",
                                owned,
                            )


def _most(facts: Index, owned: Owned) -> dict[str, object]:
    limits = map(mapping, listing(at(facts.body(owned.manifest), "spec", "limits")))
    found: dict[str, object] = {}
    for limit in limits:
        if limit.get("type") == "Container":
            found |= mapping(limit.get("max"))
    return found


def quotas(facts: Index) -> Iterator[Finding]:
    """The pods of a namespace are no more than its quota lets be, and take no more.

    Those of GitHub's runners count as many as there may be at once. Source: ResourceQuota, `pods`
    and `count/pods`, and `requests` and `limits`, which LimitRanges give those that have none;
    actions.github.com/v1alpha1, AutoscalingRunnerSet, `maxRunners`.
    """
    for owned in facts.of("", "ResourceQuota"):
        spec = mapping(facts.body(owned.manifest).get("spec"))
        hard = mapping(spec.get("hard"))
        if spec.get("scopes") or spec.get("scopeSelector"):
            continue
        found = [*_pods(facts, owned)]
        field = next((name for name in ("pods", "count/pods") if name in hard), "")
        if field:
            yield from _too_many(owned, int(requests.quantity(hard[field])), found)
        for name in sorted(hard.keys() & _COUNTED.keys()):
            yield from _too_much(facts, owned, name, hard[name], found)


_COUNTED = {
    "cpu": ("requests", "cpu"),
    "limits.cpu": ("limits", "cpu"),
    "limits.memory": ("limits", "memory"),
    "memory": ("requests", "memory"),
    "requests.cpu": ("requests", "cpu"),
    "requests.memory": ("requests", "memory"),
}
"""What a quota counts of each container."""


class _Group(msgspec.Struct, frozen=True):
    """Pods that are alike, where their number is said, and what is known of their containers."""

    count: int
    spot: Spot
    spec: dict[str, Any]


def _too_many(quota: Owned, most: int, found: list[_Group]) -> Iterator[Finding]:
    count = sum(each.count for each in found)
    if found and count > most:
        spot = max(found, key=lambda each: each.count).spot
        yield spot.error(
            "capacity/quota",
            f"{spot.who} and what is beside it may be {count} pods, and {quota.manifest.id} "
            f"lets {most} be: the others are refused",
            "run fewer, or raise the quota",
            quota,
        )


def _too_much(
    facts: Index, quota: Owned, name: str, most: object, found: list[_Group]
) -> Iterator[Finding]:
    default = _defaults(facts, quota.manifest.id.namespace)
    amounts = [(each.count * _amount(each.spec, *_COUNTED[name], default), each) for each in found]
    total = sum((amount for amount, _ in amounts), Decimal(0))
    if total > requests.quantity(most) > 0:
        spot = Spot(facts, quota, ("spec", "hard", name))
        largest = max(amounts, key=lambda each: each[0])[1].spot
        yield spot.error(
            "capacity/quota",
            f"{largest.who} and what is beside it may take {_shown(total)} of {name}, and "
            f"{spot.who} lets {most} be taken: the last pods are refused",
            "run fewer, ask for less, or raise the quota",
            largest.owned,
        )


def _shown(total: Decimal) -> str:
    """An amount as a number, in units of 1024 where it is as large."""
    power = next((each for each in (3, 2, 1) if total >= Decimal(1024) ** each), 0)
    number = (total / Decimal(1024) ** power).quantize(Decimal("0.01")).normalize()
    return f"{number:f}{('', 'Ki', 'Mi', 'Gi')[power]}"


def _amount(spec: dict[str, Any], part: str, name: str, default: dict[str, Any]) -> Decimal:
    """What the containers of a pod ask for. A limit is a request where there is none."""
    total = Decimal(0)
    for container in map(mapping, listing(spec.get("containers"))):
        resources = mapping(container.get("resources"))
        own = at(resources, part, name)
        if own is None and part == "requests":
            own = at(resources, "limits", name)
        if own is None:
            own = at(default, part, name)
        total += requests.quantity(own)
    return total


def _defaults(facts: Index, namespace: str) -> dict[str, Any]:
    """What the LimitRanges of a namespace give containers that ask for nothing."""
    found: dict[str, Any] = {"requests": {}, "limits": {}}
    for owned in facts.of("", "LimitRange"):
        if owned.manifest.id.namespace == namespace:
            for each in map(mapping, listing(at(facts.body(owned.manifest), "spec", "limits"))):
                if each.get("type") == "Container":
                    found["limits"] |= mapping(each.get("default"))
                    found["requests"] |= mapping(each.get("defaultRequest"))
    return found


def _pods(facts: Index, quota: Owned) -> Iterator[_Group]:
    namespace = quota.manifest.id.namespace
    for template in pods.templates(facts):
        found = template.owner.manifest
        if template.namespace == namespace and found.id.kind in ("Deployment", "StatefulSet"):
            spot = Spot(facts, template.owner, ("spec", "replicas"))
            known = template.spec if found.incomplete != "locked" else {}
            yield _Group(template.replicas, spot, known)
    for owned in facts.of("actions.github.com", "AutoscalingRunnerSet"):
        spec = mapping(facts.body(owned.manifest).get("spec"))
        most = spec.get("maxRunners")
        if owned.manifest.id.namespace == namespace and isinstance(most, int):
            spot = Spot(facts, owned, ("spec", "maxRunners"))
            yield _Group(most, spot, mapping(at(spec, "template", "spec")))


_TELLING = ("memory", "ephemeral-storage", "storage")
_LEAST = 1024 * 1024


def tiny(facts: Index) -> Iterator[Finding]:
    """Memory is counted in bytes: `128m` is an eighth of one.

    Source: Kubernetes, Resource Management for Pods and Containers, "Pay attention to the case of
    the suffixes". No program runs in less than a mebibyte.
    """
    for template in pods.templates(facts):
        for way, container in template.containers:
            yield from _tiny(facts, template.owner, (*way, "resources"), container.get("resources"))
    for owned in facts.of("", "PersistentVolumeClaim"):
        resources = at(facts.body(owned.manifest), "spec", "resources")
        yield from _tiny(facts, owned, ("spec", "resources"), resources)


def _tiny(facts: Index, owned: Owned, way: Way, resources: object) -> Iterator[Finding]:
    for part in ("requests", "limits"):
        for name, given in mapping(mapping(resources).get(part)).items():
            asked = requests.quantity(given)
            if name in _TELLING and 0 < asked < _LEAST:
                spot = _cause(facts, owned, (*way, part, name), given)
                yield spot.error(
                    "capacity/thousandths",
                    f"{spot.who}: {part} of {name} is {given}, which is {asked:f} bytes",
                    "write Mi or Gi after the number",
                )


def _cause(facts: Index, owned: Owned, way: Way, given: object) -> Spot:
    """The field that says it: of what a controller makes, that of the object it makes it of."""
    if owned.manifest.incomplete != operators.MADE:
        return Spot(facts, owned, way)
    cause = facts.view(_by_place).get(owned.manifest.origin.source, owned)
    ways = _ways(facts.body(cause.manifest), way[-2:], given, ())
    return Spot(facts, cause, next(ways, ()))


def _by_place(facts: Index) -> dict[Location, Owned]:
    return {found[0].manifest.origin.source: found[0] for found in facts.owned.values()}


def _ways(body: object, wanted: Way, given: object, way: Way) -> Iterator[Way]:
    """The ways that end like the one wanted and lead to what is given."""
    if at(body, *wanted) == given:
        yield (*way, *wanted)
    inside = body.items() if isinstance(body, dict) else enumerate(listing(body))
    for key, value in inside:
        yield from _ways(value, wanted, given, (*way, key))


RULES = (beyond, quotas, tiny)
