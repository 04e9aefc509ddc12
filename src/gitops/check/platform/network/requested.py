"""Addresses that Services and Gateways ask for by name."""

from collections.abc import Iterator
from typing import Any

import msgspec

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.operators import MADE
from gitops.check.platform.network import ranges
from gitops.check.platform.network.ranges import Address

_CILIUM = ("lbipam.cilium.io/ips", "io.cilium/lb-ipam-ips")
_METALLB = ("metallb.io/loadBalancerIPs", "metallb.universe.tf/loadBalancerIPs")
_SHARED = (
    *("lbipam.cilium.io/sharing-key", "io.cilium/lb-ipam-sharing-key"),
    *("metallb.io/allow-shared-ip", "metallb.universe.tf/allow-shared-ip"),
)
"""Annotations by which several Services may have one address."""


class Request(msgspec.Struct, frozen=True):
    """An address that an object asks for; `way` leads to where it does."""

    owned: Owned
    address: Address
    way: tuple[str | int, ...]
    labels: dict[str, Any]
    shared: str = ""


def of(facts: Index) -> tuple[Request, ...]:
    """All requests of a cluster. The Services of Gateways ask for what their Gateway does."""
    return (*_services(facts), *_gateways(facts))


def _services(facts: Index) -> Iterator[Request]:
    for owned in facts.of("", "Service"):
        body = facts.body(owned.manifest)
        if at(body, "spec", "type") != "LoadBalancer" or owned.manifest.incomplete == MADE:
            continue
        notes = mapping(at(body, "metadata", "annotations"))
        shared = next((text(notes[key]) for key in _SHARED if notes.get(key)), "")
        for way, wanted in _asked(body, notes):
            yield Request(owned, wanted, way, _labels(owned, body), shared)


def _asked(
    body: dict[str, Any], notes: dict[str, Any]
) -> Iterator[tuple[tuple[str | int, ...], Address]]:
    named = [key for key in (*_CILIUM, *_METALLB) if notes.get(key)]
    way = ("metadata", "annotations", named[0]) if named else ("spec", "loadBalancerIP")
    for each in text(at(body, *way)).split(","):
        if wanted := ranges.address(each.strip()):
            yield way, wanted


def _labels(owned: Owned, body: dict[str, Any]) -> dict[str, Any]:
    """The labels of a Service, with those that Cilium adds for its selectors."""
    found = owned.manifest.id
    return {
        **mapping(at(body, "metadata", "labels")),
        "io.kubernetes.service.namespace": found.namespace,
        "io.kubernetes.service.name": found.name,
    }


def _gateways(facts: Index) -> Iterator[Request]:
    for owned in facts.of("gateway.networking.k8s.io", "Gateway"):
        body = facts.body(owned.manifest)
        for place, each in enumerate(listing(at(body, "spec", "addresses"))):
            if wanted := ranges.address(mapping(each).get("value")):
                way = ("spec", "addresses", place, "value")
                yield Request(owned, wanted, way, {})
