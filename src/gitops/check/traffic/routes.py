"""Whether Gateways take the routes that want to attach to them."""

from collections.abc import Iterator

from gitops.check.index import Index
from gitops.check.knowledge import Pointer
from gitops.check.spot import Spot
from gitops.check.traffic import hosts
from gitops.check.traffic.gateways import GROUP, Gateways, Listener, Parent, Route
from gitops.check.traffic.sight import Sight
from gitops.model.finding import Finding


def attached(facts: Index) -> Iterator[Finding]:
    """Every parentRef leads to a listener that takes the route and one of its hosts."""
    for route in facts.view(Gateways).routes:
        serving, sure = [], True
        for parent in route.parents:
            listeners, mistake = _serving(facts, route, parent)
            serving += listeners
            if mistake:
                sure = False
                yield mistake
        if serving and sure:
            yield from _unserved(facts, route, serving)


def _serving(facts: Index, route: Route, parent: Parent) -> tuple[list[Listener], Finding | None]:
    """The listeners that serve a route by one of its parents, or why there are none."""
    gateways = facts.view(Gateways)
    if (parent.namespace, parent.name) not in gateways.listeners:
        known = facts.find(GROUP, "Gateway", parent.namespace, parent.name)
        return [], None if known else _no_gateway(facts, route, parent)
    named = gateways.named(parent)
    if not named:
        return [], _no_listener(facts, route, parent)
    fitting = [each for each in named if each.takes(route.kind)]
    allowed = [each for each in fitting if gateways.lets_in(each, route.namespace)]
    if not allowed:
        return [], _refused(facts, route, parent, fitting or named)
    serving = [each for each in allowed if _share_host(route, each)]
    return serving, None if serving else _outside(facts, route, parent, allowed)


def _share_host(route: Route, listener: Listener) -> bool:
    wanted = route.hostnames or [""]
    return any(hosts.meet(listener.hostname, host) for host in wanted)


def _no_gateway(facts: Index, route: Route, parent: Parent) -> Finding:
    wanted = (GROUP, "Gateway", parent.namespace, parent.name)
    spot = _spot(facts, route, "parentRefs", parent.position, "name")
    message = (
        f"{route.owned.manifest.id} attaches to Gateway/{parent.namespace}/{parent.name}, "
        "which does not exist: nobody serves it"
    )
    if elsewhere := facts.elsewhere(wanted):
        return spot.error("gateway/parent-missing", message, elsewhere)
    hint = "correct the name of the parentRef"
    return facts.view(Sight).absent("gateway/parent-missing", spot, parent.namespace, message, hint)


def _no_listener(facts: Index, route: Route, parent: Parent) -> Finding:
    listeners = facts.view(Gateways).listeners[parent.namespace, parent.name]
    names = ", ".join(f"{each.name} on port {each.port}" for each in listeners) or "none"
    place = f" on port {parent.port}" if parent.port is not None else ""
    field = "sectionName" if parent.section else "port"
    return _spot(facts, route, "parentRefs", parent.position, field).error(
        "gateway/listener-missing",
        f"{route.owned.manifest.id} attaches to a listener {parent.section}{place} of "
        f"Gateway/{parent.namespace}/{parent.name}, which has {names}",
        "name one of its listeners, or none to attach to all that fit",
        *(each.gateway for each in listeners[:1]),
    )


def _refused(facts: Index, route: Route, parent: Parent, named: list[Listener]) -> Finding:
    kind = next((each for each in named if each.takes(route.kind)), None)
    what = f"routes of namespace {route.namespace}" if kind else f"{route.kind}s"
    names = ", ".join(each.name for each in named)
    return _spot(facts, route, "parentRefs", parent.position, "name").error(
        "gateway/route-refused",
        f"{route.owned.manifest.id} attaches to Gateway/{parent.namespace}/{parent.name}, "
        f"whose listener {names} takes no {what}",
        "widen allowedRoutes of the listener, or attach the route to another one",
        named[0].gateway,
    )


def _outside(facts: Index, route: Route, parent: Parent, allowed: list[Listener]) -> Finding:
    return _spot(facts, route, "hostnames", 0).error(
        "gateway/hostname-outside",
        f"{route.owned.manifest.id} is for {', '.join(route.hostnames)}, and "
        f"Gateway/{parent.namespace}/{parent.name} serves {_names(allowed)} there",
        "correct the host name, or attach the route to a listener that serves it",
        allowed[0].gateway,
    )


def _unserved(facts: Index, route: Route, serving: list[Listener]) -> Iterator[Finding]:
    """A host that none of the listeners has is left out in silence."""
    for position, host in enumerate(route.hostnames):
        if not any(hosts.meet(each.hostname, host) for each in serving):
            yield _spot(facts, route, "hostnames", position).error(
                "gateway/hostname-outside",
                f"{route.owned.manifest.id} is for {host}, and its Gateways serve "
                f"{_names(serving)} there",
                "correct the host name, or attach the route to a listener that serves it",
                serving[0].gateway,
            )


def _names(listeners: list[Listener]) -> str:
    return ", ".join(dict.fromkeys(each.hostname for each in listeners))


def _spot(facts: Index, route: Route, *pointer: str | int) -> Spot:
    way: Pointer = ("spec", *pointer)
    return Spot(facts, route.owned, way)
