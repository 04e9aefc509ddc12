"""Policies that cannot do what they say."""

import ipaddress
from collections.abc import Iterator

from gitops.check.fields import listing, mapping
from gitops.check.index import Index, Owned
from gitops.check.operators import MADE
from gitops.check.spot import Spot
from gitops.check.traffic.gateways import bodies
from gitops.check.traffic.policies import blame, cilium
from gitops.check.traffic.policies.enforcement import Enforcement
from gitops.check.traffic.policies.identities import CLUSTER, NAMESPACE, Identity
from gitops.check.traffic.policies.peers import Cidr, Name, Selector
from gitops.check.traffic.policies.rules import Direction, Policy, Rule
from gitops.check.traffic.services import Services
from gitops.check.traffic.sight import Sight
from gitops.model.finding import Finding


def unused(facts: Index) -> Iterator[Finding]:
    """Every policy that somebody wrote selects some pod. Silent where pods may be hidden."""
    enforcement, sight = facts.view(Enforcement), facts.view(Sight)
    for policy in enforcement.policies:
        made = policy.owned.manifest.incomplete == MADE
        broad = made or not policy.where or not _picks(policy.subject)
        if broad or policy.subject.looks_at("reserved:") or sight.hiders(policy.where):
            continue
        if not any(policy.selects(who) for who in enforcement.around(policy) if who.is_pod):
            yield Spot(facts, policy.owned, (*policy.pointer, blame.subject(policy.owned))).warning(
                "network-policy/selects-nothing",
                f"{policy.owned.manifest.id} selects {policy.subject}, and no pod of namespace "
                f"{policy.where} has these labels",
                "correct the selector, or remove the policy",
            )


def _picks(subject: Selector) -> bool:
    """Whether a selector asks for more than a namespace."""
    return any(key != NAMESPACE for key, _ in subject.wanted) or bool(subject.requirements)


def selected(facts: Index) -> dict[int, list[Identity]]:
    """The pods that each policy selects, by the identity of the policy, for `Index.view`."""
    enforcement, homes = facts.view(Enforcement), facts.view(_homes)
    everybody = [who for pods in homes.values() for who in pods]
    return {
        id(policy): [
            who
            for who in (homes.get(policy.where, ()) if policy.where else everybody)
            if policy.selects(who)
        ]
        for policy in enforcement.policies
    }


def _homes(facts: Index) -> dict[str, list[Identity]]:
    """The pods of each namespace."""
    found: dict[str, list[Identity]] = {}
    for who in facts.view(Enforcement).pods.values():
        if who.is_pod:
            found.setdefault(who.namespace, []).append(who)
    return found


def meant(facts: Index, peer: Selector) -> Iterator[Identity]:
    """The pods of a cluster that a peer means."""
    homes, namespace = facts.view(_homes), namespace_of(peer)
    for pods in [homes.get(namespace, [])] if namespace else homes.values():
        yield from (who for who in pods if peer.matches(who))


def namespace_of(peer: Selector) -> str:
    """The one namespace that a peer is in, else ""."""
    return peer.value(NAMESPACE) or ""


def is_more(peer: Selector) -> bool:
    """Whether a peer asks for more than a namespace and a cluster."""
    keys = [*(key for key, _ in peer.wanted), *(key for key, _, _ in peer.requirements)]
    names = [key.partition(":")[2] for key in keys]
    return not peer.looks_at("reserved:") and any(
        not name.startswith(("io.kubernetes.pod.namespace", "io.cilium.k8s.")) for name in names
    )


def strangers(facts: Index) -> Iterator[Finding]:
    """Every peer is some pod. Silent where it may be hidden, or in another cluster."""
    enforcement = facts.view(Enforcement)
    known = [who for who in enforcement.pods.values() if who.is_pod]
    cache: dict[Selector, bool] = {}
    for policy, rule in _rules(enforcement):
        for position, peer in enumerate(rule.peers or ()):
            if isinstance(peer, Selector) and _is_named(facts, peer):
                if peer not in cache:
                    cache[peer] = any(peer.matches(who) for who in known)
                if not cache[peer]:
                    way = stranger_way(facts, policy, rule, position, peer)
                    yield Spot(facts, policy.owned, way).warning(
                        "network-policy/peer-missing",
                        f"{policy.owned.manifest.id} names {peer}, and no pod has these labels",
                        "correct the labels, or remove the peer",
                    )


def stranger_way(
    facts: Index, policy: Policy, rule: Rule, position: int, peer: Selector
) -> tuple[str | int, ...]:
    """The way to a peer that is nobody, or to its first label that no pod of its namespace has."""
    direction: Direction = "ingress" if rule in policy.ingress else "egress"
    homes = facts.view(_homes).get(namespace_of(peer), [])
    wrong = (key for key, value in peer.wanted if not any(w.get(key) == value for w in homes))
    way = blame.peer_way(policy.owned, direction, position)
    return (*rule.pointer, *way, *blame.label_way(next(wrong, "")))


def _is_named(facts: Index, peer: Selector) -> bool:
    """Whether a peer is pods of a namespace of this cluster that can be seen in whole."""
    namespace, cluster = peer.value(NAMESPACE), peer.value(CLUSTER)
    own = facts.view(Enforcement).cluster
    if namespace is None or namespace == "kube-system" or not _picks_more(peer):
        return False
    if cluster not in {None, own} or (cluster is None and peer.looks_at(CLUSTER)):
        return False
    return namespace in facts.namespaces and not facts.view(Sight).hiders(namespace)


def _picks_more(peer: Selector) -> bool:
    return any(key not in {NAMESPACE, CLUSTER} for key, _ in peer.wanted)


def _rules(enforcement: Enforcement) -> Iterator[tuple[Policy, Rule]]:
    for policy in enforcement.policies:
        for rule in (*policy.ingress, *policy.egress):
            yield policy, rule


def addresses(facts: Index) -> Iterator[Finding]:
    """No rule means pods or Services by their addresses, which Cilium does not look at."""
    enforcement = facts.view(Enforcement)
    networks = [*_cluster_networks(enforcement), *_estate_networks(facts)]
    for policy, rule in _rules(enforcement) if enforcement.by_cilium and networks else ():
        for peer in rule.peers or ():
            inside = isinstance(peer, Cidr) and _inside(peer.network, networks)
            if inside:
                yield Spot(facts, policy.owned, rule.pointer).error(
                    "network-policy/cluster-address",
                    f"{policy.owned.manifest.id} names {peer}, which are addresses of {inside}: "
                    "Cilium knows pods and nodes by their labels, so the rule matches nothing",
                    "name them by toEndpoints or toServices, the Kubernetes API by toEntities "
                    "[kube-apiserver], and nodes by toEntities [host, remote-node]",
                )


def _cluster_networks(enforcement: Enforcement) -> Iterator[tuple[str, str]]:
    native = str(enforcement.settings.get("ipv4-native-routing-cidr", ""))
    pods = str(enforcement.settings.get("cluster-pool-ipv4-cidr", ""))
    for network in (native, *pods.split()):
        if network:
            yield network, "pods"


def _estate_networks(facts: Index) -> Iterator[tuple[str, str]]:
    """The addresses of Services, which are translated before policies are asked, and of nodes,
    which are known as such unless `policy-cidr-match-mode` says otherwise."""
    estate = facts.knowledge.estate
    cluster = estate.estate.clusters.get(facts.cluster.name) if estate else None
    if cluster is None:
        return
    yield str(cluster.services), "Services"
    if "nodes" not in str(facts.view(Enforcement).settings.get("policy-cidr-match-mode", "")):
        for node in cluster.nodes.values():
            yield f"{node.address}/32", "a node"


def _inside(network: str, known: list[tuple[str, str]]) -> str:
    try:
        wanted = ipaddress.ip_network(network, strict=False)
        for each, what in known:
            around = ipaddress.ip_network(each, strict=False)
            if wanted.version == around.version and wanted[0] in around and wanted[-1] in around:
                return what
    except ValueError:
        return ""
    return ""


def site(facts: Index) -> Iterator[Finding]:
    """What is all of the Internet, less the private networks, leaves out those of the estate.

    Source: CiliumNetworkPolicy and NetworkPolicy, `except`.
    """
    estate = facts.knowledge.estate
    own = [vlan.subnet for vlan in estate.estate.vlans.values()] if estate else []
    for policy, rule in _rules(facts.view(Enforcement)) if own else ():
        for peer in rule.peers or ():
            if not isinstance(peer, Cidr) or not peer.apart or peer.network != "0.0.0.0/0":
                continue
            if inside := peer.holding(own):
                way = (*rule.pointer, "toCIDRSet", 0, "except")
                yield Spot(facts, policy.owned, way).warning(
                    "network-policy/site-exposed",
                    f"{policy.owned.manifest.id} means {peer} without private networks, and leaves "
                    f"in {', '.join(map(str, inside))} of the estate",
                    "add the private network that holds them to `except`",
                )


def unproxied(facts: Index) -> Iterator[Finding]:
    """Names in rules work only for pods whose DNS goes through Cilium's proxy.

    Source: Cilium, "DNS based": the proxy learns addresses from answers to queries that a rule with
    `rules.dns` lets through.
    """
    enforcement = facts.view(Enforcement)
    proxied = {
        id(policy.owned.manifest): policy
        for policy in enforcement.policies
        if _proxies(facts, policy)
    }
    told: set[str] = set()
    for who in (each for each in enforcement.pods.values() if each.is_pod):
        selecting = enforcement.selecting(who)
        if any(id(policy.owned.manifest) in proxied for policy in selecting):
            continue
        for policy in selecting:
            for rule in policy.egress:
                name = next((peer for peer in rule.peers or () if isinstance(peer, Name)), None)
                key = str(policy.owned.manifest.id)
                if name is not None and key not in told:
                    told.add(key)
                    yield _unproxied(facts, policy, rule, name, who)


def _proxies(facts: Index, policy: Policy) -> bool:
    body = facts.body(policy.owned.manifest)
    specs = [mapping(body.get("spec")), *map(mapping, listing(body.get("specs")))]
    entries = [mapping(e) for spec in specs for e in listing(spec.get("egress"))]
    ports = [mapping(port) for entry in entries for port in listing(entry.get("toPorts"))]
    return any(mapping(port.get("rules")).get("dns") for port in ports)


def _unproxied(facts: Index, policy: Policy, rule: Rule, name: Name, who: Identity) -> Finding:
    return Spot(facts, policy.owned, rule.pointer).error(
        "network-policy/fqdn-without-dns",
        f"{policy.owned.manifest.id} lets {who.name} call {name} by name, and none of its policies "
        "has a DNS rule: Cilium never learns the addresses, and nothing is allowed",
        "add `rules: {dns: [{matchPattern: '*'}]}` to the port 53 of the rule that allows DNS",
    )


_PEERS = ("Endpoints", "CIDR", "CIDRSet", "Entities", "Nodes", "Groups")


def refused(facts: Index) -> Iterator[Finding]:
    """Cilium takes the policy. Source: Cilium 1.18, pkg/policy/api/rule_validation.go."""
    for kind in cilium.KINDS:
        for owned, body in bodies(facts, cilium.GROUP, kind):
            for way, spec in cilium.specs(body):
                for field, prefix in (("ingress", "from"), ("egress", "to")):
                    for position, entry in enumerate(listing(spec.get(field))):
                        spot = Spot(facts, owned, (*way, field, position))
                        yield from _mixed(spot, mapping(entry), prefix)


def _mixed(spot: Spot, entry: dict[str, object], prefix: str) -> Iterator[Finding]:
    given = [f"{prefix}{name}" for name in _PEERS if listing(entry.get(f"{prefix}{name}"))]
    if len(given) > 1:
        how = f"has one rule with {' and '.join(given)}: kinds of peers cannot be combined"
        yield _invalid(spot, how)


def _invalid(spot: Spot, how: str) -> Finding:
    return spot.error(
        "network-policy/invalid",
        f"{spot.owned.manifest.id} {how}",
        "make a rule of its own for each kind of peers",
    )


def unlimited(facts: Index) -> Iterator[Finding]:
    """Where other namespaces are closed by default, each one with pods is."""
    enforcement, sight = facts.view(Enforcement), facts.view(Sight)
    homes = facts.view(_homes)
    closed = {name for name, pods in homes.items() if all(_is_closed(enforcement, p) for p in pods)}
    bare = {
        name
        for name, pods in homes.items()
        if len(closed) * 2 > len(homes) and not any(enforcement.selecting(who) for who in pods)
    }
    for name in sorted(bare | {*_unlike_others(facts)}):
        found = facts.find("", "Namespace", "", name)
        if found and not sight.hiders(name):
            pods = len(homes.get(name, ()))
            what = f"{pods} kinds of pods" if pods else "pods in the network of their nodes"
            lacks = "no network policy" if name in bare else "no policy that closes it by default"
            yield _open(facts, found, f"{what} and {lacks}", f"{len(closed)} of {len(homes)}")


def _open(facts: Index, found: Owned, how: str, closed: str) -> Finding:
    name = found.manifest.id.name
    return Spot(facts, found).warning(
        "network-policy/namespace-open",
        f"Namespace/{name} has {how}, while {closed} namespaces are closed by default",
        "close it like the others, and open what it needs",
    )


def _unlike_others(facts: Index) -> Iterator[str]:
    """Namespaces with pods that no policy closes as a whole, where four of five others have one."""
    enforcement = facts.view(Enforcement)
    whole = {
        policy.where
        for policy in enforcement.policies
        if not _picks(policy.subject) and "ingress" in policy.closes
    }
    homes = {each for each in facts.view(Services).pods if not each.startswith("kube-")}
    if "" in whole or len(homes) < 5 or len(homes & whole) * 5 < len(homes) * 4:
        return
    for name in homes - whole:
        pods = facts.view(_homes).get(name, [])
        if not pods or not all(_is_closed(enforcement, who) for who in pods):
            yield name


def _is_closed(enforcement: Enforcement, who: Identity) -> bool:
    return any("ingress" in policy.closes for policy in enforcement.selecting(who))
