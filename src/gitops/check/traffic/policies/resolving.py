"""Pods that call others by name, and may not ask for names."""

from collections.abc import Iterator

import msgspec

from gitops.check.fields import at, listing
from gitops.check.index import Index
from gitops.check.spot import Spot
from gitops.check.traffic.policies import blame, configured, identities
from gitops.check.traffic.policies.enforcement import Enforcement
from gitops.check.traffic.policies.identities import Identity
from gitops.check.traffic.policies.peers import Cidr, Name, Selector
from gitops.check.traffic.policies.rules import Connection, Open, Policy, Rule
from gitops.check.traffic.services import templates
from gitops.model.finding import Finding


def nameless(facts: Index) -> Iterator[Finding]:
    """A pod that may call others by name, or is told of one, may ask for names."""
    enforcement, told_of = facts.view(Enforcement), facts.view(_told)
    told: set[tuple[str, ...]] = set()
    for who in enforcement.pods.values():
        closing = [each for each in enforcement.selecting(who) if "egress" in each.closes]
        named = told_of.get(who.name, "")
        calls = named or _calls_by_name(enforcement.selecting(who))
        if not closing or not calls or _asks(facts, who):
            continue
        key = tuple(str(each.owned.manifest.id) for each in closing)
        if key not in told:
            told.add(key)
            spot, how = _kept_from_dns(facts, who)
            called = f"is told to call {named}" if named else "may call others by name"
            yield spot.error(
                "network-policy/dns-denied",
                f"{who.name} {called}, and no policy lets it ask the DNS of the "
                f"cluster: every name fails to resolve; {how}",
                "allow toEndpoints (namespace kube-system, k8s-app=kube-dns) with port 53 of "
                "UDP and TCP",
            )


def _told(facts: Index) -> dict[str, str]:
    """A host outside that each pod alone is told of; one that has its own table of hosts may find
    it there. What several have in their settings is perhaps for some of them only."""
    tables = {each.owner.manifest.id for each in facts.view(templates) if _has_table(each.spec)}
    return {
        named.readers[0].name: str(named.endpoint)
        for named in facts.view(configured.all_of)
        if len(named.readers) == 1 and not named.endpoint.is_address
        if configured.identity(facts, named.endpoint)
        if named.readers[0].owned and named.readers[0].owned.manifest.id not in tables
    }


def _has_table(spec: dict[str, object]) -> bool:
    """Whether a pod has names of its own, or servers that it asks for them."""
    servers = at(spec, "dnsConfig", "nameservers")
    return bool(listing(spec.get("hostAliases")) or listing(servers))


def _calls_by_name(policies: tuple[Policy, ...]) -> bool:
    return any(_by_name(rule) for policy in policies for rule in policy.egress if not rule.denies)


def _by_name(rule: Rule) -> bool:
    """Whether a rule leads to something that has a name: pods of Services, or hosts outside, which
    hardly anybody calls by addresses, unless these are told."""
    if rule.peers is None:
        return rule.ports is not None
    return any(isinstance(each, Name) or _is_pods(each) or _is_world(each) for each in rule.peers)


def _is_world(peer: object) -> bool:
    if isinstance(peer, Cidr):
        return peer.network == "0.0.0.0/0"
    return isinstance(peer, Selector) and ("reserved:world", "") in peer.wanted


def _is_pods(peer: object) -> bool:
    return isinstance(peer, Selector) and any(
        key.startswith(("k8s:", "any:")) for key, _ in peer.wanted
    )


def _asks(facts: Index, who: Identity) -> bool:
    """Whether it may ask the DNS of the cluster, or one that runs on its node."""
    enforcement = facts.view(Enforcement)
    local = identities.reserved("DNS of the node", ("host",))
    servers = (_dns(facts), local, identities.outside("dns"))
    return any(
        isinstance(enforcement.judge(Connection(who, server, 53, "UDP"), "egress"), Open)
        for server in servers
    )


def _dns(facts: Index) -> Identity:
    """CoreDNS, as the policies of a cluster see it."""
    marks = {"k8s-app": "kube-dns", "app.kubernetes.io/name": "coredns"}
    dns = identities.pod("the DNS", "kube-system", marks, {})
    named = {**dns.labels, identities.CLUSTER: facts.view(Enforcement).cluster}
    ports = (("dns", 53, "UDP"), ("dns-tcp", 53, "TCP"))
    return msgspec.structs.replace(dns, labels=named, ports=ports)


def _kept_from_dns(facts: Index, who: Identity) -> tuple[Spot, str]:
    """Where a policy comes closest to letting somebody ask for names, and what it lacks."""
    connection = Connection(who, _dns(facts), 53, "UDP")
    verdict = facts.view(Enforcement).judge(connection, "egress")
    assert not isinstance(verdict, Open), "asked of those alone who may not ask"
    return blame.place(facts, connection, "egress", verdict)
