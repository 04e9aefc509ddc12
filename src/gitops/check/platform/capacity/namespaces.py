"""What namespaces allow: limits of containers, and of all pods together.

Source: Kubernetes, plugin/pkg/admission/limitranger and resourcequota.
"""

from collections.abc import Iterator

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
    """The pods of a namespace are no more than its quota lets be.

    Those of GitHub's runners count as many as there may be at once. Source: ResourceQuota, `pods`
    and `count/pods`; actions.github.com/v1alpha1, AutoscalingRunnerSet, `maxRunners`.
    """
    for owned in facts.of("", "ResourceQuota"):
        hard = mapping(at(facts.body(owned.manifest), "spec", "hard"))
        field = next((name for name in ("pods", "count/pods") if name in hard), "")
        scoped = at(facts.body(owned.manifest), "spec", "scopes") or at(
            facts.body(owned.manifest), "spec", "scopeSelector"
        )
        if not field or scoped:
            continue
        most, found = int(requests.quantity(hard[field])), [*_pods(facts, owned)]
        count = sum(number for number, _ in found)
        if found and count > most:
            _, spot = max(found, key=lambda each: each[0])
            yield spot.error(
                "capacity/quota",
                f"{spot.who} and what is beside it may be {count} pods, and {owned.manifest.id} "
                f"lets {most} be: the others are refused",
                "run fewer, or raise the quota",
                owned,
            )


def _pods(facts: Index, quota: Owned) -> Iterator[tuple[int, Spot]]:
    namespace = quota.manifest.id.namespace
    for template in pods.templates(facts):
        found = template.owner.manifest
        if template.namespace == namespace and found.id.kind in ("Deployment", "StatefulSet"):
            yield template.replicas, Spot(facts, template.owner, ("spec", "replicas"))
    for owned in facts.of("actions.github.com", "AutoscalingRunnerSet"):
        most = at(facts.body(owned.manifest), "spec", "maxRunners")
        if owned.manifest.id.namespace == namespace and isinstance(most, int):
            yield most, Spot(facts, owned, ("spec", "maxRunners"))


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
