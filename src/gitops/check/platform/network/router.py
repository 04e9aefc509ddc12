"""What the router is configured for, and what the objects of a cluster do: the same.

The router is configured from `fleet.yaml`, so that is what objects are held against.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from gitops.check import index
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.platform.network import cilium, pools, ranges, speakers
from gitops.check.platform.network.speakers import Peer, Way
from gitops.estate.loading import Loaded
from gitops.model import finding
from gitops.model.estate import Cluster
from gitops.model.finding import Finding
from gitops.model.flux import HELM_GROUP

_RESTART = 120
"""Source: cilium.io/v2, CiliumBGPPeerConfig: how long a restart may take where it is not set."""

_TAKEN = {"LoadBalancerIP"}


class Facts(msgspec.Struct, frozen=True):
    """The estate, and what it says of one cluster."""

    loaded: Loaded
    name: str
    cluster: Cluster


def of(facts: Index) -> Facts | None:
    """The facts of a cluster, where it has some."""
    loaded = facts.knowledge.estate
    cluster = loaded.estate.clusters.get(facts.cluster.name) if loaded else None
    return Facts(loaded, facts.cluster.name, cluster) if loaded and cluster else None


def sessions(facts: Index) -> Iterator[Finding]:
    """A cluster with addresses to announce has a session with the router."""
    own = facts.view(of)
    wanted = facts.view(pools.of)
    if own and wanted and not facts.hidden and not _peers(facts, own):
        pool = wanted[0]
        mistake = finding.error(
            "network/no-session",
            pool.owned.manifest.origin.source,
            f"{pool.name} gives addresses, and no CiliumBGPClusterConfig of {own.name} names the "
            f"router, {own.loaded.estate.router_address}: nobody outside finds them",
            "add it, with the router as a peer",
            own.loaded.at("vlans", own.loaded.estate.node_network.vlan, "gateway"),
        )
        yield index.about(pool.owned.manifest.id, mistake)


def _peers(facts: Index, own: Facts) -> list[Peer]:
    router = own.loaded.estate.router_address
    found = speakers.peers(facts)
    return [peer for peer in found if ranges.address(peer.body.get("peerAddress")) == router]


def _configs(facts: Index, own: Facts) -> list[tuple[Owned, dict[str, Any]]]:
    """The configurations of sessions with the router, each once, and what they say."""
    names = dict.fromkeys(peer.config_name for peer in _peers(facts, own))
    found = [owned for name in names if (owned := speakers.config(facts, name))]
    return [(owned, mapping(facts.body(owned.manifest).get("spec"))) for owned in found]


def passwords(facts: Index) -> Iterator[Finding]:
    """The router has a password for every session."""
    own = facts.view(of)
    for owned, spec in _configs(facts, own) if own else ():
        if not text(spec.get("authSecretRef")):
            words = "has no password, and the router drops what is not signed with one"
            hint = "set authSecretRef"
            yield _error(facts, "network/password", (owned, ("spec",)), words, hint)


def restarts(facts: Index) -> Iterator[Finding]:
    """Both sides wait equally long for one that restarts, and tell equally often that they live.

    Source: RFC 4724, 4.2: a helper keeps routes for the time that the other asked for, unless its
    own is shorter.
    """
    own = facts.view(of)
    for owned, spec in _configs(facts, own) if own else ():
        yield from _times(facts, own, owned, spec) if own else ()


def _times(facts: Index, own: Facts, owned: Owned, spec: dict[str, Any]) -> Iterator[Finding]:
    times = own.loaded.estate.bgp
    graceful = mapping(spec.get("gracefulRestart"))
    restart = graceful.get("restartTimeSeconds", _RESTART)
    if graceful.get("enabled") is True and restart != times.restart_time:
        words = f"asks for {restart} s to restart, and the router waits {times.restart_time}"
        place: tuple[Owned, Way] = (owned, ("spec", "gracefulRestart"))
        related = own.loaded.at("bgp", "restart-time")
        yield _error(facts, "network/timers", place, words, _FROM_FACTS, related)
    alive = at(spec, "timers", "keepAliveTimeSeconds")
    if isinstance(alive, int) and alive != times.keepalive:
        words = f"tells of itself every {alive} s, and fleet.yaml says {times.keepalive}"
        place = (owned, ("spec", "timers"))
        related = own.loaded.at("bgp", "keepalive")
        yield _error(facts, "network/timers", place, words, _FROM_FACTS, related)


_FROM_FACTS = "take it from fleet.yaml"


def announcements(facts: Index) -> Iterator[Finding]:
    """What is announced is what the router takes: single addresses of load balancers."""
    own = facts.view(of)
    if own is None or not _peers(facts, own):
        return
    related = own.loaded.at("clusters", own.name, "load-balancers")
    for each in speakers.advertisements(facts):
        kind = text(each.body.get("advertisementType"))
        service = mapping(each.body.get("service"))
        addresses = [text(found) for found in listing(service.get("addresses"))]
        length = service.get("aggregationLengthIPv4", 32)
        refused = kind if kind != "Service" else ", ".join(sorted({*addresses} - _TAKEN))
        if refused:
            words = f"announces {refused}, and the router takes addresses of load balancers only"
        elif length != 32:
            words = f"announces networks of /{length}, and the router takes single addresses only"
        else:
            continue
        hint = "announce LoadBalancerIP only, one by one"
        yield _error(facts, "network/refused-route", (each.owned, each.way), words, hint, related)


def limits(facts: Index) -> Iterator[Finding]:
    """A node announces no more than the router bears: past that, it closes the session."""
    own = facts.view(of)
    balanced = [
        owned
        for owned in facts.of("", "Service")
        if at(facts.body(owned.manifest), "spec", "type") == "LoadBalancer"
    ]
    if own and _peers(facts, own) and len(balanced) > own.loaded.estate.bgp.prefix_limit:
        limit = own.loaded.estate.bgp.prefix_limit
        yield finding.error(
            "network/prefix-limit",
            own.loaded.at("bgp", "prefix-limit"),
            f"{own.name} has {len(balanced)} Services of type LoadBalancer, and the router closes "
            f"a session on which more than {limit} addresses are announced",
            "raise prefix-limit, and apply it to the router first",
            balanced[limit].manifest.origin.source,
        )


def filters(facts: Index) -> Iterator[Finding]:
    """The router takes no address that no pool gives: a node could announce it unseen."""
    own = facts.view(of)
    blocks = [block for pool in facts.view(pools.of) for block in pool.blocks]
    admitted = ranges.parse(str(own.cluster.load_balancers)) if own else None
    if not own or not admitted or not blocks or facts.hidden:
        return
    known = [block for block in blocks if block and admitted.contains(block)]
    if len(known) == len(blocks) and not _covered(known, own):
        given = ", ".join(sorted(block.text for block in known))
        yield finding.error(
            "network/filter-wider",
            own.loaded.at("clusters", own.name, "load-balancers"),
            f"the router takes all of {admitted.text} from {own.name}, whose pools give {given}",
            "let the pools have the whole range, or name a smaller one in fleet.yaml",
            *(block.place for block in known if block.place),
        )


def _covered(blocks: list[ranges.Range], own: Facts) -> bool:
    whole = own.cluster.load_balancers
    reached = int(whole.network_address)
    for block in sorted(blocks, key=lambda each: int(each.first)):
        if int(block.first) > reached:
            return False
        reached = max(reached, int(block.last) + 1)
    return reached > int(whole.broadcast_address)


def frames(facts: Index) -> Iterator[Finding]:
    """Pods send no larger packets than the network of the nodes carries."""
    own, release = facts.view(of), facts.view(cilium.release)
    given = release.get("MTU") if release else None
    if own is None or release is None or not isinstance(given, int):
        return
    vlan = own.loaded.estate.node_vlan
    if given > vlan.mtu:
        mistake = finding.error(
            "network/mtu",
            release.at("MTU"),
            f"{release.release.manifest.id} lets pods send {given} bytes at once, and the network "
            f"of the nodes carries {vlan.mtu}",
            "leave MTU out: Cilium takes that of the node's interface",
            own.loaded.at("vlans", own.loaded.estate.node_network.vlan, "mtu"),
        )
        yield index.about(release.release.manifest.id, mistake)


def ways(facts: Index) -> Iterator[Finding]:
    """Nodes know the way to the pods of each other: the router takes no routes to pods.

    Source: docs.cilium.io, Routing, "Native-Routing": the network has to know them, by BGP, or the
    nodes by `autoDirectNodeRoutes`, which is enough where all are in one network.
    """
    own, release = facts.view(of), facts.view(cilium.release)
    if own is None or release is None or not release.whole:
        return
    native = release.get("routingMode") == "native"
    if native and release.get("autoDirectNodeRoutes") in (None, False, "false"):
        mistake = finding.error(
            "mesh/routing",
            release.at("autoDirectNodeRoutes"),
            f"{release.release.manifest.id} sends packets to pods as they are, and nothing tells "
            f"nodes of {own.name} on which of the others these are",
            "set autoDirectNodeRoutes, or routingMode: tunnel",
            own.loaded.at("vlans", own.loaded.estate.node_network.vlan),
        )
        yield index.about(release.release.manifest.id, mistake)


def updates(facts: Index) -> Iterator[Finding]:
    """external-dns signs its updates as the internal DNS server expects them.

    Source: external-dns, RFC2136 provider: settings are flags of the program, `extraArgs` of its
    chart.
    """
    own = facts.view(of)
    for owned in facts.of(HELM_GROUP, "HelmRelease") if own else ():
        values = mapping(at(facts.body(owned.manifest), "spec", "values"))
        given = values.get("extraArgs")
        if own and at(values, "provider", "name") == "rfc2136" and isinstance(given, dict):
            yield from _updates(facts, own, owned, given)


def _updates(facts: Index, own: Facts, owned: Owned, given: dict[str, Any]) -> Iterator[Finding]:
    dns = own.loaded.estate.dns
    expected = {
        "rfc2136-host": (str(own.loaded.estate.dns_addresses[0]), ("dns", "servers", 0)),
        "rfc2136-zone": (own.loaded.estate.domain, ("domain",)),
        "rfc2136-tsig-keyname": (dns.key(own.name), ("clusters", own.name)),
        "rfc2136-tsig-secret-alg": (str(dns.tsig_algorithm), ("dns",)),
    }
    for flag, (wanted, related) in expected.items():
        said = given.get(flag)
        if said != wanted:
            told = f"says {flag} {said}" if said is not None else f"does not say {flag}"
            words = f"{told}, and the DNS server expects {wanted}: it refuses every update"
            place = (owned, ("spec", "values", "extraArgs", flag))
            at_facts = own.loaded.at(*related)
            yield _error(facts, "network/dns-updates", place, words, _FROM_FACTS, at_facts)


def _error(
    facts: Index, rule: str, place: tuple[Owned, Way], words: str, hint: str, *related: Any
) -> Finding:
    owned, way = place
    message = f"{owned.manifest.id} {words}"
    mistake = finding.error(rule, facts.at(owned, *way), message, hint, *related)
    return index.about(owned.manifest.id, mistake)


RULES = (
    sessions,
    passwords,
    restarts,
    announcements,
    limits,
    filters,
    frames,
    ways,
    updates,
)
