"""What routes and Ingresses send requests to."""

from collections.abc import Iterator
from typing import Any

import msgspec

from gitops.check.fields import listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot
from gitops.check.traffic import grants
from gitops.check.traffic.gateways import GROUP, Gateways, Route
from gitops.check.traffic.services import Services
from gitops.check.traffic.sight import Sight
from gitops.model.finding import Finding

Way = tuple[str | int, ...]


class Backend(msgspec.Struct, frozen=True):
    """A reference of a route to a Service; `pointer` leads to it."""

    route: Route
    pointer: Way
    body: dict[str, Any]

    @property
    def namespace(self) -> str:
        """The namespace of the Service."""
        return text(self.body.get("namespace")) or self.route.namespace

    @property
    def name(self) -> str:
        """The name of the Service."""
        return text(self.body.get("name"))

    @property
    def port(self) -> object:
        """A port of the Service; there are no names here."""
        return self.body.get("port")


def all_of(route: Route) -> Iterator[Backend]:
    """The Services that a route names, those that it mirrors requests to included."""
    for position, rule in enumerate(route.rules):
        way: Way = ("spec", "rules", position)
        for pointer, reference in [*_references(rule, way), *_mirrors(rule, way)]:
            if reference.get("kind", "Service") == "Service" and not reference.get("group"):
                yield Backend(route, pointer, reference)


def _references(rule: dict[str, Any], way: Way) -> Iterator[tuple[Way, dict[str, Any]]]:
    for position, each in enumerate(listing(rule.get("backendRefs"))):
        yield (*way, "backendRefs", position), mapping(each)


def _mirrors(rule: dict[str, Any], way: Way) -> Iterator[tuple[Way, dict[str, Any]]]:
    for position, each in enumerate(listing(rule.get("filters"))):
        reference = mapping(mapping(mapping(each).get("requestMirror")).get("backendRef"))
        if reference:
            yield (*way, "filters", position, "requestMirror", "backendRef"), reference


def missing(facts: Index) -> Iterator[Finding]:
    """Every backend is a Service that exists and has the port."""
    services = facts.view(Services)
    for backend in (each for route in facts.view(Gateways).routes for each in all_of(route)):
        service = services.find(backend.namespace, backend.name)
        if service is None:
            yield _missing(facts, backend)
        elif service.ports and backend.port not in {port.number for port in service.ports}:
            yield _no_port(facts, backend, service.owned)


def foreign(facts: Index) -> Iterator[Finding]:
    """A route uses a Service of another namespace only where a ReferenceGrant lets it."""
    for backend in (each for route in facts.view(Gateways).routes for each in all_of(route)):
        route = backend.route
        wanted = grants.Use(
            GROUP, route.kind, route.namespace, "Service", backend.namespace, backend.name
        )
        if not grants.allowed(facts, wanted):
            spot = Spot(facts, route.owned, (*backend.pointer, "namespace"))
            yield grants.missing(facts, spot, wanted)


def _missing(facts: Index, backend: Backend) -> Finding:
    wanted = ("", "Service", backend.namespace, backend.name)
    return facts.view(Sight).absent(
        "gateway/backend-missing",
        Spot(facts, backend.route.owned, (*backend.pointer, "name")),
        backend.namespace,
        f"{backend.route.owned.manifest.id} sends requests to "
        f"Service/{backend.namespace}/{backend.name}, which does not exist: they get a 500",
        facts.elsewhere(wanted) or "correct the name of the backend",
    )


def _no_port(facts: Index, backend: Backend, service: Owned) -> Finding:
    ports = facts.view(Services).find(backend.namespace, backend.name)
    known = ", ".join(str(port.number) for port in ports.ports) if ports else ""
    spot = Spot(facts, backend.route.owned, (*backend.pointer, "port"))
    who, what = backend.route.owned.manifest.id, service.manifest.id
    if backend.port is None:
        message = f"{who} sends requests to {what} without a port; it has {known}"
    else:
        message = f"{who} sends requests to port {backend.port} of {what}, which has {known}"
    return spot.error("gateway/backend-port", message, "use a port of the Service", service)
