"""Tunnels of cloudflared: whether the Gateway that one leads to answers.

Source: developers.cloudflare.com, "Origin parameters": cloudflared asks for a certificate by the
host of the `service`, unless `originServerName` or `matchSNItoHost` says otherwise; "Tunnel with
firewall": it reaches Cloudflare at port 7844.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import msgspec

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot, narrowed
from gitops.check.traffic import hosts, targets
from gitops.check.traffic.gateways import Gateways, Listener, bodies
from gitops.check.traffic.policies import blame, identities
from gitops.check.traffic.policies.enforcement import Enforcement
from gitops.check.traffic.policies.identities import Identity
from gitops.check.traffic.policies.rules import Policy
from gitops.check.traffic.services import Services, templates
from gitops.model.finding import Finding
from gitops.sources import yamlio

_OWNER = "gateway.networking.k8s.io/gateway-name"
_EDGE = "cfargotunnel.com"
_IMAGE = "cloudflare/cloudflared"
_PORT = 7844

Key = tuple[str, str]


class Entry(msgspec.Struct, frozen=True):
    """An entry of `ingress` that leads to the Service of a Gateway."""

    spot: Spot
    written: str
    hostname: str
    service: str
    gateway: Key
    origin: dict[str, Any]

    @property
    def asked(self) -> str:
        """The name that a certificate is asked for by."""
        if self.origin.get("matchSNItoHost") is True:
            return self.hostname
        return text(self.origin.get("originServerName")) or urlsplit(self.service).hostname or ""

    def narrowed(self, found: Finding) -> Finding:
        """The same finding at the line of the entry."""
        return narrowed(found, self.spot.facts, self.service, self.written)


def nameless(facts: Index) -> Iterator[Finding]:
    """A tunnel asks a Gateway for a name that one of its listeners is for."""
    for entry in facts.view(_entries):
        heard = [each.hostname for each in _encrypted(facts, entry)]
        if heard and not any(not host or hosts.meet(host, entry.asked) for host in heard):
            yield entry.narrowed(
                entry.spot.error(
                    "tunnel/server-name",
                    f"{entry.spot.who}: the tunnel asks Gateway/{'/'.join(entry.gateway)} for "
                    f"{entry.asked}, and its listeners are for {', '.join(sorted(set(heard)))}: "
                    "no connection is made",
                    "set originRequest.matchSNItoHost, or originServerName to a name of a listener",
                )
            )


def elsewhere(facts: Index) -> Iterator[Finding]:
    """What has the name of a tunnel is behind it."""
    entries = facts.view(_entries)
    named = facts.view(_behind) if entries else {}
    if named and not named.keys() & {entry.gateway for entry in entries}:
        entry, (key, owned) = entries[0], min(named.items(), key=lambda each: each[0])
        yield entry.narrowed(
            entry.spot.warning(
                "tunnel/other-gateway",
                f"{entry.spot.who}: the tunnel leads to Gateway/{'/'.join(entry.gateway)}, and "
                f"Gateway/{'/'.join(key)} has its name: the routes of that one are not found",
                "lead to the Service of the Gateway that is named after the tunnel",
                owned,
            )
        )


def closed(facts: Index) -> Iterator[Finding]:
    """A tunnel may reach Cloudflare."""
    if not any(_IMAGE in image for image in facts.view(targets.images)):
        return
    enforcement = facts.view(Enforcement)
    for template in facts.view(templates):
        if any(_is_tunnel(each) for _, each in template.containers):
            who = enforcement.who(template)
            policies = enforcement.selecting(who)
            closing = [each for each in policies if "egress" in each.closes]
            if closing and not _may_leave(enforcement, who):
                yield _out(facts, policies, closing).error(
                    "network-policy/denied-flow",
                    f"{who.name} is a tunnel, which reaches Cloudflare at port {_PORT} of UDP or "
                    "TCP, and no policy opens that",
                    f"allow toEntities [world] with port {_PORT}/UDP and TCP",
                    template.owner,
                )


def _is_tunnel(container: dict[str, Any]) -> bool:
    """Whether it is told to be one: the program has other uses."""
    told = [*listing(container.get("command")), *listing(container.get("args"))]
    return _IMAGE in text(container.get("image")) and "tunnel" in told


def _out(facts: Index, policies: tuple[Policy, ...], closing: list[Policy]) -> Spot:
    """The ports that it may call in the world; else the policy that closes it."""
    edge = identities.outside("region1.v2.argotunnel.com")
    for policy in policies:
        for rule in policy.egress:
            if rule.reaches(edge) and rule.ports:
                way = (*rule.pointer, *blame.port_way(policy.owned))
                return Spot(facts, policy.owned, way)
    own = next((each for each in policies if each.egress), closing[0])
    return Spot(facts, own.owned, (*own.pointer, "egress"))


def _may_leave(enforcement: Enforcement, who: Identity) -> bool:
    """Whether a rule is about the port, whomever it opens it to."""
    rules = [rule for policy in enforcement.selecting(who) for rule in policy.egress]
    return any(
        rule.admits(_PORT, protocol, who)
        for rule in rules
        if not rule.denies and rule.peers != () and rule.ports != ()
        for protocol in ("UDP", "TCP")
    )


def _entries(facts: Index) -> tuple[Entry, ...]:
    return tuple(
        entry
        for owned in facts.of("", "ConfigMap")
        if b"ingress:" in owned.manifest.raw and b"service: https://" in owned.manifest.raw
        for key, written in mapping(facts.body(owned.manifest).get("data")).items()
        for entry in _within(Spot(facts, owned, ("data", str(key))), text(written))
    )


def _within(spot: Spot, written: str) -> Iterator[Entry]:
    documents, _ = yamlio.parse(written.encode(), spot.owned.manifest.origin.source.path)
    value = documents[0].value if len(documents) == 1 else None
    if not mapping(value).get("tunnel"):
        return
    for each in map(mapping, listing(at(value, "ingress"))):
        service = text(each.get("service"))
        gateway = _gateway(spot.facts, service)
        if gateway:
            origin = mapping(at(value, "originRequest")) | mapping(each.get("originRequest"))
            yield Entry(spot, written, text(each.get("hostname")), service, gateway, origin)


def _gateway(facts: Index, service: str) -> Key | None:
    """The Gateway that the host of a URL is the Service of."""
    labels = (urlsplit(service).hostname or "").split(".")
    found = facts.view(Services).find(labels[1], labels[0]) if len(labels) > 1 else None
    name = found.labels.get(_OWNER) if found and service.startswith("https://") else None
    return (labels[1], name) if name else None


def _encrypted(facts: Index, entry: Entry) -> list[Listener]:
    port = urlsplit(entry.service).port or 443
    listeners = facts.view(Gateways).listeners.get(entry.gateway, ())
    return [each for each in listeners if each.protocol in ("HTTPS", "TLS") and each.port == port]


def _behind(facts: Index) -> dict[Key, Owned]:
    """The Gateways that are given the name of a tunnel, by an annotation.

    Source: external-dns, `target`: routes get the name that their Gateway is annotated with.
    """
    names = {
        text(each.get("dnsName"))
        for _, body in bodies(facts, "externaldns.k8s.io", "DNSEndpoint")
        for each in map(mapping, listing(at(body, "spec", "endpoints")))
        if any(text(target).endswith(_EDGE) for target in listing(each.get("targets")))
    }
    found: dict[Key, Owned] = {}
    for owned, body in bodies(facts, "gateway.networking.k8s.io", "Gateway"):
        notes = mapping(at(body, "metadata", "annotations"))
        if any(isinstance(each, str) and each in names for each in notes.values()):
            found[(owned.manifest.id.namespace, owned.manifest.id.name)] = owned
    return found
