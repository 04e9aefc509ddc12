"""BGP: whether the sessions come up, and whether anything is announced on them."""

from collections.abc import Iterator
from ipaddress import IPv4Address

from gitops.check import index, selectors
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.operators import MADE
from gitops.check.platform.network import cilium, ranges, speakers
from gitops.check.platform.network.speakers import GROUP, Advertisement, Peer, Way
from gitops.check.spot import graded
from gitops.estate import pointing
from gitops.estate.loading import Loaded
from gitops.estate.pointing import Address
from gitops.model import finding
from gitops.model.finding import Finding, Severity
from gitops.model.origin import Location

_HOLD, _KEEPALIVE = 90, 30
"""Source: cilium.io/v2, CiliumBGPPeerConfig: what timers are where they are not set."""

_SERVICES = ("", "Service")


def peer_configs(facts: Index) -> Iterator[Finding]:
    """Every peer configuration that a neighbour names exists."""
    for peer in speakers.peers(facts):
        name = peer.config_name
        if name and speakers.config(facts, name) is None:
            known = ", ".join(
                each.manifest.id.name for each in facts.of(GROUP, "CiliumBGPPeerConfig")
            )
            yield _error(
                facts,
                "bgp/peer-config-missing",
                (peer.owned, (*peer.way, "peerConfigRef", "name")),
                f"names the CiliumBGPPeerConfig {name!r}, which does not exist: no session begins",
                f"there is {known}" if known else "add it, or correct the name",
            )


def families(facts: Index) -> Iterator[Finding]:
    """Every family of a peer configuration finds advertisements by their labels."""
    found = facts.of(GROUP, "CiliumBGPAdvertisement")
    labels = [mapping(at(facts.body(each.manifest), "metadata", "labels")) for each in found]
    for owned in facts.of(GROUP, "CiliumBGPPeerConfig"):
        given = listing(at(facts.body(owned.manifest), "spec", "families"))
        for place, family in enumerate(given):
            selector = mapping(family).get("advertisements")
            way: Way = ("spec", "families", place)
            if selector is None:
                words = "has a family without advertisements: nothing is announced by it"
            elif not any(selectors.matches(selector, each) for each in labels):
                words = "selects advertisements by labels that no CiliumBGPAdvertisement has"
                way = (*way, "advertisements")
            else:
                continue
            hint = "select the labels of a CiliumBGPAdvertisement"
            yield _error(facts, "bgp/nothing-advertised", (owned, way), words, hint)
        if not given:
            words = "has no families: sessions come up and nothing is announced on them"
            hint = "add the family ipv4 unicast, with advertisements"
            yield _error(facts, "bgp/nothing-advertised", (owned, ("spec",)), words, hint)


def selecting(facts: Index) -> Iterator[Finding]:
    """An advertisement of Services selects some: without a selector it selects none."""
    for each in speakers.advertisements(facts):
        if each.body.get("advertisementType") != "Service":
            continue
        if each.body.get("selector") is None:
            words = "announces Services and has no selector: it selects none"
            hint = "a selector with `NotIn` a value that no Service has selects all"
            yield _error(facts, "bgp/selects-nothing", (each.owned, each.way), words, hint)
        elif not _selects_some(facts, each):
            yield from _selects_nothing(facts, each)


def _selects_nothing(facts: Index, each: Advertisement) -> Iterator[Finding]:
    """Where Services cannot be seen, told only if nothing announces those that can."""
    hint = "correct the selector, or the labels of the Services"
    way = (*each.way, "selector")
    if _sees_all(facts):
        words = "announces Services by labels that no Service of type LoadBalancer has"
        yield _error(facts, "bgp/selects-nothing", (each.owned, way), words, hint)
        return
    balanced = _balanced(facts)
    others = [found for found in speakers.advertisements(facts) if found.body.get("selector")]
    if balanced and not any(_selects_some(facts, found) for found in others):
        who = each.owned.manifest.id
        words = "announces none of the Services of type LoadBalancer that can be seen here, such as"
        message = f"{who} {words} {balanced[0].manifest.id}"
        place = facts.at(each.owned, *way)
        yield index.about(who, finding.warning("bgp/selects-nothing", place, message, hint))


def _balanced(facts: Index) -> list[Owned]:
    return [
        owned
        for owned in facts.of(*_SERVICES)
        if at(facts.body(owned.manifest), "spec", "type") == "LoadBalancer"
    ]


def _sees_all(facts: Index) -> bool:
    """Whether every Service of the cluster is known, those of Gateways apart."""
    seen = all(unit.manifests for unit in facts.cluster.units)
    return seen and not facts.of("gateway.networking.k8s.io", "Gateway")


def _selects_some(facts: Index, each: Advertisement) -> bool:
    kinds = listing(at(each.body, "service", "addresses"))
    for owned in facts.of(*_SERVICES):
        body = facts.body(owned.manifest)
        found = owned.manifest.id
        labels = {
            **mapping(at(body, "metadata", "labels")),
            "io.kubernetes.service.namespace": found.namespace,
            "io.kubernetes.service.name": found.name,
        }
        balanced = at(body, "spec", "type") == "LoadBalancer" or kinds != ["LoadBalancerIP"]
        if balanced and selectors.matches(each.body["selector"], labels):
            return True
    return False


def secrets(facts: Index) -> Iterator[Finding]:
    """The password of a session is there before Cilium dials: without it, Cilium dials with none.

    Source: docs.cilium.io, BGP Control Plane: the Secret lies in the namespace of
    `bgpControlPlane.secretsNamespace.name`, and kube-system unless that is set.
    """
    release = facts.view(cilium.release)
    given = release.get("bgpControlPlane", "secretsNamespace", "name") if release else None
    namespace = text(given) or "kube-system"
    for owned in facts.of(GROUP, "CiliumBGPPeerConfig"):
        name = text(at(facts.body(owned.manifest), "spec", "authSecretRef"))
        if not name or f"Secret/{namespace}/{name}" in facts.knowledge.outside:
            continue
        secret = facts.find("", "Secret", namespace, name)
        place = (owned, ("spec", "authSecretRef"))
        if secret is None and not facts.hiding(namespace):
            words = f"takes its password from Secret/{namespace}/{name}, which nothing creates"
            yield _error(facts, "bgp/secret-missing", place, words, _MAKE)
        elif secret is not None and secret.manifest.incomplete == MADE:
            yield _late(facts, owned, f"Secret/{namespace}/{name}", secret)


_MAKE = "create it before Flux and name it in `outside` of gitops.toml, or encrypt it in the tree"


def _late(facts: Index, owned: Owned, name: str, secret: Owned) -> Finding:
    mistake = finding.warning(
        "bgp/secret-late",
        facts.at(owned, "spec", "authSecretRef"),
        f"{owned.manifest.id} takes its password from {name}, which a controller makes "
        "once the network is up: until then Cilium dials without a password",
        _MAKE,
        secret.manifest.origin.source,
    )
    return index.about(owned.manifest.id, mistake)


def numbers(facts: Index) -> Iterator[Finding]:
    """Both sides agree who they are: AS numbers, and the address of the router."""
    loaded = facts.knowledge.estate
    cluster = loaded.estate.clusters.get(facts.cluster.name) if loaded else None
    if loaded is None or cluster is None:
        return
    router, mine = loaded.estate.router.asn, ("clusters", facts.cluster.name, "asn")
    for peer in speakers.peers(facts):
        if ranges.address(peer.body.get("peerAddress")) != loaded.estate.router_address:
            continue
        asn = peer.body.get("peerASN")
        if isinstance(asn, int) and asn not in (0, router):
            words = f"expects AS {asn} of the router, which is AS {router}"
            yield _other(facts, (peer, ("peerASN",)), words, loaded.at("router", "asn"))
        if isinstance(peer.local_asn, int) and peer.local_asn != cluster.asn:
            words = f"says AS {peer.local_asn} to the router, which expects AS {cluster.asn}"
            yield _other(facts, (peer, ()), words, loaded.at(*mine))


def _other(facts: Index, place: tuple[Peer, Way], words: str, related: Location) -> Finding:
    peer, way = place
    where = (peer.owned, (*peer.way, *way) if way else (*peer.way[:3], "localASN"))
    return _error(facts, "bgp/asn", where, words, "take it from fleet.yaml", related)


def addresses(facts: Index) -> Iterator[Finding]:
    """A neighbour that is one hop away lies in the network of the nodes."""
    loaded = facts.knowledge.estate
    if loaded is None or facts.cluster.name not in loaded.estate.clusters:
        return
    subnet, others = loaded.estate.node_vlan.subnet, _others(loaded)
    for peer in speakers.peers(facts):
        address = ranges.address(peer.body.get("peerAddress"))
        if address in others:
            other = others[address]
            where = (peer.owned, (*peer.way, "peerAddress"))
            words = f"has a neighbour at {address}, which is {other.what}, and speaks no BGP"
            hint = f"the router is at {loaded.estate.router_address}"
            yield _error(facts, "bgp/peer-address", where, words, hint, loaded.at(*other.at))
            continue
        config = speakers.config(facts, peer.config_name)
        hops = at(facts.body(config.manifest), "spec", "ebgpMultihop") if config else None
        if isinstance(address, IPv4Address) and address not in subnet and hops in (None, 1):
            yield _error(
                facts,
                "bgp/peer-address",
                (peer.owned, (*peer.way, "peerAddress")),
                f"has a neighbour at {address}, which is not in {subnet}, the network of the nodes",
                "take it from fleet.yaml; a neighbour behind a router needs ebgpMultihop",
                loaded.at("vlans", loaded.estate.node_network.vlan, "subnet"),
            )


def _others(loaded: Loaded) -> dict[object, Address]:
    """What fleet.yaml names beside the router and nodes, by its address."""
    nodes = {node.address for node in loaded.estate.nodes.values()}
    routers = {vlan.gateway for vlan in loaded.estate.vlans.values()}
    return {
        each.address: each
        for each in pointing.addresses(loaded.estate)
        if each.address not in nodes | routers
    }


def timers(facts: Index) -> Iterator[Finding]:
    """A neighbour is told to be alive three times before it counts as dead. Told of less often, it
    dies when one message is lost; told of too late, it always does.

    Source: RFC 4271, 4.4: a reasonable time between messages is a third of the hold time.
    """
    loaded = facts.knowledge.estate
    for owned in facts.of(GROUP, "CiliumBGPPeerConfig"):
        given = mapping(at(facts.body(owned.manifest), "spec", "timers"))
        hold = given.get("holdTimeSeconds", _HOLD)
        alive = given.get("keepAliveTimeSeconds", _KEEPALIVE)
        if not isinstance(hold, int) or not isinstance(alive, int):
            continue
        place = (owned, ("spec", "timers"))
        if alive * 3 > hold:
            words = f"has a hold time of {hold} s and tells of itself every {alive} s only"
            hint = "set keepAliveTimeSeconds to a third of holdTimeSeconds"
            found = _error(facts, "bgp/timers", place, words, hint)
            yield found if alive >= hold else graded(found, Severity.WARNING)
        elif loaded and hold != loaded.estate.bgp.hold_time:
            words = f"has a hold time of {hold} s, and the router of {loaded.estate.bgp.hold_time}"
            related = loaded.at("bgp", "hold-time")
            yield _error(facts, "bgp/timers", place, words, "take it from fleet.yaml", related)


def conflicts(facts: Index) -> Iterator[Finding]:
    """A node is configured by one object.

    Source: cilium.io/v2: where two select a node, neither is applied (ConflictingClusterConfig).
    """
    first: dict[str, Owned] = {}
    for owned in facts.of(GROUP, "CiliumBGPClusterConfig"):
        selector = mapping(at(facts.body(owned.manifest), "spec", "nodeSelector"))
        held = first.setdefault(repr(sorted(selector.items())), owned)
        if held is not owned:
            words = f"selects the same nodes as {held.manifest.id}: neither is applied to them"
            hint = "put all instances into one object, or select other nodes"
            place = (owned, ("spec", "nodeSelector"))
            related = held.manifest.origin.source
            yield _error(facts, "bgp/conflict", place, words, hint, related)


def _error(
    facts: Index, rule: str, place: tuple[Owned, Way], words: str, hint: str, *related: Location
) -> Finding:
    owned, way = place
    message = f"{owned.manifest.id} {words}"
    mistake = finding.error(rule, facts.at(owned, *way), message, hint, *related)
    return index.about(owned.manifest.id, mistake)


RULES = (
    peer_configs,
    families,
    selecting,
    secrets,
    numbers,
    addresses,
    timers,
    conflicts,
)
