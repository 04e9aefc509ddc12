"""Whom the API server calls: webhooks, conversions, aggregated APIs.

Source: kube-apiserver: a webhook that cannot be reached refuses all requests that it is for, unless
it is to be ignored; a conversion that cannot be reached makes objects unreadable.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check import crds
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot
from gitops.check.wiring.presence import Presence
from gitops.model.finding import Finding, Severity

Way = tuple[str | int, ...]

_GROUP = "admissionregistration.k8s.io"
_INJECTED = "cert-manager.io/inject-ca-from"


def called(facts: Index) -> Iterator[Finding]:
    """Every Service that is called exists and has the port."""
    presence = facts.view(Presence)
    for owned, way, service, severity in _clients(facts):
        key = ("", "Service", text(service.get("namespace")), text(service.get("name")))
        found = facts.find(*key)
        if not presence.has(key):
            spot = Spot(facts, owned, (*way, "name"))
            message = f"{spot.who} is answered by Service/{key[2]}/{key[3]}, which does not exist"
            hint = "correct the reference, or add the Service"
            yield presence.absent("webhook/service-missing", spot, key, message, hint, severity)
        elif found is not None:
            yield from _port(facts, Spot(facts, owned, (*way, "port")), service, found)


def trusted(facts: Index) -> Iterator[Finding]:
    """The Certificate whose authority is put in exists."""
    presence = facts.view(Presence)
    for kind in ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"):
        for owned in facts.of(_GROUP, kind):
            annotations = mapping(at(facts.body(owned.manifest), "metadata", "annotations"))
            namespace, _, name = text(annotations.get(_INJECTED)).partition("/")
            key = ("cert-manager.io", "Certificate", namespace, name)
            if name and not presence.has(key):
                spot = Spot(facts, owned, ("metadata", "annotations", _INJECTED))
                message = (
                    f"{spot.who} trusts the authority of Certificate/{namespace}/{name}, "
                    "which does not exist: every call fails"
                )
                hint = "correct the annotation, or add the Certificate"
                yield presence.absent("webhook/authority-missing", spot, key, message, hint)


def _clients(facts: Index) -> Iterator[tuple[Owned, Way, dict[str, Any], Severity]]:
    for kind in ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"):
        for owned in facts.of(_GROUP, kind):
            hooks = listing(facts.body(owned.manifest).get("webhooks"))
            for position, each in enumerate(map(mapping, hooks)):
                ignored = each.get("failurePolicy") == "Ignore"
                severity = Severity.WARNING if ignored else Severity.ERROR
                if service := mapping(at(each, "clientConfig", "service")):
                    way = ("webhooks", position, "clientConfig", "service")
                    yield owned, way, service, severity
    for owned in facts.of("apiregistration.k8s.io", "APIService"):
        if service := mapping(at(facts.body(owned.manifest), "spec", "service")):
            yield owned, ("spec", "service"), service, Severity.ERROR
    yield from _conversions(facts)


def _conversions(facts: Index) -> Iterator[tuple[Owned, Way, dict[str, Any], Severity]]:
    way = ("webhook", "clientConfig", "service")
    for owned in facts.of(crds.GROUP, crds.KIND):
        if service := mapping(at(crds.of(facts, owned).conversion, *way)):
            yield owned, ("spec", "conversion", *way), service, Severity.ERROR


def _port(facts: Index, spot: Spot, service: dict[str, Any], found: Owned) -> Iterator[Finding]:
    known = [mapping(each).get("port") for each in listing(_ports(facts, found))]
    wanted = service.get("port", 443)
    if known and wanted not in known:
        has = ", ".join(map(str, known))
        message = f"{spot.who} is called at port {wanted} of {found.manifest.id}, which has {has}"
        yield spot.error("webhook/port-missing", message, "use a port of the Service", found)


def _ports(facts: Index, found: Owned) -> object:
    return at(facts.body(found.manifest), "spec", "ports")
