"""Containers, their probes, variables, mounts and rights.

Source: Kubernetes `pkg/apis/core/validation`: validateContainerCommon, validateProbe,
validateHandler, ValidateEnv, ValidateVolumeMounts, ValidateSecurityContext,
validateResourceRequirements. What containers request and may use is compared elsewhere.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import at as field
from gitops.check.fields import listing, mapping, text
from gitops.check.schemas import names
from gitops.check.schemas.problem import Pointer, Problem, conflict, duplicate, required, wrong
from gitops.check.schemas.strategy import ports as numbers
from gitops.check.schemas.strategy import quantities, unions

_OF_PROBES = ("exec", "httpGet", "tcpSocket", "grpc")
_OF_LIFECYCLE = ("exec", "httpGet", "tcpSocket", "sleep")
_SOURCES = ("configMapKeyRef", "fieldRef", "resourceFieldRef", "secretKeyRef", "fileKeyRef")
_STANDARD = ("cpu", "memory", "ephemeral-storage")


def ports(container: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """Each name of a port is there once."""
    seen = set()
    for number, port in enumerate(map(mapping, listing(container.get("ports")))):
        name = text(port.get("name"))
        if name and name in seen:
            yield duplicate((*at, "ports", number, "name"), f"repeats {name!r} of another port")
        seen.add(name)


def probes(container: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """Only readiness may take several successes, and it ends no container."""
    for name in ("livenessProbe", "startupProbe"):
        if (field(container, name, "successThreshold") or 1) != 1:
            yield wrong((*at, name, "successThreshold"), f"must be 1 for a {name}")
    if field(container, "readinessProbe", "terminationGracePeriodSeconds") is not None:
        way = (*at, "readinessProbe", "terminationGracePeriodSeconds")
        yield conflict(way, "may not be there: a readinessProbe ends no container", "remove it")


def mounts(container: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """What is mounted both ways needs a privileged container."""
    privileged = field(container, "securityContext", "privileged") is True
    for number, mount in enumerate(map(mapping, listing(container.get("volumeMounts")))):
        if mount.get("mountPropagation") == "Bidirectional" and not privileged:
            way = (*at, "volumeMounts", number, "mountPropagation")
            yield conflict(way, "may only be Bidirectional where the container is privileged")


def path(mount: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """A part of a volume is below it, and named one way."""
    for name in ("subPath", "subPathExpr"):
        found = text(mount.get(name))
        if found.startswith("/") or ".." in found.split("/"):
            yield wrong((*at, name), f"must be a path below the volume, without .., is {found!r}")
    if mount.get("subPath") and mount.get("subPathExpr"):
        yield conflict((*at, "subPathExpr"), "may not be there beside subPath", "keep one of them")


def variable(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """A variable has a value or comes from one place."""
    if found.get("valueFrom") is not None:
        yield from unions.one(mapping(found["valueFrom"]), (*at, "valueFrom"), _SOURCES)
        if found.get("value"):
            words = "may not be there beside value"
            yield conflict((*at, "valueFrom"), words, "keep one of the two")


def variables(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """Many variables come from one place."""
    yield from unions.one(found, at, ("configMapRef", "secretRef"))


def probe(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """A probe asks in one way."""
    yield from unions.one(found, at, _OF_PROBES)


def lifecycle(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """What is done at the start or the end is one thing."""
    for name in ("postStart", "preStop"):
        if found.get(name) is not None:
            yield from unions.one(mapping(found[name]), (*at, name), _OF_LIFECYCLE)


def command(action: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """There is something to execute."""
    if not action.get("command"):
        yield required((*at, "command"))


def port(action: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """What is called is a port."""
    yield from numbers.either(action.get("port"), (*at, "port"))


def rights(context: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """Whoever may do everything cannot be kept from getting more rights."""
    if context.get("allowPrivilegeEscalation") is not False:
        return
    way = (*at, "allowPrivilegeEscalation")
    if context.get("privileged") is True:
        yield conflict(way, "may not be false where privileged is true", "change one of the two")
    if "CAP_SYS_ADMIN" in listing(field(context, "capabilities", "add")):
        yield conflict(way, "may not be false where the capability CAP_SYS_ADMIN is added")


def profile(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """A profile of the node, and none else, has a name."""
    local, name = found.get("type") == "Localhost", found.get("localhostProfile")
    if local and name is None:
        yield required((*at, "localhostProfile"), "where type is Localhost")
    if not local and name is not None:
        yield conflict((*at, "localhostProfile"), "may only be there where type is Localhost")


def resources(container: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """What is requested or limited is a resource, and what is counted is."""
    found = mapping(container.get("resources"))
    if found:
        yield from _amounts(found, (*at, "resources"))
        yield from _devices(found, (*at, "resources"))


def _amounts(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    for half in ("limits", "requests"):
        for name, amount in mapping(found.get(half)).items():
            if not is_resource(name):
                what = "cpu, memory, ephemeral-storage, hugepages-… or vendor.example.org/name"
                yield wrong((*at, half, name), f"{name!r} is no resource of a container: {what}")
            if str(amount).startswith("-"):
                yield wrong((*at, half, name), f"must not be less than 0, is {amount}")
            elif _is_counted(name) and not quantities.is_whole(amount):
                yield wrong((*at, half, name), f"must be a whole number, is {amount}")


def _devices(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """What cannot be shared is requested as it is limited."""
    limits = mapping(found.get("limits"))
    for name, amount in mapping(found.get("requests")).items():
        if _is_counted(name) or name.startswith("hugepages-"):
            if name not in limits:
                yield required((*at, "limits", name), "as it is requested, and cannot be shared")
            elif quantities.parse(amount) < quantities.parse(limits[name]):
                words = f"must be {limits[name]} as its limit, is {amount}"
                yield conflict((*at, "requests", name), words)


def is_resource(name: str) -> bool:
    """Whether containers can have it."""
    if "/" not in name:
        return name in _STANDARD or name.startswith("hugepages-")
    return names.is_qualified(name) and not name.startswith("requests.")


def _is_counted(name: str) -> bool:
    """Resources of vendors are counted in whole numbers."""
    return "/" in name and "kubernetes.io/" not in name


RULES = (
    *(("core.v1.Container", rule) for rule in (ports, probes, mounts, resources)),
    ("core.v1.VolumeMount", path),
    ("core.v1.EnvVar", variable),
    ("core.v1.EnvFromSource", variables),
    ("core.v1.Probe", probe),
    ("core.v1.Lifecycle", lifecycle),
    ("core.v1.ExecAction", command),
    ("core.v1.HTTPGetAction", port),
    ("core.v1.TCPSocketAction", port),
    ("core.v1.SecurityContext", rights),
    ("core.v1.SeccompProfile", profile),
    ("core.v1.AppArmorProfile", profile),
)
