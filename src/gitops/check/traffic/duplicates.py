"""Two routes, or two Ingresses, that want the same requests: one of them gets none.

Source: Gateway API, HTTPRouteRule: the oldest route wins, and of one age the first by name.
Kubernetes leaves Ingresses to their controllers, of which ingress-nginx takes the oldest too.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot
from gitops.check.traffic.gateways import Gateways, Route, bodies
from gitops.model.finding import Finding

Request = tuple[object, ...]


def routes(facts: Index) -> Iterator[Finding]:
    """Of all rules at one listener no two have the same host and match."""
    seen: dict[Request, Route] = {}
    for route in facts.view(Gateways).routes:
        if route.kind not in {"HTTPRoute", "GRPCRoute"}:
            continue
        for position, request in _requests(facts, route):
            first = seen.setdefault(request, route)
            if first is not route:
                spot = Spot(facts, route.owned, ("spec", "rules", position))
                yield spot.error(
                    "gateway/route-duplicate",
                    f"{route.owned.manifest.id} and {first.owned.manifest.id} want the same "
                    f"requests of {request[3] or 'every host'}{_shown(request[4])}: "
                    "only the older of them gets any",
                    "let them differ in host, path, method or headers, or join them",
                    first.owned,
                )
                break


def _requests(facts: Index, route: Route) -> Iterator[tuple[int, Request]]:
    gateways = facts.view(Gateways)
    known = [p for p in route.parents if (p.namespace, p.name) in gateways.listeners]
    places = {
        (parent.namespace, parent.name, listener.position)
        for parent in known
        for listener in gateways.named(parent)
    }
    for position, rule in enumerate(route.rules):
        for match in listing(rule.get("matches")) or [{}]:
            for host in route.hostnames or [""]:
                for place in sorted(places):
                    yield position, (*place, host.lower(), _match(route.kind, mapping(match)))


def _match(kind: str, match: dict[str, Any]) -> Request:
    """What a match asks for, whatever the order of its parts."""
    path = mapping(match.get("path")) or {"type": "PathPrefix", "value": "/"}
    method = match.get("method")
    method = tuple(sorted(map(str, method.items()))) if isinstance(method, dict) else method
    lists = (_pairs(match.get("headers")), _pairs(match.get("queryParams")))
    return (kind, path.get("type", "PathPrefix"), path.get("value", "/"), method, *lists)


def _pairs(value: object) -> tuple[tuple[str, str, str], ...]:
    found = map(mapping, listing(value))
    return tuple(
        sorted(
            (text(e.get("type")) or "Exact", text(e.get("name")), text(e.get("value")))
            for e in found
        )
    )


def _shown(match: object) -> str:
    return str(match[2]) if isinstance(match, tuple) and match[0] == "HTTPRoute" else ""


def ingresses(facts: Index) -> Iterator[Finding]:
    """No two Ingresses of a class have the same host and path."""
    seen: dict[Request, Owned] = {}
    for owned, body in bodies(facts, "networking.k8s.io", "Ingress"):
        for position, request in _paths(body):
            first = seen.setdefault(request, owned)
            if first is not owned:
                spot = Spot(facts, owned, ("spec", "rules", position))
                yield spot.error(
                    "ingress/duplicate",
                    f"{owned.manifest.id} and {first.manifest.id} want the same requests of "
                    f"{request[1] or 'every host'}{request[2]}: only the older of them gets any",
                    "let them differ in host or path, or join them",
                    first,
                )
                break


_VARIANTS = "nginx.ingress.kubernetes.io/canary"
"""An Ingress that is meant to share the requests of another."""


def _paths(body: dict[str, Any]) -> Iterator[tuple[int, Request]]:
    annotations = mapping(at(body, "metadata", "annotations"))
    name = at(body, "spec", "ingressClassName") or annotations.get("kubernetes.io/ingress.class")
    if annotations.get(_VARIANTS) == "true":
        return
    for position, each in enumerate(listing(at(body, "spec", "rules"))):
        host = text(mapping(each).get("host")).lower()
        for entry in listing(at(each, "http", "paths")):
            path = mapping(entry)
            yield position, (name, host, path.get("path", "/"), path.get("pathType"))
