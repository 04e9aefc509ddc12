"""Ingresses and policies of networks.

Source: Kubernetes `pkg/apis/networking/validation`.
"""

import ipaddress
from collections.abc import Iterator
from typing import Any

from gitops.check.fields import listing, mapping, text
from gitops.check.schemas import names
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
        for position, host in enumerate(listing(tls.get("hosts"))):
            if not (names.is_wildcard(host) if "*" in host else names.is_subdomain(host)):
                way = (*at, "tls", number, "hosts", position)
                yield wrong(way, f"{host!r} is no DNS name")


def _is_host(host: str) -> bool:
    if "*" in host:
        return names.is_wildcard(host)
    parts = host.split(".")
    is_address = len(parts) == 4 and all(part.isdecimal() and int(part) < 256 for part in parts)
    return names.is_subdomain(host) and not is_address


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
    whole = _network(found.get("cidr"))
    if whole is None:
        yield wrong((*at, "cidr"), f"{found.get('cidr')!r} is no network")
    for number, each in enumerate(listing(found.get("except"))):
        part = _network(each)
        if part is None:
            yield wrong((*at, "except", number), f"{each!r} is no network")
        elif whole is not None and not _is_inside(part, whole):
            yield conflict((*at, "except", number), f"must be a part of {found.get('cidr')}")


_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _network(text: object) -> _Network | None:
    """Go's net.ParseCIDR, which takes numbers that begin with zeros here."""
    address, slash, length = str(text).partition("/")
    if not slash or not length.isdecimal() or "%" in address:
        return None
    parts = address.split(".")
    if len(parts) == 4 and all(part.isdecimal() for part in parts):
        address = ".".join(str(int(part)) for part in parts)
    try:
        return ipaddress.ip_network(f"{address}/{length}", strict=False)
    except ValueError:
        return None


def _is_inside(part: _Network, whole: _Network) -> bool:
    if part.version != whole.version or part.prefixlen <= whole.prefixlen:
        return False
    return part.network_address in whole


RULES = (
    ("networking.v1.IngressSpec", ingress),
    ("networking.v1.HTTPIngressRuleValue", paths),
    ("networking.v1.HTTPIngressPath", path),
    ("networking.v1.IngressBackend", backend),
    ("networking.v1.NetworkPolicyPort", port),
    ("networking.v1.NetworkPolicyPeer", peer),
    ("networking.v1.IPBlock", block),
)
