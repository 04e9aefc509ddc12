"""Gateways, their listeners, and what routes say of them.

Source: Gateway API v1.4, the documentation of Gateway, Listener, ParentReference and AllowedRoutes.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import msgspec

from gitops.check import selectors
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned

GROUP = "gateway.networking.k8s.io"

ROUTES = ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute")

_KINDS = {
    "HTTP": ("HTTPRoute", "GRPCRoute"),
    "HTTPS": ("HTTPRoute", "GRPCRoute"),
    "TLS": ("TLSRoute", "TCPRoute"),
    "TCP": ("TCPRoute",),
    "UDP": ("UDPRoute",),
}
"""The kinds of routes that a listener takes when it names none."""


class Listener(msgspec.Struct, frozen=True):
    """One entry of `spec.listeners`."""

    gateway: Owned
    position: int
    body: dict[str, Any]

    @property
    def name(self) -> str:
        """What `sectionName` refers to."""
        return text(self.body.get("name"))

    @property
    def protocol(self) -> str:
        """HTTP, HTTPS, TLS, TCP, UDP, or one of an implementation."""
        return text(self.body.get("protocol"))

    @property
    def port(self) -> object:
        """Where it listens."""
        return self.body.get("port")

    @property
    def hostname(self) -> str:
        """The hosts it is for; "" for all."""
        return text(self.body.get("hostname"))

    @property
    def terminates(self) -> bool:
        """Whether it needs a certificate: TLS in any mode but Passthrough."""
        mode = text(at(self.body, "tls", "mode")) or "Terminate"
        return self.protocol in {"HTTPS", "TLS"} and mode == "Terminate"

    @property
    def kinds(self) -> tuple[str, ...] | None:
        """The kinds of routes it takes; None where only its implementation knows."""
        given = listing(at(self.body, "allowedRoutes", "kinds"))
        if given:
            return tuple(text(mapping(each).get("kind")) for each in given)
        return _KINDS.get(self.protocol)

    def takes(self, kind: str) -> bool:
        """Whether a route of this kind may attach."""
        return self.kinds is None or kind in self.kinds


class Parent(msgspec.Struct, frozen=True):
    """One entry of `spec.parentRefs` that refers to a Gateway."""

    position: int
    namespace: str
    name: str
    section: str
    port: object


class Route(msgspec.Struct, frozen=True):
    """A route of any kind."""

    owned: Owned
    body: dict[str, Any]

    @property
    def kind(self) -> str:
        """HTTPRoute, GRPCRoute, …"""
        return self.owned.manifest.id.kind

    @property
    def namespace(self) -> str:
        """The namespace of the route and, unless they say otherwise, of what it refers to."""
        return self.owned.manifest.id.namespace

    @property
    def hostnames(self) -> list[str]:
        """The hosts it is for; none for all."""
        return [host for host in listing(at(self.body, "spec", "hostnames")) if text(host)]

    @property
    def rules(self) -> list[dict[str, Any]]:
        """Its rules."""
        return [mapping(rule) for rule in listing(at(self.body, "spec", "rules"))]

    @property
    def parents(self) -> Iterator[Parent]:
        """The Gateways it wants to attach to; other kinds of parents are left out."""
        for position, each in enumerate(listing(at(self.body, "spec", "parentRefs"))):
            parent = mapping(each)
            group = parent.get("group", GROUP)
            if group == GROUP and parent.get("kind", "Gateway") == "Gateway":
                yield Parent(
                    position,
                    text(parent.get("namespace")) or self.namespace,
                    text(parent.get("name")),
                    text(parent.get("sectionName")),
                    parent.get("port"),
                )


class Gateways:
    """All Gateways and routes of a cluster."""

    def __init__(self, facts: Index) -> None:
        self._facts = facts

    @cached_property
    def listeners(self) -> dict[tuple[str, str], list[Listener]]:
        """The listeners of every Gateway, by its namespace and name."""
        found = {}
        for owned, body in bodies(self._facts, GROUP, "Gateway"):
            key = (owned.manifest.id.namespace, owned.manifest.id.name)
            entries = listing(at(body, "spec", "listeners"))
            found[key] = [Listener(owned, i, mapping(each)) for i, each in enumerate(entries)]
        return found

    @cached_property
    def routes(self) -> list[Route]:
        """All routes, kind by kind."""
        facts = self._facts
        return [Route(*found) for kind in ROUTES for found in bodies(facts, GROUP, kind)]

    def named(self, parent: Parent) -> list[Listener]:
        """The listeners of an existing Gateway that a parentRef means."""
        return [
            listener
            for listener in self.listeners[parent.namespace, parent.name]
            if parent.section in {"", listener.name} and parent.port in {None, listener.port}
        ]

    def lets_in(self, listener: Listener, namespace: str) -> bool:
        """Whether routes of a namespace may attach to a listener; true where that is not known."""
        allowed = mapping(at(listener.body, "allowedRoutes", "namespaces"))
        match allowed.get("from", "Same"):
            case "All":
                return True
            case "None":
                return False
            case "Selector":
                return self._selected(mapping(allowed.get("selector")), namespace)
            case _:
                return namespace == listener.gateway.manifest.id.namespace

    def _selected(self, selector: dict[str, Any], namespace: str) -> bool:
        """The API server gives every namespace a label with its name."""
        named = {"kubernetes.io/metadata.name": namespace}
        found = self._facts.find("", "Namespace", "", namespace)
        if found is None:
            return selectors.keys(selector) - named.keys() != set() or selectors.matches(
                selector, named
            )
        body = self._facts.body(found.manifest)
        return selectors.matches(selector, {**mapping(at(body, "metadata", "labels")), **named})


def bodies(facts: Index, group: str, kind: str) -> Iterator[tuple[Owned, dict[str, Any]]]:
    """The objects of a kind whose content is known: a lock may hold no more than a name."""
    for owned in facts.of(group, kind):
        body = facts.body(owned.manifest)
        if owned.manifest.incomplete != "locked" or "spec" in body:
            yield owned, body
