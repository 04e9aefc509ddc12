"""Pods, and what they are made from.

Source: Kubernetes `pkg/apis/core/validation`: ValidatePodSpec, ValidateTolerations,
validateTopologySpreadConstraints, validateAffinity. Volumes that are mounted and not there have a
rule of their own.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import at as field
from gitops.check.fields import listing, mapping, text
from gitops.check.schemas import metadata, names
from gitops.check.schemas.problem import (
    Fault,
    Pointer,
    Problem,
    conflict,
    duplicate,
    required,
    wrong,
)
from gitops.check.schemas.strategy import selectors

_NAMESERVERS, _SEARCHES = 3, 32
_ONLY_LONG = ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")


def template(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """Pods get labels and annotations that they can have, and containers from nobody else."""
    yield from metadata.marks(mapping(found.get("metadata")), (*at, "metadata"))
    if field(found, "spec", "ephemeralContainers"):
        way = (*at, "spec", "ephemeralContainers")
        yield conflict(way, "may not be there: only kubectl debug adds such containers")


def containers(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """There are containers, each with a name of its own."""
    if not spec.get("containers"):
        yield required((*at, "containers"))
    known = {text(mapping(each).get("name")) for each in listing(spec.get("containers"))}
    for number, each in enumerate(map(mapping, listing(spec.get("initContainers")))):
        name = text(each.get("name"))
        if name and name in known:
            yield duplicate(
                (*at, "initContainers", number, "name"), f"{name!r} is a container, too"
            )


def prepared(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """What only prepares is not probed."""
    for number, each in enumerate(map(mapping, listing(spec.get("initContainers")))):
        policy, way = each.get("restartPolicy"), (*at, "initContainers", number)
        for name in () if policy == "Always" else _ONLY_LONG:
            if each.get(name) is not None:
                words = "may not be there: the container ends before the others start"
                yield conflict((*way, name), words, "set restartPolicy: Always, or remove it")


def restarted(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """Only a sidecar has a policy of its own: one that prepares, and is always started again."""
    for number, each in enumerate(map(mapping, listing(spec.get("containers")))):
        if each.get("restartPolicy") is not None:
            way = (*at, "containers", number, "restartPolicy")
            yield conflict(way, "may only be there in one of initContainers", "move or remove it")
    for number, each in enumerate(map(mapping, listing(spec.get("initContainers")))):
        if each.get("restartPolicy") in ("Never", "OnFailure"):
            way = (*at, "initContainers", number, "restartPolicy")
            yield Problem(Fault.ENUM, way, f"must be Always; it is {each['restartPolicy']}")


def on_host(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """In the network of the node, a port is the same in the container and on the node; and no two
    containers take one."""
    taken: dict[tuple[object, ...], str] = {}
    for number, container in enumerate(map(mapping, listing(spec.get("containers")))):
        for position, port in enumerate(map(mapping, listing(container.get("ports")))):
            way = (*at, "containers", number, "ports", position, "hostPort")
            own, inside = port.get("hostPort"), port.get("containerPort")
            if spec.get("hostNetwork") is True and own and own != inside:
                yield conflict(way, f"must be {inside} as containerPort, where hostNetwork is true")
            own = own or (inside if spec.get("hostNetwork") is True else None)
            key = (port.get("protocol") or "TCP", port.get("hostIP") or "", own)
            if own and key in taken:
                yield duplicate(way, f"{own} is taken by container {taken[key]}")
            taken.setdefault(key, text(container.get("name")))


def volumes(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """A volume is mounted as a folder or given as a device."""
    for kind in ("initContainers", "containers"):
        for number, container in enumerate(map(mapping, listing(spec.get(kind)))):
            devices = listing(container.get("volumeDevices"))
            given = {text(mapping(each).get("name")) for each in devices}
            for position, each in enumerate(listing(container.get("volumeMounts"))):
                name = text(mapping(each).get("name"))
                if name in given:
                    way = (*at, kind, number, "volumeMounts", position, "name")
                    yield conflict(way, f"{name!r} is one of volumeDevices, too")


def names_of(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """Who asks nobody for names says whom to ask; and not too many."""
    config = mapping(spec.get("dnsConfig"))
    servers, searches = listing(config.get("nameservers")), listing(config.get("searches"))
    if spec.get("dnsPolicy") == "None" and not servers:
        yield required((*at, "dnsConfig", "nameservers"), "where dnsPolicy is None")
    if len(servers) > _NAMESERVERS:
        yield wrong((*at, "dnsConfig", "nameservers"), f"must be {_NAMESERVERS} at most")
    if len(searches) > _SEARCHES:
        yield wrong((*at, "dnsConfig", "searches"), f"must be {_SEARCHES} at most")


def selected(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """Nodes are selected by labels that they can have."""
    yield from metadata.labels(mapping(spec.get("nodeSelector")), (*at, "nodeSelector"))


def processes(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """Processes are shared in the pod or with the node."""
    if spec.get("shareProcessNamespace") is True and spec.get("hostPID") is True:
        yield conflict((*at, "shareProcessNamespace"), "may not be true where hostPID is")


def toleration(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """What is tolerated can be a taint."""
    operator, value = found.get("operator") or "Equal", text(found.get("value"))
    if not found.get("key") and operator != "Exists":
        yield conflict((*at, "operator"), "must be Exists where there is no key", "name the key")
    if found.get("tolerationSeconds") is not None and found.get("effect") != "NoExecute":
        way = (*at, "tolerationSeconds")
        yield conflict(way, "may only be there where effect is NoExecute")
    if operator == "Exists" and value:
        yield conflict((*at, "value"), "may not be there where operator is Exists")
    if operator == "Equal" and value and not names.is_name(value):
        yield wrong((*at, "value"), f"{value!r} is no value of a taint")


def spread(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """Pods are spread once over each kind of place."""
    seen = set()
    for number, each in enumerate(map(mapping, listing(spec.get("topologySpreadConstraints")))):
        way = (*at, "topologySpreadConstraints", number)
        key = (each.get("topologyKey"), each.get("whenUnsatisfiable"))
        if key in seen:
            yield duplicate(way, f"repeats topologyKey and whenUnsatisfiable {key[0]}, {key[1]}")
        seen.add(key)
        if each.get("minDomains") is not None and key[1] != "DoNotSchedule":
            words = "may only be there where whenUnsatisfiable is DoNotSchedule"
            yield conflict((*way, "minDomains"), words)


def requirement(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """What is asked of the label of a node goes with the operator."""
    yield from selectors.requirement(found, at)
    values, operator = listing(found.get("values")), found.get("operator")
    if operator in ("Gt", "Lt") and len(values) != 1:
        yield conflict((*at, "values"), f"must be one value where operator is {operator}")


def place(selector: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """A node that is required is required by some term, and by values that labels can have."""
    if not selector.get("nodeSelectorTerms"):
        yield required((*at, "nodeSelectorTerms"))
    for number, term in enumerate(map(mapping, listing(selector.get("nodeSelectorTerms")))):
        for position, each in enumerate(map(mapping, listing(term.get("matchExpressions")))):
            way = (*at, "nodeSelectorTerms", number, "matchExpressions", position)
            yield from selectors.values(each, way)


RULES = (
    ("node.v1.Scheduling", selected),
    ("core.v1.PodTemplateSpec", template),
    *(
        ("core.v1.PodSpec", rule)
        for rule in (
            *(containers, prepared, on_host, volumes, names_of, selected, processes),
            spread,
        )
    ),
    ("core.v1.Toleration", toleration),
    ("core.v1.NodeSelectorRequirement", requirement),
    ("core.v1.NodeSelector", place),
)

EARLIER = (("core.v1.PodSpec", restarted),)
"""Gate ContainerRestartRules."""
