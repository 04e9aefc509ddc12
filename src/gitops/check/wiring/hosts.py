"""Names of Services in the texts of objects: URLs of data sources, hosts of databases.

Source: Kubernetes, DNS for Services and Pods: `<service>.<namespace>.svc.<cluster domain>`.
"""

import re
from collections.abc import Iterator

from gitops.check import pods
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.pods import Template
from gitops.check.spot import Spot
from gitops.check.wiring import near
from gitops.check.wiring.presence import Presence
from gitops.model.finding import Finding, Severity

_HOST = re.compile(
    r"(?<![a-z0-9*_{}$%-])([a-z0-9]([-a-z0-9]*[a-z0-9])?)\.([a-z0-9]([-a-z0-9]*[a-z0-9])?)"
    r"\.svc(?:\.cluster\.local\.?)?(?![-a-z0-9.])(?::(\d+))?"
)
_SHORT = re.compile(r"(?:[a-z][a-z0-9+]*://)?([a-z](?:[-a-z0-9]*[a-z0-9])?):(\d{2,5})(?:/\S*)?")
_HOSTLY = re.compile(r"ADDR|BOOTSTRAP|BROKER|ENDPOINT|HOST|SERVER|URL")
"""Variables that hold the address of somebody, by their names."""
_MARK = b".svc"
_SILENT = frozenset({"Certificate", "CustomResourceDefinition", "Secret", "ConfigMap"})
"""Kinds whose texts name more than what somebody calls: names for certificates, files of others."""


def unknown(facts: Index) -> Iterator[Finding]:
    """Every host of a Service of this cluster, in what somebody wrote here, is that of a Service
    that exists, and every port beside it one that the Service has."""
    presence = facts.view(Presence)
    for owned in _written(facts):
        seen = set()
        for way, value in _texts(facts.body(owned.manifest).get("spec"), ("spec",)):
            for found in _HOST.finditer(value):
                name, namespace, port = found[1], found[3], found[5]
                if (name, namespace, port) not in seen and _is_ours(facts, name, namespace):
                    seen.add((name, namespace, port))
                    yield from _told(facts, presence, Spot(facts, owned, way), found)


def short(facts: Index) -> Iterator[Finding]:
    """A Service of the own namespace that the environment of a container names by its name alone,
    as in `cache:6379`, is there, and has that port."""
    for template in facts.view(_written_pods):
        for way, container in template.containers:
            for position, each in enumerate(listing(container.get("env"))):
                variable = mapping(each)
                found = _SHORT.fullmatch(text(variable.get("value")))
                if found and found[1] != "localhost":
                    spot = Spot(facts, template.owner, (*way, "env", position, "value"))
                    is_host = "://" in found[0] or bool(_HOSTLY.search(str(variable.get("name"))))
                    yield from _short_told(facts, spot, found, is_host=is_host)


def _short_told(
    facts: Index, spot: Spot, found: "re.Match[str]", *, is_host: bool
) -> Iterator[Finding]:
    namespace = spot.owned.manifest.id.namespace
    key = ("", "Service", namespace, found[1])
    presence, service = facts.view(Presence), facts.find(*key)
    if service:
        yield from _port_told(facts, spot, found[0], found[2], service)
    elif is_host and not presence.has(key):
        message = f"{spot.who} calls {found[0]}, and there is no Service/{namespace}/{found[1]}"
        hint = "correct the host, or add the Service"
        yield presence.absent("service/host-missing", spot, key, message, hint, Severity.WARNING)


def _written_pods(facts: Index) -> tuple[Template, ...]:
    """The pods that stand in the repository themselves."""
    return tuple(
        each
        for each in pods.templates(facts)
        if each.owner.unit.id.kind != "HelmRelease" and not each.owner.manifest.incomplete
    )


def _is_ours(facts: Index, name: str, namespace: str) -> bool:
    """Whether the namespace is of this cluster, or should be: one has the Service and nearly the
    name."""
    if namespace in facts.namespaces:
        return True
    places = {
        each.manifest.id.namespace
        for each in facts.of("", "Service")
        if each.manifest.id.name == name
    }
    return bool(near.best(namespace, sorted(places)))


def _told(
    facts: Index, presence: Presence, spot: Spot, found: "re.Match[str]"
) -> Iterator[Finding]:
    name, namespace, port = found[1], found[3], found[5]
    key = ("", "Service", namespace, name)
    if not presence.has(key):
        caller = spot.owned.manifest.id
        if caller.kind == "HelmRelease" and caller in presence.hiders(key):
            # A release whose objects are not known calls itself more often than others.
            return
        message = f"{spot.who} calls {found[0]}, and there is no Service/{namespace}/{name}"
        hint = "correct the host, or add the Service"
        yield presence.absent("service/host-missing", spot, key, message, hint, Severity.WARNING)
        return
    service = facts.find(*key)
    if port and service:
        yield from _port_told(facts, spot, found[0], port, service)


def _port_told(
    facts: Index, spot: Spot, called: str, port: str, service: Owned
) -> Iterator[Finding]:
    ports = _ports(facts, service)
    if ports and port not in ports:
        yield spot.warning(
            "service/host-port",
            f"{spot.who} calls {called}, and {service.manifest.id} has port "
            f"{', '.join(sorted(ports))}",
            "use a port of the Service",
            service,
        )


def _ports(facts: Index, service: Owned) -> set[str]:
    body = facts.body(service.manifest)
    return {str(mapping(each).get("port")) for each in listing(at(body, "spec", "ports"))}


def _written(facts: Index) -> Iterator[Owned]:
    """What stands in the repository, values of releases included; not what charts make of it."""
    for owners in facts.owned.values():
        found = owners[0]
        of_chart = found.unit.id.kind == "HelmRelease"
        if not of_chart and found.manifest.id.kind not in _SILENT and _MARK in found.manifest.raw:
            yield found


def _texts(
    value: object, way: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    match value:
        case str() if ".svc" in value:
            yield way, value
        case list():
            for position, each in enumerate(value):
                yield from _texts(each, (*way, position))
        case dict():
            for field, each in value.items():
                yield from _texts(each, (*way, field))
