"""Services, their ports, and the pods behind them."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import msgspec

from gitops.check import pods
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.pods import Template

GLOBAL = "service.cilium.io/global"
"""The annotation of Services that the clusters of a mesh share."""


class Port(msgspec.Struct, frozen=True):
    """A port of a Service; `target` is a number or the name of a port of its pods."""

    name: str
    number: int
    target: int | str
    protocol: str


class Service(msgspec.Struct, frozen=True):
    """A Service and what rules ask of it."""

    owned: Owned
    body: dict[str, Any]
    ports: tuple[Port, ...]

    @property
    def namespace(self) -> str:
        """The namespace that it and its pods are in."""
        return self.owned.manifest.id.namespace

    @property
    def name(self) -> str:
        """Its name."""
        return self.owned.manifest.id.name

    @property
    def labels(self) -> dict[str, Any]:
        """The labels that monitors select it by."""
        return mapping(at(self.body, "metadata", "labels"))

    @property
    def annotations(self) -> dict[str, Any]:
        """Its annotations."""
        return mapping(at(self.body, "metadata", "annotations"))

    @property
    def selector(self) -> dict[str, Any]:
        """The labels of its pods; empty when somebody else keeps its endpoints."""
        return mapping(at(self.body, "spec", "selector"))

    @property
    def external(self) -> bool:
        """Whether it is a name for something outside of the cluster."""
        return bool(at(self.body, "spec", "type") == "ExternalName")


class Services:
    """All Services of a cluster, and its pods by namespace."""

    def __init__(self, facts: Index) -> None:
        self._facts = facts
        self.all = tuple(_service(facts, owned) for owned in facts.of("", "Service"))
        self._by_name = {(found.namespace, found.name): found for found in self.all}

    def find(self, namespace: str, name: str) -> Service | None:
        """One Service."""
        return self._by_name.get((namespace, name))

    def is_global(self, service: Service) -> bool:
        """Whether clusters of a mesh share it. What a controller makes may be annotated too: its
        cause tells."""
        if service.owned.manifest.incomplete != "made":
            return service.annotations.get(GLOBAL) == "true"
        cause = self._causes.get(id(service.owned.manifest.origin))
        named = cause is not None and GLOBAL.encode() in cause.manifest.raw
        return named and cause is not None and _says(self._facts.body(cause.manifest))

    @cached_property
    def _causes(self) -> dict[int, Owned]:
        """The objects that something is made of, by what it has in common with them."""
        return {id(owned[0].manifest.origin): owned[0] for owned in self._facts.owned.values()}

    @cached_property
    def within(self) -> dict[str, list[Service]]:
        """The Services of each namespace."""
        found: dict[str, list[Service]] = {}
        for service in self.all:
            found.setdefault(service.namespace, []).append(service)
        return found

    @cached_property
    def pods(self) -> dict[str, list[Template]]:
        """The templates of the pods of each namespace."""
        found: dict[str, list[Template]] = {}
        for template in self._facts.view(templates):
            found.setdefault(template.namespace, []).append(template)
        return found

    def backends(self, service: Service) -> list[Template]:
        """The templates whose pods the Service selects."""
        wanted = service.selector.items()
        if not wanted:
            return []
        return [pod for pod in self.pods.get(service.namespace, ()) if wanted <= pod.labels.items()]


def templates(facts: Index) -> tuple[Template, ...]:
    """All templates of pods, for `Index.view`."""
    return tuple(pods.templates(facts))


def container_ports(template: Template) -> Iterator[tuple[str, int, str]]:
    """Name, number and protocol of every port that containers declare."""
    for _, container in template.containers:
        for each in listing(container.get("ports")):
            port = mapping(each)
            number = port.get("containerPort")
            if isinstance(number, int):
                yield text(port.get("name")), number, text(port.get("protocol")) or "TCP"


def _service(facts: Index, owned: Owned) -> Service:
    body = facts.body(owned.manifest)
    return Service(owned, body, tuple(map(_port, listing(at(body, "spec", "ports")))))


def _port(value: object) -> Port:
    port = mapping(value)
    number = port.get("port")
    number = number if isinstance(number, int) else 0
    target = port.get("targetPort")
    target = target if isinstance(target, int | str) and target else number
    return Port(text(port.get("name")), number, target, text(port.get("protocol")) or "TCP")


def _says(value: object) -> bool:
    """Whether an annotation anywhere in an object shares what is made of it."""
    match value:
        case dict():
            return value.get(GLOBAL) == "true" or any(map(_says, value.values()))
        case list():
            return any(map(_says, value))
    return False
