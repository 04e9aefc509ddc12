"""Addresses: whose they are, and that nobody else's are."""

from collections.abc import Iterator

import msgspec

from gitops.check import index
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.operators import MADE
from gitops.check.platform.network import cilium, pools, ranges, requested
from gitops.check.platform.network.pools import Pool
from gitops.check.platform.network.ranges import Range
from gitops.check.platform.network.requested import Request
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.ids import ObjectId

_PORTS = range(30000, 32768)
"""Source: kube-apiserver, --service-node-port-range."""

_FILE = "fleet.yaml"


def overlaps(clusters: tuple[Index, ...]) -> Iterator[Finding]:
    """Pods, Services, machines and load balancers have addresses of their own.

    Clusters of an estate share one network. Of those of which no estate is known nothing is said
    across clusters: they may never meet.
    """
    found = [(facts, _written(facts)) for facts in clusters]
    for facts, own in found:
        others = [each for other, theirs in found if other is not facts for each in theirs]
        yield from (_overlap(facts, *pair) for pair in ranges.pairs(own))
        yield from _in_estate(facts, own)
        if facts.knowledge.estate is not None:
            later = [each for each in others if each.text and each.place]
            yield from (
                _overlap(facts, one, two)
                for one in own
                for two in later
                if one.overlaps(two) and one.place != two.place
            )


def _written(facts: Index) -> list[Range]:
    """The ranges that objects of a cluster name."""
    blocks = [block for pool in facts.view(pools.of) for block in pool.blocks]
    found = facts.view(cilium.release)
    cidrs = found.pod_cidrs if found else []
    what = f"the pods of {facts.cluster.name}"
    return [
        *(block for block in blocks if block),
        *(r for cidr, place in cidrs if (r := ranges.parse(cidr, what, place))),
    ]


def _in_estate(facts: Index, own: list[Range]) -> Iterator[Finding]:
    """The ranges of the estate that no pool of a cluster may touch, and that one does."""
    loaded, known = facts.knowledge.estate, _of_estate(facts)
    for one in own:
        for other, keys in known:
            if loaded and one.overlaps(other):
                placed = msgspec.structs.replace(other, place=loaded.at(*keys))
                yield _overlap(facts, one, placed)


def _of_estate(facts: Index) -> list[tuple[Range, tuple[str, ...]]]:
    """The ranges that no pool of a cluster may touch, and where the estate names them."""
    loaded = facts.knowledge.estate
    if loaded is None:
        return []
    named = [(f"VLAN {name}", ("vlans", name, "subnet")) for name in loaded.estate.vlans]
    for name in loaded.estate.clusters:
        named.append((f"the pods of {name}", ("clusters", name, "pods")))
        named.append((f"the Services of {name}", ("clusters", name, "services")))
        if name != facts.cluster.name:
            named.append((f"the load balancers of {name}", ("clusters", name, "load-balancers")))
    plain = msgspec.to_builtins(loaded.estate, enc_hook=str)
    own = ("clusters", facts.cluster.name, "pods")
    found = ((ranges.parse(at(plain, *keys), what), keys) for what, keys in named if keys != own)
    return [(each, keys) for each, keys in found if each]


def _overlap(facts: Index, one: Range, other: Range) -> Finding:
    assert one.place is not None
    related = (other.place,) if other.place else ()
    mistake = finding.error(
        "address/overlap",
        one.place,
        f"{one.what} has {one.text}, which overlaps with {other.text} of {other.what}",
        "give each its own range: an address that two have leads to either",
        *related,
    )
    return msgspec.structs.replace(mistake, cluster=facts.cluster.name)


def unaligned(facts: Index) -> Iterator[Finding]:
    """A CIDR begins with its first address, or its reader and its program read two ranges."""
    for pool in facts.view(pools.of):
        for block in pool.blocks:
            if block and block.place and not ranges.is_aligned(block.text):
                yield _unaligned(pool.owned.manifest.id, block)
    release = facts.view(cilium.release)
    if release is None:
        return
    routed = (text(release.get("ipv4NativeRoutingCIDR")), release.at("ipv4NativeRoutingCIDR"))
    for cidr, place in (routed, *release.pod_cidrs):
        block = ranges.parse(cidr, str(release.release.manifest.id), place)
        if block and not ranges.is_aligned(cidr):
            yield _unaligned(release.release.manifest.id, block)


def _unaligned(subject: ObjectId, block: Range) -> Finding:
    assert block.place is not None
    mistake = finding.warning(
        "address/unaligned",
        block.place,
        f"{subject} has {block.text}, whose first address is {block.first}",
        f"write {block.first}/{block.text.partition('/')[2]}, or the range that is meant",
    )
    return index.about(subject, mistake)


def refused(facts: Index) -> Iterator[Finding]:
    """The pool that has the address which a Service asks for gives it to that Service.

    Addresses that no pool has are looked at with the listeners of Gateways.
    """
    found = facts.view(pools.of)
    for request in facts.view(requested.of):
        holding = [pool for pool in found if pool.holds(request.address)]
        if holding and not any(_gives(pool, request) for pool in holding):
            yield _refused(facts, request, holding[0])


def _gives(pool: Pool, request: Request) -> bool:
    is_gateway = request.owned.manifest.id.kind == "Gateway"
    return not pool.keeps(request.address) and (is_gateway or pool.takes(request.labels))


def _refused(facts: Index, request: Request, pool: Pool) -> Finding:
    kept = "keeps the ends of its ranges back" if pool.keeps(request.address) else ""
    who = request.owned.manifest.id
    mistake = finding.error(
        "address/pool-refuses",
        facts.at(request.owned, *request.way),
        f"{who} asks for {request.address} of {pool.name}, which {kept or 'selects other Services'}"
        ": it never gets an address",
        "ask for another address, or change the pool",
        pool.owned.manifest.origin.source,
    )
    return index.about(who, mistake)


def taken_twice(facts: Index) -> Iterator[Finding]:
    """No two ask for one address, unless they say that they share it."""
    first: dict[tuple[object, str], Request] = {}
    for request in facts.view(requested.of):
        key = (request.address, "")
        held = first.setdefault(key, request)
        shared = held.shared and held.shared == request.shared
        if held is not request and held.owned is not request.owned and not shared:
            yield _twice(facts, request, held)


def _twice(facts: Index, request: Request, held: Request) -> Finding:
    who, other = request.owned.manifest.id, held.owned.manifest.id
    mistake = finding.error(
        "address/taken-twice",
        facts.at(request.owned, *request.way),
        f"{who} asks for {request.address}, as {other} does: one of them gets none",
        "give each its own address, or the same sharing key to both",
        facts.at(held.owned, *held.way),
    )
    return index.about(who, mistake)


def node_ports(facts: Index) -> Iterator[Finding]:
    """Each port of the nodes is asked for once, and lies where Kubernetes allows it."""
    first: dict[tuple[int, str], Owned] = {}
    for owned in facts.of("", "Service"):
        if owned.manifest.incomplete == MADE:
            continue
        for place, port in enumerate(listing(at(facts.body(owned.manifest), "spec", "ports"))):
            number = mapping(port).get("nodePort")
            if not isinstance(number, int) or not number:
                continue
            way = ("spec", "ports", place, "nodePort")
            held = first.setdefault((number, mapping(port).get("protocol") or "TCP"), owned)
            if number not in _PORTS:
                yield _node_port(facts, owned, way, f"{number}, which is not in 30000-32767")
            elif held is not owned:
                taken = f"{number}, which {held.manifest.id} has"
                yield _node_port(facts, owned, way, taken)


def _node_port(facts: Index, owned: Owned, way: tuple[str | int, ...], words: str) -> Finding:
    mistake = finding.error(
        "address/node-port",
        facts.at(owned, *way),
        f"{owned.manifest.id} asks for the node port {words}: the API server refuses it",
        "choose a free port of 30000-32767, or leave the choice to Kubernetes",
    )
    return index.about(owned.manifest.id, mistake)


def cluster_addresses(facts: Index) -> Iterator[Finding]:
    """An address that a Service has inside the cluster is one of the cluster's Services; that of
    its names is the one which kubelets give to pods."""
    loaded = facts.knowledge.estate
    cluster = loaded.estate.clusters.get(facts.cluster.name) if loaded else None
    if loaded is None or cluster is None:
        return
    for owned in facts.of("", "Service"):
        wanted = ranges.address(at(facts.body(owned.manifest), "spec", "clusterIP"))
        if wanted is None:
            continue
        if wanted not in cluster.services:
            words = f"which is not in {cluster.services}"
            related = loaded.at("clusters", facts.cluster.name, "services")
        elif owned.manifest.id.name == "kube-dns" and wanted != cluster.dns_address:
            words = f"but pods ask {cluster.dns_address}"
            related = loaded.at("clusters", facts.cluster.name, "dns-address")
        else:
            continue
        mistake = finding.error(
            "address/cluster-ip",
            facts.at(owned, "spec", "clusterIP"),
            f"{owned.manifest.id} has the address {wanted}, {words}",
            f"take it from {_FILE}",
            related,
        )
        yield index.about(owned.manifest.id, mistake)


def not_routed(facts: Index) -> Iterator[Finding]:
    """Every pool lies in what the router lets this cluster announce."""
    loaded = facts.knowledge.estate
    cluster = loaded.estate.clusters.get(facts.cluster.name) if loaded else None
    if loaded is None or cluster is None:
        return
    admitted = ranges.parse(str(cluster.load_balancers))
    for pool in facts.view(pools.of):
        for block in pool.blocks:
            if block and block.place and admitted and not admitted.contains(block):
                mistake = finding.error(
                    "address/not-routed",
                    block.place,
                    f"{pool.name} has {block.text}, and the router takes only {admitted.text} "
                    f"from {facts.cluster.name}",
                    f"take the range from {_FILE}, or widen it there",
                    loaded.at("clusters", facts.cluster.name, "load-balancers"),
                )
                yield index.about(pool.owned.manifest.id, mistake)


RULES = (unaligned, refused, taken_twice, node_ports, cluster_addresses, not_routed)
FLEET_RULES = (overlaps,)
