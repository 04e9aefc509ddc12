"""Services.

Source: Kubernetes `pkg/apis/core/validation`, ValidateService. What a type does not have is removed
without a word only where the type changes (`pkg/registry/core/service/strategy.go`).
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import listing, mapping, text
from gitops.check.schemas import addresses, metadata, names
from gitops.check.schemas.problem import Pointer, Problem, conflict, duplicate, required, wrong
from gitops.check.schemas.strategy import ports as numbers


def kind(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """What goes with the type of the Service."""
    found = text(spec.get("type")) or "ClusterIP"
    headless = spec.get("clusterIP") == "None"
    if headless and found in ("LoadBalancer", "NodePort"):
        yield conflict((*at, "clusterIP"), f"may not be None where type is {found}")
    if found == "ExternalName":
        yield from _external(spec, at)
    elif not headless and not spec.get("ports"):
        yield required((*at, "ports"))
    if found != "LoadBalancer":
        for name in ("allocateLoadBalancerNodePorts", "loadBalancerClass"):
            if spec.get(name) is not None:
                yield conflict((*at, name), "may only be there where type is LoadBalancer")
        if spec.get("loadBalancerSourceRanges"):
            way = (*at, "loadBalancerSourceRanges")
            yield conflict(way, "may only be there where type is LoadBalancer")


def _external(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    name = text(spec.get("externalName")).removesuffix(".")
    if not name:
        yield required((*at, "externalName"), "where type is ExternalName")
    elif not names.is_subdomain(name):
        yield wrong((*at, "externalName"), f"{name!r} is no DNS name")
    for each in ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"):
        if spec.get(each):
            yield conflict((*at, each), "may not be there where type is ExternalName")


def traffic(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """Only what is reached from outside says how."""
    outside = spec.get("type") in ("LoadBalancer", "NodePort") or bool(spec.get("externalIPs"))
    if spec.get("externalTrafficPolicy") and not outside:
        words = "may only be there where type is LoadBalancer or NodePort"
        yield conflict((*at, "externalTrafficPolicy"), words)
    local = spec.get("externalTrafficPolicy") == "Local"
    if spec.get("healthCheckNodePort") and not (spec.get("type") == "LoadBalancer" and local):
        words = "may only be there where type is LoadBalancer and externalTrafficPolicy is Local"
        yield conflict((*at, "healthCheckNodePort"), words)


def ports(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """Several ports have names, each its own; and no port of a node is taken twice."""
    found = [mapping(each) for each in listing(spec.get("ports"))]
    seen, taken = set(), set()
    for number, port in enumerate(found):
        way, name = (*at, "ports", number), text(port.get("name"))
        if not name and len(found) > 1:
            yield required((*way, "name"), "where there are several ports")
        if name and name in seen:
            yield duplicate((*way, "name"), f"repeats {name!r} of another port")
        seen.add(name)
        yield from numbers.either(port.get("targetPort") or None, (*way, "targetPort"))
        outside = port.get("nodePort")
        if outside and (text(spec.get("type")) or "ClusterIP") == "ClusterIP":
            yield conflict((*way, "nodePort"), "may not be there where type is ClusterIP")
        key = (port.get("protocol") or "TCP", outside)
        if outside and key in taken:
            yield duplicate((*way, "nodePort"), f"repeats {outside} of another port")
        taken.add(key)


def cluster_addresses(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """Addresses are such, and both ways to name those of the cluster agree."""
    own, whole = text(spec.get("clusterIP")), listing(spec.get("clusterIPs"))
    if own not in ("", "None") and not addresses.is_address(own):
        yield wrong((*at, "clusterIP"), f"{own!r} is no address")
    if whole and not own:
        yield conflict((*at, "clusterIPs"), "may only be there beside clusterIP")
    if own and whole and whole[0] != own:
        yield conflict((*at, "clusterIPs"), f"must begin with {own} as clusterIP")
    if len(whole) > 2 or ("None" in whole and len(whole) > 1):
        yield conflict((*at, "clusterIPs"), "may be one address of each family, or None alone")
    families = listing(spec.get("ipFamilies"))
    if len(families) > len(set(families)):
        yield duplicate((*at, "ipFamilies"), "names a family twice")


def selector(spec: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """Pods are selected by labels that they can have."""
    yield from metadata.labels(mapping(spec.get("selector")), (*at, "selector"))


RULES = tuple(
    ("core.v1.ServiceSpec", rule) for rule in (kind, traffic, ports, cluster_addresses, selector)
)
