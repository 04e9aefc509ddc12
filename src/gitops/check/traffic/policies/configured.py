"""Hosts that the settings of pods name, and that no policy lets them call.

What is asked of policies is certain where a port is told with a host: a URL without one may as well
be what others call the program itself. Settings are read by several programs, of which some look at
a part: one of them that may call is enough.
"""

import ipaddress
from collections.abc import Iterator

import msgspec

from gitops.check import operators
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.pods import Template
from gitops.check.traffic import signon
from gitops.check.traffic.gateways import Gateways
from gitops.check.traffic.policies import (
    blame,
    denied,
    endpoints,
    flows,
    identities,
    mutual,
    references,
)
from gitops.check.traffic.policies.endpoints import Endpoint
from gitops.check.traffic.policies.enforcement import Enforcement
from gitops.check.traffic.policies.flow import Flow
from gitops.check.traffic.policies.identities import Identity
from gitops.check.traffic.policies.rules import Closed, Connection, Denied, Open
from gitops.check.traffic.services import Services, templates
from gitops.model.finding import Finding


class Told(msgspec.Struct, frozen=True):
    """What an object tells some pods."""

    by: Owned
    value: object
    readers: tuple[Template, ...]


class Named(msgspec.Struct, frozen=True):
    """An endpoint, the object that names it, and all pods that may be meant to call it."""

    by: Owned
    endpoint: Endpoint
    readers: tuple[Identity, ...]


def all_of(facts: Index) -> tuple[Named, ...]:
    """Every endpoint once for each object, for `Index.view`. A chart gives the settings of one part
    to the others, too: theirs count as one."""
    enforcement = facts.view(Enforcement)
    found: dict[tuple[object, Endpoint], tuple[Owned, dict[str, Identity]]] = {}
    for told in _told(facts) if enforcement.policies else ():
        key = _group(told.by)
        for endpoint in endpoints.within(told.value):
            _, readers = found.setdefault((key, endpoint), (told.by, {}))
            for each in map(enforcement.who, told.readers):
                readers.setdefault(each.name, each)
    return tuple(
        Named(by, endpoint, tuple(readers.values()))
        for (_, endpoint), (by, readers) in found.items()
    )


def _group(by: Owned) -> object:
    is_shared = by.unit.id.kind == "HelmRelease" and by.manifest.id.kind == "ConfigMap"
    return by.unit.id if is_shared else by.manifest.id


def inside(clusters: tuple[Index, ...]) -> Iterator[Finding]:
    """A Service that pods are told of by host and port is open to one of them, wherever it is."""
    asked = {*mutual.declared(clusters)}
    for near in clusters:
        for named in near.view(all_of):
            found = [*_to_service(clusters, near, named)]
            if found and not any(mutual.key(each) in asked for _, each in found):
                asked.update(mutual.key(each) for _, each in found)
                for each in _closed(near, named, found):
                    yield each if each.cluster else _in(near, each)


def _in(facts: Index, found: Finding) -> Finding:
    return msgspec.structs.replace(found, cluster=facts.cluster.name)


def _to_service(
    clusters: tuple[Index, ...], near: Index, named: Named
) -> Iterator[tuple[Index, Connection]]:
    """The connections to a Service, here and in other clusters where it is shared."""
    labels = named.endpoint.host.split(".")
    here = near.view(Services).find(labels[1], labels[0]) if labels[2:3] == ["svc"] else None
    shared = here is not None and near.view(Services).is_global(here)
    for far in clusters if shared else (near,):
        service = far.view(Services).find(labels[1], labels[0]) if here else None
        if service is not None and (far is near or far.view(Services).is_global(service)):
            for target, port, protocol in flows.reached(far, service, named.endpoint.port):
                for each in named.readers:
                    if far is not near or each.name != target.name:
                        yield far, Connection(each, target, port, protocol)


def _closed(near: Index, named: Named, found: list[tuple[Index, Connection]]) -> Iterator[Finding]:
    why = f"{named.by.manifest.id} names {named.endpoint}"
    judged = [[*denied.judged(near, far, Flow(each, why, named.by))] for far, each in found]
    if all(judged):
        yield from min(judged, key=len)


def closed(facts: Index) -> Iterator[Finding]:
    """A host outside with a port that pods are told of is open to one of them."""
    for named in facts.view(all_of):
        host = identity(facts, named.endpoint)
        if host is not None and named.readers:
            yield from _judged(facts, named, host)


def issuers(clusters: tuple[Index, ...]) -> Iterator[Finding]:
    """Who trusts a realm may ask it: by its name, which leads to a Gateway of this cluster or to
    the world."""
    for realm in signon.realms(clusters):
        for user in signon.users(clusters, realm):
            facts = user.facts
            who = [facts.view(Enforcement).who(each) for each in _readers(facts, user.owned)]
            served = (identities.INGRESS,) if realm.host in facts.view(_served) else ()
            servers = (identities.outside(realm.host), *served)
            found = [Connection(one, other, 443) for one in who for other in servers]
            for each in _refused(facts, user.owned, realm.host, found):
                yield _in(facts, each)


def _readers(facts: Index, owned: Owned) -> Iterator[Template]:
    """The pods that an object is for: of a release, of an operator, or those that have a Secret."""
    name = text(at(facts.body(owned.manifest), "spec", "target", "name"))
    match owned.manifest.id.kind:
        case "HelmRelease":
            of_all = facts.view(templates)
            yield from (t for t in of_all if t.owner.unit.id.key == owned.manifest.id.key)
        case "ExternalSecret":
            held = f'"{name or owned.manifest.id.name}"'.encode()
            yield from _holders(facts, owned.manifest.id.namespace, held)
        case _:
            yield from facts.view(references.by_cause).get(owned.manifest.id.key, ())


def _judged(facts: Index, named: Named, host: Identity) -> Iterator[Finding]:
    protocol = "UDP" if named.endpoint.port in _DATAGRAMS else "TCP"
    found = [Connection(each, host, named.endpoint.port, protocol) for each in named.readers]
    yield from _refused(facts, named.by, str(named.endpoint), found)


def _refused(facts: Index, by: Owned, shown: str, found: list[Connection]) -> Iterator[Finding]:
    """What is told where none of the connections may be made."""
    verdicts = [facts.view(Enforcement).judge(each, "egress") for each in found]
    if not verdicts:
        return
    if isinstance(verdicts[0], Closed | Denied) and not any(isinstance(v, Open) for v in verdicts):
        spot, how = blame.place(facts, found[0], "egress", verdicts[0])
        yield spot.error(
            "network-policy/denied-flow",
            f"{blame.shown(found[0])} is closed out of {found[0].source.name}, though "
            f"{by.manifest.id} names {shown}: {how}",
            f"allow {blame.entry(found[0], 'egress')}",
            by,
        )


_DATAGRAMS = {53, 123, 161}
"""Ports of DNS, NTP and SNMP."""


def identity(facts: Index, endpoint: Endpoint) -> Identity | None:
    """Who an endpoint is to policies; None for what is in the cluster, or on no network."""
    if not endpoint.is_address:
        return _named(facts, endpoint.host)
    try:
        address = ipaddress.IPv4Address(endpoint.host)
    except ValueError:
        return None
    odd = address.is_loopback or address.is_link_local or address.is_unspecified
    if odd or address.is_multicast or any(address in each for each in facts.view(_own)):
        return None
    return identities.outside("", str(address))


def _named(facts: Index, host: str) -> Identity | None:
    """A name that the cluster does not serve itself."""
    last = host.rsplit(".", 1)[-1]
    if ".svc" in host or last in {"local", "internal", "localhost", "svc"} or last.isdecimal():
        return None
    if host in facts.view(_served):
        return None
    estate = facts.knowledge.estate
    known = estate and estate.estate.s3.host == host
    return identities.outside(host, str(estate.estate.nas.address) if estate and known else "")


def _own(facts: Index) -> tuple[ipaddress.IPv4Network, ...]:
    """Addresses of pods, Services, nodes and load balancers: policies know them otherwise."""
    estate = facts.knowledge.estate
    if estate is None:
        return (*map(ipaddress.IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")),)
    found = []
    for cluster in estate.estate.clusters.values():
        found += [cluster.pods, cluster.services, cluster.load_balancers]
        hosts = [cluster.api.address, *(each.address for each in cluster.nodes.values())]
        found += [ipaddress.IPv4Network(each) for each in hosts]
    return tuple(found)


def _served(facts: Index) -> frozenset[str]:
    """The hosts that routes and Ingresses are for."""
    routes = {host for route in facts.view(Gateways).routes for host in route.hostnames}
    rules = (
        each
        for owned in facts.of("networking.k8s.io", "Ingress")
        for each in listing(at(facts.body(owned.manifest), "spec", "rules"))
    )
    return frozenset(routes | {text(mapping(each).get("host")) for each in rules})


def _told(facts: Index) -> Iterator[Told]:
    """Commands and environments, ConfigMaps, templates of Secrets, and what operators are told."""
    readers: dict[int, tuple[Owned, list[Template]]] = {}
    for template in facts.view(templates):
        if template.owner.manifest.incomplete != operators.MADE:
            yield Told(template.owner, references.told(template), (template,))
        for settings in references.settings_of(facts, template):
            readers.setdefault(id(settings.manifest), (settings, []))[1].append(template)
    for settings, by in readers.values():
        yield Told(settings, references.texts(facts, settings), tuple(by))
    for key, made in facts.view(references.by_cause).items():
        cause = facts.owned[key][0]
        yield Told(cause, facts.body(cause.manifest).get("spec"), tuple(made))
    yield from _secrets(facts)


def _secrets(facts: Index) -> Iterator[Told]:
    """What the templates of ExternalSecrets tell those who have the Secret."""
    for owned in facts.of("external-secrets.io", "ExternalSecret"):
        target = mapping(at(facts.body(owned.manifest), "spec", "target"))
        data = mapping(at(target, "template", "data"))
        if any(endpoints.within(data)):
            name = text(target.get("name")) or owned.manifest.id.name
            found = _holders(facts, owned.manifest.id.namespace, f'"{name}"'.encode())
            yield Told(owned, data, tuple(found))


def _holders(facts: Index, namespace: str, name: bytes) -> Iterator[Template]:
    """The pods of a namespace that name something, or whose cause does."""
    causes = {
        id(template): facts.owned[key][0]
        for key, made in facts.view(references.by_cause).items()
        for template in made
    }
    for template in facts.view(templates):
        owner = causes.get(id(template), template.owner)
        if template.namespace == namespace and name in owner.manifest.raw:
            yield template
