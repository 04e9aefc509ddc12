"""What a rule may name as the other side.

Source: Cilium 1.18, pkg/k8s/apis/cilium.io/utils and pkg/policy/api.
"""

import ipaddress
import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from gitops.check.fields import listing, mapping
from gitops.check.traffic.policies.identities import (
    CLUSTER,
    NAMESPACE,
    NAMESPACE_LABELS,
    UNKNOWN,
    Identity,
)

Requirement = tuple[str, str, tuple[str, ...]]
"""Key with its source, operator and values."""


class Selector(msgspec.Struct, frozen=True):
    """Labels that a party has. All requirements hold together; none select everybody."""

    wanted: tuple[tuple[str, str], ...] = ()
    requirements: tuple[Requirement, ...] = ()

    def matches(self, who: Identity) -> bool:
        """Whether the party has them."""
        # A plain loop: this is asked more often than anything else here.
        for key, value in self.wanted:
            if not who.has(key, value):
                return False
        return all(_holds(each, who) for each in self.requirements)

    def misses(self, who: Identity) -> int:
        """How many of the labels the party does not have."""
        wrong = sum(not who.has(key, value) for key, value in self.wanted)
        return wrong + sum(not _holds(each, who) for each in self.requirements)

    def values(self) -> Iterator[tuple[str, str]]:
        """Every value of a label that would do."""
        yield from self.wanted
        for key, operator, values in self.requirements:
            yield from ((key, value) for value in values if operator == "In")

    def value(self, name: str) -> str | None:
        """The value that a label has to have."""
        names = (name, f"any:{name.partition(':')[2]}")
        return next((value for key, value in self.wanted if key in names), None)

    def looks_at(self, prefix: str) -> bool:
        """Whether it asks for a label, or for labels that begin so, of whatever source."""
        source, _, name = prefix.partition(":")
        bare = f"any:{name}" if source == "k8s" else prefix
        keys = [*(key for key, _ in self.wanted), *(key for key, _, _ in self.requirements)]
        return any(key.startswith((prefix, bare)) for key in keys)

    def also(self, key: str, value: str) -> "Selector":
        """The same with one more label."""
        return Selector((*self.wanted, (key, value)), self.requirements)

    def exists(self, key: str) -> "Selector":
        """The same for those that have a label."""
        return Selector(self.wanted, (*self.requirements, (key, "Exists", ())))

    def __str__(self) -> str:
        pairs = [f"{_bare(key)}={value}" for key, value in self.wanted if key != CLUSTER]
        return ",".join([*pairs, *(_shown(each) for each in self.requirements)]) or "everything"


def _holds(requirement: Requirement, who: Identity) -> bool:
    key, operator, values = requirement
    found = who.get(key)
    match operator:
        case "In":
            return any(who.has(key, value) for value in values)
        case "NotIn":
            return found is None or found == UNKNOWN or found not in values
        case "Exists":
            return found is not None
        case "DoesNotExist":
            return found is None
        case _:
            return False


def _bare(key: str) -> str:
    source, _, name = key.partition(":")
    name = name if source in {"k8s", "any"} else key
    return name.replace("io.kubernetes.pod.namespace", "namespace")


def _shown(requirement: Requirement) -> str:
    key, operator, values = requirement
    name = _bare(key)
    match operator:
        case "Exists":
            return name
        case "DoesNotExist":
            return f"!{name}"
        case _:
            return f"{name} {operator.lower()} ({','.join(values)})"


def selector(body: dict[str, Any], source: str = "any", prefix: str = "") -> Selector:
    """A label selector; keys without a source get the one given, and a prefix."""
    wanted = [
        (_keyed(str(key), source, prefix), str(value))
        for key, value in mapping(body.get("matchLabels")).items()
    ]
    requirements = [
        (
            _keyed(str(each.get("key")), source, prefix),
            str(each.get("operator")),
            tuple(map(str, listing(each.get("values")))),
        )
        for each in map(mapping, listing(body.get("matchExpressions")))
    ]
    return Selector(tuple(wanted), tuple(requirements))


_SOURCES = ("any", "k8s", "reserved", "cidr", "cidrgroup", "container", "unspec")


def _keyed(key: str, source: str, prefix: str) -> str:
    """Source: Cilium, labels.GetExtendedKeyFrom: the source stands before a colon."""
    given, colon, name = key.partition(":")
    if colon and given in _SOURCES:
        return f"{given}:{prefix}{name}"
    return f"{source}:{prefix}{key}"


def at_home(found: Selector, namespace: str, cluster: str) -> Selector:
    """What a peer of a CiliumNetworkPolicy means: without a namespace that of the policy, or, if
    it is clusterwide, any pod; and, where clusters are kept apart, the own cluster."""
    if found.looks_at("reserved:"):
        return found
    if not found.looks_at(NAMESPACE):
        if not namespace:
            found = found.exists(NAMESPACE)
        elif not found.looks_at(NAMESPACE_LABELS):
            found = found.also(NAMESPACE, namespace)
    return in_cluster(found, cluster)


def in_cluster(found: Selector, cluster: str) -> Selector:
    """The same in one cluster, if it names none; "" leaves it to all clusters."""
    return found if not cluster or found.looks_at(CLUSTER) else found.also(CLUSTER, cluster)


class Cidr(msgspec.Struct, frozen=True):
    """Addresses outside of the cluster, but for those `apart`. With `loose`, where pods have plain
    addresses to the CNI, they may be pods as well."""

    network: str
    loose: bool = False
    apart: tuple[str, ...] = ()

    def matches(self, who: Identity) -> bool:
        """Most addresses of hosts outside are not known: they may be among these."""
        if self.loose and who.is_pod:
            return True
        if who.get("reserved:world") is None:
            return False
        return not who.address or bool(self.holding([ipaddress.IPv4Network(who.address)]))

    def holding(self, networks: Iterable[ipaddress.IPv4Network]) -> list[ipaddress.IPv4Network]:
        """Those of the networks that are among these; all, where these cannot be read."""
        try:
            around = ipaddress.ip_network(self.network, strict=False)
            apart = [ipaddress.ip_network(each, strict=False) for each in self.apart]
        except ValueError:
            return [*networks]
        return [
            each
            for each in networks
            if _holds_network(around, each) and not any(_holds_network(out, each) for out in apart)
        ]

    def __str__(self) -> str:
        return self.network


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _holds_network(around: Network, each: Network) -> bool:
    return each.version == around.version and each[0] in around and each[-1] in around


class Name(msgspec.Struct, frozen=True):
    """DNS names with wildcards. Source: Cilium, pkg/fqdn/matchpattern."""

    pattern: str

    def matches(self, who: Identity) -> bool:
        """Whether it is a host outside by such a name."""
        if self.pattern == "*":
            return bool(who.host)
        # A star stands for any part of one label: it does not match a dot.
        labels = re.escape(self.pattern.lower()).replace(r"\*", "[-a-z0-9_]*")
        return bool(who.host) and re.fullmatch(labels, who.host) is not None

    def __str__(self) -> str:
        return self.pattern


class Unseen(msgspec.Struct, frozen=True):
    """A peer that only a cluster can tell, such as a security group: it may be anybody."""

    what: str

    def matches(self, who: Identity) -> bool:
        """It may be."""
        return True

    def __str__(self) -> str:
        return self.what


Peer = Selector | Cidr | Name | Unseen


def entity(name: str, cluster: str) -> tuple[Peer, ...]:
    """Source: Cilium, api.EntitySelectorMapping and InitEntities."""
    match name:
        case "all":
            return (Selector(),)
        case "cluster":
            known = ("host", "remote-node", "init", "ingress", "health", "unmanaged")
            nodes = tuple(_reserved(each) for each in (*known, "kube-apiserver"))
            return (*nodes, Selector(((CLUSTER, cluster),)))
        case "none":
            return ()
        case _:
            return (_reserved(name),)


def _reserved(name: str) -> Selector:
    return Selector(((f"reserved:{name}", ""),))
