"""Ingresses and policies of networks.

Source: Kubernetes `pkg/apis/networking/validation`.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import listing, mapping, text
from gitops.check.schemas import addresses, names
from gitops.check.schemas.problem import Pointer, Problem, conflict, required, wrong
from gitops.check.schemas.strategy import ports, unions

_FORBIDDEN = ("//", "/./", "/../", "%2f", "%2F")
_FORBIDDEN_ENDS = ("/..", "/.")


def ingress(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """There is something to do with requests, for hosts that have DNS names."""
    rules = listing(spec.get("rules"))
    if not rules and spec.get("defaultBackend") is None:
        yield conflict(at, "must have rules or defaultBackend")
    for number, rule in enumerate(map(mapping, rules)):
        host = text(rule.get("host"))
        if host and not _is_host(host):
            yield wrong((*at, "rules", number, "host"), f"{host!r} is no DNS name")
    for number, tls in enumerate(map(mapping, listing(spec.get("tls")))):
        for position, host in enumerate(map(text, listing(tls.get("hosts")))):
            if not (names.is_wildcard(host) if "*" in host else names.is_subdomain(host)):
                way = (*at, "tls", number, "hosts", position)
                yield wrong(way, f"{host!r} is no DNS name")


def _is_host(host: str) -> bool:
    if "*" in host:
        return names.is_wildcard(host)
    return names.is_subdomain(host) and not addresses.is_address(host)


def paths(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """There are paths."""
    if not found.get("paths"):
        yield required((*at, "paths"))


def path(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """A path begins at the root, and is written the shortest way."""
    way, kind = text(found.get("path")), found.get("pathType")
    if kind in ("Exact", "Prefix"):
        if not way.startswith("/"):
            yield wrong((*at, "path"), f"must begin with / where pathType is {kind}")
        elif any(each in way for each in _FORBIDDEN) or way.endswith(_FORBIDDEN_ENDS):
            words = ", ".join(_FORBIDDEN)
            yield wrong((*at, "path"), f"may not hold {words} where pathType is {kind}")
    elif kind == "ImplementationSpecific" and way and not way.startswith("/"):
        yield wrong((*at, "path"), "must begin with /")


def backend(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """Requests go to a port of a Service, or to some other object."""
    yield from unions.one(found, at, ("service", "resource"))
    if found.get("service") is not None and found.get("resource") is None:
        port = mapping(mapping(found["service"]).get("port"))
        if port.get("name") and port.get("number"):
            yield conflict((*at, "service", "port"), "may not have both name and number")
        if not port.get("name") and not port.get("number"):
            yield required((*at, "service", "port"))
    for name in ("kind", "name") if found.get("resource") is not None else ():
        value = text(mapping(found["resource"]).get(name))
        if not value or not names.is_path_segment(value):
            yield wrong((*at, "resource", name), f"{value!r} is no {name} of an object")


def port(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """A range of ports has a number at both ends."""
    first, last = found.get("port"), found.get("endPort")
    yield from ports.either(first, (*at, "port"))
    if last is None:
        return
    if not isinstance(first, int):
        yield conflict((*at, "endPort"), "may only be there where port is a number")
    elif last < first:
        yield conflict((*at, "endPort"), f"must be at least {first} as port, is {last}")


def peer(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """Who is allowed is named by address or by labels."""
    there = [n for n in ("podSelector", "namespaceSelector") if found.get(n) is not None]
    block = found.get("ipBlock")
    if block is None and not there:
        yield conflict(at, "must have one of ipBlock, namespaceSelector, podSelector")
    if block is not None and there:
        yield conflict((*at, "ipBlock"), f"may not be there beside {there[0]}", "make two peers")


def block(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """What is left out is a part of the network."""
    whole = addresses.network(text(found.get("cidr")))
    for number, each in enumerate(listing(found.get("except"))):
        part = addresses.network(text(each))
        if part and whole and not addresses.is_inside(part, whole):
            yield conflict((*at, "except", number), f"must be a part of {found['cidr']}")


RULES = (
    ("networking.v1.IngressSpec", ingress),
    ("networking.v1.HTTPIngressRuleValue", paths),
    ("networking.v1.HTTPIngressPath", path),
    ("networking.v1.IngressBackend", backend),
    ("networking.v1.NetworkPolicyPort", port),
    ("networking.v1.NetworkPolicyPeer", peer),
    ("networking.v1.IPBlock", block),
)
