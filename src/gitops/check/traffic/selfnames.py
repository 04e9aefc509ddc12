"""Names that programs call themselves by, and the names of the routes that lead to them.

A program writes its own name into links, redirects and cookies. Where routes lead to it under other
names alone, people are sent to a name that nobody serves.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot
from gitops.check.traffic import backends, hosts
from gitops.check.traffic.gateways import Gateways
from gitops.check.traffic.services import Services
from gitops.model.finding import Finding

Way = tuple[str | int, ...]

_FIELDS: dict[tuple[str, str], tuple[Way, ...]] = {
    ("grafana.integreatly.org", "Grafana"): (("spec", "config", "server", "root_url"),),
    ("k8s.keycloak.org", "Keycloak"): (("spec", "hostname", "hostname"),),
}
"""Where custom resources hold the name. Source: grafana-operator, `spec.config` is grafana.ini;
keycloak, guide "Configuring the hostname"."""

_VALUES = frozenset({"externalurl", "rooturl", "publicurl"})
"""What charts call it, in small letters: Harbor, Grafana, and others."""


def unrouted(facts: Index) -> Iterator[Finding]:
    """Of the routes that lead to a program one has the name that it calls itself by."""
    for owned, way, name in _named(facts):
        host = urlsplit(name).hostname or (name if "/" not in name else "")
        routed = _routed(facts, owned) if "." in host else {}
        if routed and not any(hosts.meet(each, host) for each in routed):
            spot = Spot(facts, owned, way)
            yield spot.warning(
                "gateway/name-differs",
                f"{spot.who} calls itself {host}, and routes lead to it as "
                f"{', '.join(sorted(routed))}",
                "give both the same name",
                routed[min(routed)],
            )


def _named(facts: Index) -> Iterator[tuple[Owned, Way, str]]:
    for kind, ways in _FIELDS.items():
        for owned in facts.of(*kind):
            for way in ways:
                yield owned, way, text(at(facts.body(owned.manifest), *way))
    for owned in facts.of("helm.toolkit.fluxcd.io", "HelmRelease"):
        values = at(facts.body(owned.manifest), "spec", "values")
        yield from ((owned, *found) for found in _urls(values, ("spec", "values")))


def _urls(value: object, way: Way) -> Iterator[tuple[Way, str]]:
    for key, each in mapping(value).items():
        if isinstance(each, str) and key.replace("_", "").lower() in _VALUES and "://" in each:
            yield (*way, key), each
        yield from _urls(each, (*way, key))


def _routed(facts: Index, owned: Owned) -> dict[str, Owned]:
    """The hosts of routes and Ingresses whose backends are made of an object, with these."""
    own = {
        (each.namespace, each.name)
        for each in facts.view(Services).all
        if _is_of(facts, each.owned, owned)
    }
    found: dict[str, Owned] = {}
    for route in facts.view(Gateways).routes:
        if any((each.namespace, each.name) in own for each in backends.all_of(route)):
            found |= dict.fromkeys(route.hostnames or [""], route.owned)
    for ingress in facts.of("networking.k8s.io", "Ingress"):
        for rule in listing(at(facts.body(ingress.manifest), "spec", "rules")):
            paths = map(mapping, listing(at(rule, "http", "paths")))
            names = {text(at(each, "backend", "service", "name")) for each in paths}
            if any((ingress.manifest.id.namespace, name) in own for name in names):
                found[text(mapping(rule).get("host"))] = ingress
    return found


def _is_of(facts: Index, service: Owned, owned: Owned) -> bool:
    if service.manifest.incomplete == "made":
        return service.manifest.origin is owned.manifest.origin
    return service.unit.id.key == owned.manifest.id.key
