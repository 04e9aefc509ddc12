"""Addresses that stand behind a Service, where somebody writes them.

Source: Kubernetes `pkg/apis/core/validation`, validateEndpointSubsets, and
`pkg/apis/discovery/validation`.
"""

import ipaddress
from collections.abc import Iterator
from typing import Any

from gitops.check.fields import listing, mapping, text
from gitops.check.schemas import addresses
from gitops.check.schemas.problem import Pointer, Problem, conflict, duplicate, required, wrong

_FAMILIES = {"IPv4": 4, "IPv6": 6}


def subset(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """There is some address; and of several ports, each has a name."""
    if not found.get("addresses") and not found.get("notReadyAddresses"):
        yield conflict(at, "must have one of addresses, notReadyAddresses")
    ports = listing(found.get("ports"))
    for number, port in enumerate(map(mapping, ports)):
        if len(ports) > 1 and not port.get("name"):
            yield required((*at, "ports", number, "name"), "where there are several ports")


def address(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """It is one that a pod of another node can reach."""
    yield from _reachable(text(found.get("ip")), (*at, "ip"))


def piece(body: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """Addresses are of the family that is named, and names of ports differ."""
    family, seen = _FAMILIES.get(text(body.get("addressType"))), set()
    for number, endpoint in enumerate(map(mapping, listing(body.get("endpoints")))):
        way = (*at, "endpoints", number, "addresses")
        if not endpoint.get("addresses"):
            yield required(way)
        for position, each in enumerate(listing(endpoint.get("addresses"))):
            if family:
                yield from _of_family(text(each), family, (*way, position))
    for number, port in enumerate(map(mapping, listing(body.get("ports")))):
        name = text(port.get("name"))
        if name in seen:
            yield duplicate((*at, "ports", number, "name"), f"repeats {name!r} of another port")
        seen.add(name)


def _of_family(found: str, family: int, at: Pointer) -> Iterator[Problem]:
    if not addresses.is_address(found) or (":" in found) is (family == 4):
        yield wrong(at, f"{found!r} is no address of IPv{family}")
    else:
        yield from _reachable(found, at)


def _reachable(found: str, at: Pointer) -> Iterator[Problem]:
    try:
        read = ipaddress.ip_address(found)
    except ValueError:
        return
    if read.is_unspecified or read.is_loopback or read.is_link_local:
        yield wrong(at, f"{found} is an address that each node has for itself")


RULES = (
    ("core.v1.EndpointSubset", subset),
    ("core.v1.EndpointAddress", address),
    ("discovery.v1.EndpointSlice", piece),
)
