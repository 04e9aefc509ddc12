"""Whether the certificate that a host is served with is for that host."""

from collections.abc import Iterator

import msgspec

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index
from gitops.check.spot import Spot
from gitops.check.traffic import hosts
from gitops.check.traffic.certificates import Certificate, Certificates
from gitops.check.traffic.gateways import Gateways, Listener, Route, bodies
from gitops.model.finding import Finding


class Served(msgspec.Struct, frozen=True):
    """A host that is served with certificates, and the field that says so."""

    spot: Spot
    host: str
    whose: str
    certificates: list[Certificate]


def uncovered(facts: Index) -> Iterator[Finding]:
    """Every host that is served with certificates of this cluster is named in one of them."""
    for served in [*_listeners(facts), *_routes(facts), *_ingresses(facts)]:
        names = [name for each in served.certificates for name in each.names]
        if names and not any(hosts.certifies(name, served.host) for name in names):
            yield served.spot.error(
                "certificate/host-not-covered",
                f"{served.spot.owned.manifest.id}: {served.host} is served{served.whose} with "
                f"{served.certificates[0].owned.manifest.id}, which is for {', '.join(names)}: "
                "clients refuse it",
                "add the host to dnsNames, or serve it with another certificate; "
                "a wildcard stands for one label",
                served.certificates[0].owned,
            )


def _listeners(facts: Index) -> Iterator[Served]:
    for listeners in facts.view(Gateways).listeners.values():
        for listener in listeners:
            if listener.hostname and (found := _certificates(facts, listener)):
                way = ("spec", "listeners", listener.position, "hostname")
                yield Served(Spot(facts, listener.gateway, way), listener.hostname, "", found)


def _routes(facts: Index) -> Iterator[Served]:
    """Hosts of routes: below a listener that is for several hosts there may be deeper ones."""
    for route in facts.view(Gateways).routes:
        for position, host in enumerate(route.hostnames):
            for listener in _serving(facts, route, host):
                found = _certificates(facts, listener)
                if found:
                    spot = Spot(facts, route.owned, ("spec", "hostnames", position))
                    whose = f" by {listener.gateway.manifest.id}"
                    yield Served(spot, host, whose, found)
                    break


def _serving(facts: Index, route: Route, host: str) -> Iterator[Listener]:
    gateways = facts.view(Gateways)
    for parent in route.parents:
        if (parent.namespace, parent.name) in gateways.listeners:
            for listener in gateways.named(parent):
                several = not listener.hostname or listener.hostname.startswith("*.")
                if several and listener.hostname != host and hosts.meet(listener.hostname, host):
                    yield listener


def _certificates(facts: Index, listener: Listener) -> list[Certificate]:
    """The certificates of a listener, if all of them are known."""
    if not listener.terminates:
        return []
    known = facts.view(Certificates).of_secret
    own = listener.gateway.manifest.id.namespace
    found: list[Certificate] = []
    for each in map(mapping, listing(at(listener.body, "tls", "certificateRefs"))):
        key = (text(each.get("namespace")) or own, text(each.get("name")))
        if key not in known:
            return []
        found += known[key]
    return found


def _ingresses(facts: Index) -> Iterator[Served]:
    known = facts.view(Certificates).of_secret
    for owned, body in bodies(facts, "networking.k8s.io", "Ingress"):
        for position, each in enumerate(listing(at(body, "spec", "tls"))):
            key = (owned.manifest.id.namespace, text(mapping(each).get("secretName")))
            for number, host in enumerate(listing(mapping(each).get("hosts"))):
                if key in known and text(host):
                    spot = Spot(facts, owned, ("spec", "tls", position, "hosts", number))
                    yield Served(spot, host, "", known[key])
