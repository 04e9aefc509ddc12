"""Connections that the objects of a cluster need: what policies must not close.

Each is read from an object that says so: a route from its backends, a monitor from its port, a
webhook from its Service, an environment variable or a custom resource from the URL of a Service.
What operators need is known of them.
"""

from collections.abc import Iterator

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.traffic import backends, monitors, scrapers
from gitops.check.traffic.gateways import GROUP as GATEWAY_GROUP
from gitops.check.traffic.gateways import Gateways, Route, bodies
from gitops.check.traffic.policies import accounts, identities, operated, references
from gitops.check.traffic.policies.enforcement import Enforcement
from gitops.check.traffic.policies.flow import Flow
from gitops.check.traffic.policies.identities import Identity
from gitops.check.traffic.policies.rules import Connection
from gitops.check.traffic.services import Service, Services


def declared(facts: Index) -> Iterator[Flow]:
    """All connections within a cluster that are certain enough to be asked for."""
    yield from _routed(facts)
    yield from _scraped(facts)
    yield from _called(facts)
    yield from operated.flows(facts)
    yield from accounts.flows(facts)
    yield from accounts.talos(facts)
    for reference in facts.view(references.all_of):
        service = facts.view(Services).find(reference.namespace, reference.name)
        if service is not None and _is_gateway(service):
            for source in reference.sources:
                why = f"{reference.by.manifest.id} names {reference.shown}"
                connection = Connection(source, identities.INGRESS, reference.port)
                yield Flow(connection, why, reference.by)
        elif service is not None:
            for source in reference.sources:
                why = f"{reference.by.manifest.id} names {reference.shown}"
                yield from _to_service(facts, source, service, reference.port, why, reference.by)


def _is_gateway(service: Service) -> bool:
    """Whether it leads to Cilium's proxy: to policies that is `ingress`, whoever asks.

    Source: cilium v1.18.3, operator/pkg/model/translation/gateway-api.
    """
    return "io.cilium.gateway/owning-gateway" in service.labels


def reached(facts: Index, service: Service, number: int) -> Iterator[tuple[Identity, int, str]]:
    """The pods behind a port of a Service, with the port that they listen on."""
    enforcement = facts.view(Enforcement)
    for port in (each for each in service.ports if each.number == number):
        for template in facts.view(Services).backends(service):
            for target in monitors.numbers(template, port.target):
                yield enforcement.who(template), target, port.protocol


def _to_service(
    facts: Index, source: Identity, service: Service, number: int, why: str, by: Owned
) -> Iterator[Flow]:
    for target, port, protocol in reached(facts, service, number):
        if target.name != source.name:
            yield Flow(Connection(source, target, port, protocol), why, by)


def _routed(facts: Index) -> Iterator[Flow]:
    """Only Cilium's own Gateways have an identity that is known."""
    gateways, services = facts.view(Gateways), facts.view(Services)
    for route in gateways.routes:
        if not _by_cilium(facts, route):
            continue
        for backend in backends.all_of(route):
            service = services.find(backend.namespace, backend.name)
            if service is not None and isinstance(backend.port, int):
                why = f"{route.owned.manifest.id} sends requests there"
                source = identities.INGRESS
                yield from _to_service(facts, source, service, backend.port, why, route.owned)


def _by_cilium(facts: Index, route: Route) -> bool:
    for parent in route.parents:
        for listener in facts.view(Gateways).listeners.get((parent.namespace, parent.name), ()):
            body = facts.body(listener.gateway.manifest)
            name = text(at(body, "spec", "gatewayClassName"))
            found = facts.find(GATEWAY_GROUP, "GatewayClass", "", name)
            control = at(facts.body(found.manifest), "spec", "controllerName") if found else ""
            return bool(control == "io.cilium/gateway-controller")
    return False


def _scraped(facts: Index) -> Iterator[Flow]:
    pickers, enforcement = facts.view(scrapers.Pickers), facts.view(Enforcement)
    made = facts.view(references.by_cause)
    for scraped in monitors.scraped(facts):
        monitor = scraped.monitor.owned
        for scraper in pickers.scrapers:
            if pickers.picks(scraper, monitor):
                for template in made.get(scraper.owned.manifest.id.key, ()):
                    source, target = enforcement.who(template), enforcement.who(scraped.template)
                    why = f"{monitor.manifest.id} has it scraped"
                    yield Flow(Connection(source, target, scraped.port), why, monitor)


_WEBHOOKS = ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration")


def _called(facts: Index) -> Iterator[Flow]:
    """What the Kubernetes API calls: admission webhooks and aggregated APIs."""
    for kind in _WEBHOOKS:
        for owned, body in _known(facts, "admissionregistration.k8s.io", kind):
            for each in listing(body.get("webhooks")):
                service = mapping(at(each, "clientConfig", "service"))
                yield from _calls(facts, owned, service, "is a webhook of the API")
    for owned, body in bodies(facts, "apiregistration.k8s.io", "APIService"):
        service = mapping(at(body, "spec", "service"))
        yield from _calls(facts, owned, service, "is a part of the API")


def _known(facts: Index, group: str, kind: str) -> Iterator[tuple[Owned, dict[str, object]]]:
    for owned in facts.of(group, kind):
        yield owned, facts.body(owned.manifest)


def _calls(facts: Index, owned: Owned, wanted: dict[str, object], why: str) -> Iterator[Flow]:
    service = facts.view(Services).find(text(wanted.get("namespace")), text(wanted.get("name")))
    if service is not None:
        port = wanted.get("port")
        number = port if isinstance(port, int) else 443
        said = f"{owned.manifest.id} {why}"
        yield from _to_service(facts, identities.API_SERVER, service, number, said, owned)
