"""The server of Argo CD behind a route that ends TLS.

Source: Argo CD, "Ingress Configuration": it sends whoever comes without TLS to https, unless
`server.insecure` or `--insecure` is set: behind something that ends TLS that goes on for ever.
"""

from collections.abc import Iterator

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.pods import Template
from gitops.check.spot import Spot
from gitops.check.traffic import backends
from gitops.check.traffic.gateways import GROUP, Gateways, Listener, Route, bodies
from gitops.check.traffic.services import Services, templates
from gitops.model.finding import Finding

_SETTINGS = "argocd-cmd-params-cm"
_VARIABLE = "ARGOCD_SERVER_INSECURE"


def redirected(facts: Index) -> Iterator[Finding]:
    """A server that routes reach without TLS does not ask for it."""
    for server in facts.view(_servers):
        settings = facts.find("", "ConfigMap", server.namespace, _SETTINGS)
        if settings is None or _is_open(facts, server, settings):
            continue
        for route in facts.view(Gateways).routes:
            if route.kind == "HTTPRoute" and _leads(facts, route, server) and _ends(facts, route):
                spot = Spot(facts, settings, ("data", "server.insecure"))
                yield spot.error(
                    "gateway/redirect-loop",
                    f"{server.owner.manifest.id} sends whoever comes without TLS to https, and "
                    f"{route.owned.manifest.id} ends TLS before it: people are sent round",
                    "set server.insecure to true, or speak TLS to it by a BackendTLSPolicy",
                    route.owned,
                )
                break


def _servers(facts: Index) -> tuple[Template, ...]:
    return tuple(
        each
        for each in facts.view(templates)
        if each.labels.get("app.kubernetes.io/name") == "argocd-server"
        and each.owner.manifest.incomplete != "locked"
    )


def _is_open(facts: Index, server: Template, settings: Owned) -> bool:
    said = text(at(facts.body(settings.manifest), "data", "server.insecure"))
    told = [
        str(each)
        for _, container in server.containers
        for field in ("command", "args")
        for each in listing(container.get(field))
    ]
    given = (
        mapping(each)
        for _, container in server.containers
        for each in listing(container.get("env"))
    )
    by_variable = any(each.get("name") == _VARIABLE and each.get("value") for each in given)
    return said == "true" or by_variable or any("--insecure" in each for each in told)


def _leads(facts: Index, route: Route, server: Template) -> bool:
    services = facts.view(Services)
    for backend in backends.all_of(route):
        service = services.find(backend.namespace, backend.name)
        if service is not None and backend.port == 80 and server in services.backends(service):
            return not any(_is_for(body, backend.name) for _, body in _policies(facts))
    return False


def _policies(facts: Index) -> Iterator[tuple[Owned, dict[str, object]]]:
    yield from bodies(facts, GROUP, "BackendTLSPolicy")


def _is_for(body: dict[str, object], name: str) -> bool:
    return any(
        mapping(each).get("name") == name for each in listing(at(body, "spec", "targetRefs"))
    )


def _ends(facts: Index, route: Route) -> bool:
    """Whether all listeners that it attaches to end TLS; those of one that only redirects do not
    lead to backends."""
    gateways = facts.view(Gateways)
    found: list[Listener] = []
    for parent in route.parents:
        if (parent.namespace, parent.name) in gateways.listeners:
            found += gateways.named(parent)
    return bool(found) and any(each.terminates for each in found)
