"""Connections that the objects of a cluster need: what policies must not close.

Each is read from an object that says so: a route from its backends, a monitor from its port, a
webhook from its Service, an environment variable or a custom resource from the URL of a Service.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.pods import Template
from gitops.check.traffic import backends, monitors, scrapers
from gitops.check.traffic.gateways import GROUP as GATEWAY_GROUP
from gitops.check.traffic.gateways import Gateways, Route, bodies
from gitops.check.traffic.policies import identities
from gitops.check.traffic.policies.enforcement import Enforcement
from gitops.check.traffic.policies.identities import Identity
from gitops.check.traffic.policies.rules import Connection
from gitops.check.traffic.services import Service, Services, templates


class Flow(msgspec.Struct, frozen=True):
    """A connection that somebody declares. `why` says what it is for, `by` is the object."""

    connection: Connection
    why: str
    by: Owned


def declared(facts: Index) -> Iterator[Flow]:
    """All connections within a cluster that are certain enough to be asked for."""
    yield from _routed(facts)
    yield from _scraped(facts)
    yield from _called(facts)
    for reference in facts.view(references):
        service = facts.view(Services).find(reference.namespace, reference.name)
        if service is not None:
            for source in reference.sources:
                why = f"{reference.by.manifest.id} names {reference.shown}"
                yield from _to_service(facts, source, service, reference.port, why, reference.by)


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
    made = facts.view(_made)
    for scraped in monitors.scraped(facts):
        monitor = scraped.monitor.owned
        for scraper in pickers.scrapers:
            if pickers.picks(scraper, monitor):
                for template in made.get(scraper.owned.manifest.id.key, ()):
                    source, target = enforcement.who(template), enforcement.who(scraped.template)
                    why = f"{monitor.manifest.id} has it scraped"
                    yield Flow(Connection(source, target, scraped.port), why, monitor)


def _made(facts: Index) -> dict[tuple[str, str, str, str], list[Template]]:
    """The templates that controllers make of a custom resource, by its key."""
    found: dict[tuple[str, str, str, str], list[Template]] = {}
    causes = {id(owned[0].manifest.origin): key for key, owned in facts.owned.items()}
    for template in facts.view(templates):
        if template.owner.manifest.incomplete == "made":
            key = causes.get(id(template.owner.manifest.origin))
            if key is not None:
                found.setdefault(key, []).append(template)
    return found


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


class Reference(msgspec.Struct, frozen=True):
    """A Service that is named in a text, and who will call it."""

    by: Owned
    sources: tuple[Identity, ...]
    name: str
    namespace: str
    port: int

    @property
    def shown(self) -> str:
        """As it would stand in a URL."""
        return f"{self.name}.{self.namespace}.svc:{self.port}"


_NAMED = re.compile(
    rb"(?:([a-z][a-z0-9+]*)://(?:[^/@\"\s]*@)?|[\s\"'=,;@]|^)(?:[a-z0-9-]+\.)?"
    rb"([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.[a-z0-9.-]+)?(?::([0-9]{1,5}))?(?![a-z0-9.-])"
)
_PORTS = {b"http": 80, b"https": 443, b"postgres": 5432, b"postgresql": 5432, b"redis": 6379}
"""What a scheme means without a port."""


def references(facts: Index) -> tuple[Reference, ...]:
    """The Services that pods are told of, for `Index.view`."""
    return tuple(_references(facts))


def _references(facts: Index) -> Iterator[Reference]:
    enforcement, made = facts.view(Enforcement), facts.view(_made)
    for template in facts.view(templates):
        if template.owner.manifest.incomplete != "made":
            raw = _told(template)
            yield from _found(raw, template.owner, (enforcement.who(template),))
    for key, of in made.items():
        cause = facts.owned[key][0]
        if b".svc" in cause.manifest.raw:
            raw = msgspec.json.encode(facts.body(cause.manifest).get("spec"))
            yield from _found(raw, cause, tuple(enforcement.who(each) for each in of))
    yield from _stores(facts)


def _told(template: Template) -> bytes:
    """What the containers of a pod are told on their command lines and in their environment."""
    if b".svc" not in template.owner.manifest.raw:
        return b""
    told: list[object] = []
    for _, container in template.containers():
        told += [container.get("command"), container.get("args")]
        told += [mapping(each).get("value") for each in listing(container.get("env"))]
    return msgspec.json.encode(told)


def _found(raw: bytes, by: Owned, sources: tuple[Identity, ...]) -> Iterator[Reference]:
    if b".svc" not in raw:
        return
    seen = set()
    for scheme, name, namespace, port in _NAMED.findall(raw):
        number = int(port) if port else _PORTS.get(scheme, 0)
        reference = Reference(by, sources, name.decode(), namespace.decode(), number)
        if number and reference.shown not in seen:
            seen.add(reference.shown)
            yield reference


def _stores(facts: Index) -> Iterator[Reference]:
    """Stores of secrets are called by the External Secrets operator."""
    for kind in ("ClusterSecretStore", "SecretStore"):
        for owned in facts.of("external-secrets.io", kind):
            if b".svc" in owned.manifest.raw:
                yield from _found(owned.manifest.raw, owned, tuple(_operators(facts)))


def _operators(facts: Index) -> Iterable[Identity]:
    wanted = {"app.kubernetes.io/name": "external-secrets"}
    for template in facts.view(templates):
        if wanted.items() <= template.labels.items():
            yield facts.view(Enforcement).who(template)
