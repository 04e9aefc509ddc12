"""Where pods may run, and before which others.

Source: the admission plugins Priority and RuntimeClass refuse pods that name a class which does not
exist; the scheduler counts only pods that a constraint or a term selects.
"""

import re
from collections.abc import Iterable, Iterator

from gitops.check import operators, selectors
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index
from gitops.check.pods import Template
from gitops.check.spot import Spot
from gitops.check.wiring import custom
from gitops.check.wiring.presence import Presence, doubtful
from gitops.check.wiring.templates import Templates
from gitops.model.finding import Finding

Way = tuple[str | int, ...]


def priorities(facts: Index) -> Iterator[Finding]:
    """Every PriorityClass that pods or custom resources name exists."""
    kind = ("scheduling.k8s.io", "PriorityClass")
    named = (
        *_named(facts, "priorityClassName"),
        *custom.named(facts, ("priorityClassName",), b"riorityClassName"),
    )
    yield from _classes(facts, named, kind, "pod/priority-missing")


def runtimes(facts: Index) -> Iterator[Finding]:
    """Every RuntimeClass that pods name exists."""
    named = _named(facts, "runtimeClassName")
    yield from _classes(facts, named, ("node.k8s.io", "RuntimeClass"), "pod/runtime-missing")


def _named(facts: Index, field: str) -> Iterator[tuple[Spot, str]]:
    for each in facts.view(Templates).applied:
        if name := text(each.spec.get(field)):
            yield Spot(facts, each.owner, (*each.pointer, "spec", field)), name


def _classes(
    facts: Index, named: Iterable[tuple[Spot, str]], kind: tuple[str, str], rule: str
) -> Iterator[Finding]:
    presence = facts.view(Presence)
    for spot, name in named:
        key = (*kind, "", name)
        if not presence.has(key):
            message = f"{spot.who} names {kind[1]} {name!r}, which does not exist: no pod is made"
            hint = f"add the {kind[1]}, or correct the name"
            yield presence.absent(rule, spot, key, message, hint)


def volumes(facts: Index) -> Iterator[Finding]:
    """Every volume that a container mounts is one of its pod, as the API server demands."""
    for each in facts.view(Templates).applied:
        claimed = listing(at(each.body, "spec", "volumeClaimTemplates"))
        held = [
            *listing(each.spec.get("volumes")),
            *(mapping(it).get("metadata") for it in claimed),
        ]
        names = {text(mapping(volume).get("name")) for volume in held}
        for way, container in each.containers:
            for position, mount in enumerate(listing(container.get("volumeMounts"))):
                name = text(mapping(mount).get("name"))
                if name and name not in names:
                    spot = Spot(facts, each.owner, (*way, "volumeMounts", position, "name"))
                    yield spot.error(
                        "pod/volume-missing",
                        f"{spot.who} mounts the volume {name!r}, which its pods do not have: "
                        "Kubernetes refuses it",
                        f"there is {', '.join(sorted(names)) or 'none'}",
                    )


_FIELD = re.compile(
    r"metadata\.(name|namespace|uid|labels|annotations)(\['[^']+'\])?"
    r"|spec\.(nodeName|serviceAccountName)|status\.(hostIPs?|podIPs?)"
)
"""Source: Kubernetes, pkg/apis/core/validation, validEnvDownwardAPIFieldPathExpressions."""


def variables(facts: Index) -> Iterator[Finding]:
    """Every variable that is a field of the pod is one that the API server knows."""
    for each in facts.view(Templates).applied:
        for way, container in each.containers:
            for position, variable in enumerate(listing(container.get("env"))):
                path = text(at(variable, "valueFrom", "fieldRef", "fieldPath"))
                if path and not _FIELD.fullmatch(path):
                    field = ("env", position, "valueFrom", "fieldRef", "fieldPath")
                    spot = Spot(facts, each.owner, (*way, *field))
                    yield spot.error(
                        "pod/field-path",
                        f"{spot.who} sets a variable to {path}, which no pod has: "
                        "Kubernetes refuses it",
                        "use a field such as metadata.name, spec.nodeName or status.hostIP",
                    )


def spread(facts: Index) -> Iterator[Finding]:
    """A constraint that spreads pods counts those that it stands in."""
    for each in facts.view(Templates).all:
        constraints = listing(each.spec.get("topologySpreadConstraints"))
        for position, constraint in enumerate(map(mapping, constraints)):
            selector = constraint.get("labelSelector")
            if selector and not selectors.matches(selector, each.labels):
                way: Way = (*each.pointer, "spec", "topologySpreadConstraints", position)
                spot = Spot(facts, each.owner, (*way, "labelSelector"))
                yield spot.warning(
                    "pod/spread-misses-itself",
                    f"{spot.who} spreads pods that it does not make: its own have other labels",
                    "select the labels of its own pods",
                )


def together(facts: Index) -> Iterator[Finding]:
    """What pods must run beside exists: they wait for it for ever."""
    presence = facts.view(Presence)
    for each in facts.view(Templates).applied:
        required = at(
            each.spec, "affinity", "podAffinity", "requiredDuringSchedulingIgnoredDuringExecution"
        )
        for position, term in enumerate(map(mapping, listing(required))):
            selector = mapping(term.get("labelSelector"))
            places = [text(place) for place in listing(term.get("namespaces"))] or [each.namespace]
            if term.get("namespaceSelector") is None and not _any(facts, places, selector):
                spot = Spot(facts, each.owner, _term(each, position))
                yield doubtful(
                    "pod/affinity-to-nothing",
                    spot,
                    [hider for place in places for hider in presence.makers(place)],
                    f"{spot.who} must run beside pods that nothing makes: it never runs",
                    "correct the selector, or remove the term",
                )


def _term(each: Template, position: int) -> Way:
    way = ("affinity", "podAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
    return (*each.pointer, "spec", *way, position)


def _any(facts: Index, places: list[str], selector: dict[str, object]) -> bool:
    within = facts.view(Templates).within
    return any(
        selectors.matches(selector, each.labels)
        for place in places
        for each in within.get(place, ())
    )


def probes(facts: Index) -> Iterator[Finding]:
    """A probe that names a port names one of its own container."""
    for each in facts.view(Templates).applied:
        if each.owner.manifest.incomplete in (operators.MADE, "locked"):
            continue
        for way, container in each.containers:
            ports = {mapping(port).get("name") for port in listing(container.get("ports"))}
            for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
                for action in ("httpGet", "tcpSocket"):
                    port = at(container, probe, action, "port")
                    if isinstance(port, str) and not port.isdigit() and port not in ports:
                        spot = Spot(facts, each.owner, (*way, probe, action, "port"))
                        known = ", ".join(sorted(str(name) for name in ports if name)) or "none"
                        yield spot.error(
                            "pod/probe-port",
                            f"{spot.who}: {probe} of {container.get('name')} asks port {port!r}, "
                            f"its ports are {known}: the probe always fails",
                            "use a port that the container declares, or a number",
                        )
