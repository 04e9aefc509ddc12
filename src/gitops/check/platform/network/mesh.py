"""The mesh of clusters: whether each finds the others, and none is taken for another.

Source: docs.cilium.io, Cluster Mesh.
"""

import re
from collections.abc import Iterator

import msgspec

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index
from gitops.check.platform.network import cilium, ranges
from gitops.check.platform.network.cilium import Cilium
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.origin import Location

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?")
_PORT = 32379
"""Source: the chart: clustermesh.apiserver.service.nodePort."""


class Member(msgspec.Struct, frozen=True):
    """A cluster that takes part in a mesh."""

    facts: Index
    cilium: Cilium

    @property
    def port(self) -> object:
        """The node port of its API server for the mesh; None without one."""
        service = ("clustermesh", "apiserver", "service")
        if self.cilium.get(*service, "type") not in (None, "NodePort"):
            return None
        given = self.cilium.get(*service, "nodePort")
        return _PORT if given is None else given


def _members(clusters: tuple[Index, ...]) -> list[Member]:
    found = [(facts, facts.view(cilium.release)) for facts in clusters]
    return [Member(facts, each) for facts, each in found if each and _takes_part(each)]


def _takes_part(found: Cilium) -> bool:
    return found.whole and bool(found.get("clustermesh", "useAPIServer") or found.peers)


def identities(clusters: tuple[Index, ...]) -> Iterator[Finding]:
    """Each has a name and a number of its own."""
    members = _members(clusters)
    for member in members:
        yield from _identity(member)
    for place, member in enumerate(members):
        for other in members[:place]:
            for field in ("id", "name"):
                value = _number(member.cilium.get("cluster", field))
                if value is not None and value == _number(other.cilium.get("cluster", field)):
                    words = f"has the {field} {value} in the mesh, which {_of(other)} has, too"
                    related = other.cilium.at("cluster", field)
                    way = ("cluster", field)
                    hint = f"give each its own {field}"
                    yield _error(member, "mesh/identity", way, words, hint, related)


def _identity(member: Member) -> Iterator[Finding]:
    given = _number(member.cilium.get("cluster", "id"))
    most = 511 if member.cilium.get("clustermesh", "maxConnectedClusters") == 511 else 255
    if not isinstance(given, int) or not 1 <= given <= most:
        words = f"has the id {given} in the mesh: 1 to {most} are allowed"
        hint = f"choose a number from 1 to {most} that no other cluster has"
        yield _error(member, "mesh/identity", ("cluster", "id"), words, hint)
    if not _NAME.fullmatch(member.cilium.name):
        words = f"has the name {member.cilium.name!r} in the mesh, which is no name for a cluster"
        hint = "use up to 32 lower-case letters, digits and hyphens"
        yield _error(member, "mesh/identity", ("cluster", "name"), words, hint)


def _number(given: object) -> object:
    """Helm takes text that is a number for the number."""
    return int(given) if isinstance(given, str) and given.isdecimal() else given


def peers(clusters: tuple[Index, ...]) -> Iterator[Finding]:
    """Each knows the others, at the ports and addresses that they have. Clusters of which nothing
    is known here are not judged."""
    members = _members(clusters)
    by_name = {member.cilium.name: member for member in members}
    for member in members:
        for place, peer in member.cilium.peers:
            other = by_name.get(text(peer.get("name")))
            if other is not None:
                yield from _peer(member, other, ("clustermesh", "config", "clusters", place))


def _peer(member: Member, other: Member, way: tuple[str | int, ...]) -> Iterator[Finding]:
    if other.cilium.name == member.cilium.name:
        yield _error(member, "mesh/peer", (*way, "name"), "connects to itself", "name another")
        return
    if member.cilium.name not in {text(peer.get("name")) for _, peer in other.cilium.peers}:
        words = f"connects to {_of(other)}, which does not connect back"
        hint = f"add {member.cilium.name} to clustermesh.config.clusters there"
        yield _error(member, "mesh/peer", (*way, "name"), words, hint, other.cilium.at())
    port = member.cilium.get(*way, "port")
    if port is not None and other.port is not None and port != other.port:
        words = f"looks for {_of(other)} at port {port}, which answers at {other.port}"
        related = other.cilium.at("clustermesh", "apiserver", "service", "nodePort")
        yield _error(member, "mesh/peer", (*way, "port"), words, "name that port", related)
    yield from _nodes(member, other, way)


def _nodes(member: Member, other: Member, way: tuple[str | int, ...]) -> Iterator[Finding]:
    loaded = member.facts.knowledge.estate
    cluster = loaded.estate.clusters.get(other.facts.cluster.name) if loaded else None
    if loaded is None or cluster is None or other.port is None:
        return
    nodes = {node.address for node in cluster.nodes.values()}
    for place, given in enumerate(listing(member.cilium.get(*way, "ips"))):
        if ranges.address(given) not in nodes:
            words = f"looks for {_of(other)} at {given}, which is none of its nodes"
            related = loaded.at("clusters", other.facts.cluster.name, "nodes")
            where = (*way, "ips", place)
            yield _error(member, "mesh/peer", where, words, "take it from fleet.yaml", related)


def ports(clusters: tuple[Index, ...]) -> Iterator[Finding]:
    """Clusters of a mesh answer at different node ports.

    Source: cilium/cilium#24692: without kube-proxy a node takes its own port for a connection to
    the same port of another cluster's node.
    """
    members = [each for each in _members(clusters) if each.port is not None]
    for place, member in enumerate(members):
        for other in members[:place]:
            if member.port == other.port and _replaces_proxy(member):
                words = f"answers the mesh at port {member.port}, as {_of(other)} does: its nodes "
                words += "connect to themselves"
                way = ("clustermesh", "apiserver", "service", "nodePort")
                hint = "give each cluster its own nodePort"
                yield _error(member, "mesh/node-port", way, words, hint, other.cilium.at(*way))


def _replaces_proxy(member: Member) -> bool:
    return member.cilium.get("kubeProxyReplacement") in (True, "true", "strict")


def routing(clusters: tuple[Index, ...]) -> Iterator[Finding]:
    """Inside the range for native routing lie the pods of every cluster of the mesh."""
    members = _members(clusters)
    pods = [cidr for member in members for cidr in _pods(member)]
    for member in members:
        given = member.cilium.get("ipv4NativeRoutingCIDR")
        native = ranges.parse(given)
        if native is None or member.cilium.get("routingMode") != "native":
            continue
        for cidr in pods:
            if not native.contains(cidr):
                words = f"routes {given} as it is, which leaves out {cidr.text}, {cidr.what}"
                hint = "widen it: whatever lies outside is sent with the address of a node"
                way = ("ipv4NativeRoutingCIDR",)
                related = (cidr.place,) if cidr.place else ()
                yield _error(member, "mesh/routing", way, words, hint, *related)


def _pods(member: Member) -> list[ranges.Range]:
    """The addresses of a cluster's pods, as far as they are known."""
    what = f"the pods of {_of(member)}"
    written = [ranges.parse(cidr, what, place) for cidr, place in member.cilium.pod_cidrs]
    loaded, name = member.facts.knowledge.estate, member.facts.cluster.name
    if not written and loaded and name in loaded.estate.clusters:
        place = loaded.at("clusters", name, "pods")
        written = [ranges.parse(str(loaded.estate.clusters[name].pods), what, place)]
    return [each for each in written if each]


def authorities(clusters: tuple[Index, ...]) -> Iterator[Finding]:
    """All trust one authority: `cilium-ca` is given to each, not made by each release."""
    members = _members(clusters)
    if len(members) < 2:
        return
    for member in members:
        if member.cilium.peers and not _has_authority(member):
            words = "has no authority that the other clusters trust: its chart makes one of its own"
            hint = "create Secret/kube-system/cilium-ca in all clusters before Cilium, and name it "
            hint += "in `outside` of gitops.toml"
            yield _error(member, "mesh/authority", ("clustermesh",), words, hint)


def _has_authority(member: Member) -> bool:
    values = member.cilium
    namespace = values.release.manifest.id.namespace
    given = values.get("tls", "ca", "cert") or values.get("clustermesh", "apiserver", "tls", "ca")
    issuer = ("clustermesh", "apiserver", "tls", "auto", "certManagerIssuerRef")
    named = f"Secret/{namespace}/cilium-ca" in member.facts.knowledge.outside
    held = member.facts.find("", "Secret", namespace, "cilium-ca")
    # The chart's own Secret is a new one of each rendering.
    applied = held is not None and held.unit.id != values.release.manifest.id
    return bool(given or values.get(*issuer) or named or applied)


def estate(clusters: tuple[Index, ...]) -> Iterator[Finding]:
    """What a cluster says of itself is what the estate says of it."""
    for member in _members(clusters):
        loaded, name = member.facts.knowledge.estate, member.facts.cluster.name
        cluster = loaded.estate.clusters.get(name) if loaded else None
        if loaded is None or cluster is None:
            continue
        native = str(loaded.estate.mesh.native_routing)
        service = ("clustermesh", "apiserver", "service", "nodePort")
        facts = (
            (("cluster", "id"), cluster.id, ("clusters", name, "id")),
            (("cluster", "name"), name, ("clusters", name)),
            (service, cluster.mesh_port, ("clusters", name, "mesh-port")),
            (("ipv4NativeRoutingCIDR",), native, ("mesh", "native-routing")),
        )
        for way, wanted, keys in facts:
            given = member.cilium.get(*way)
            if given is not None and _number(given) != wanted:
                words = f"has {'.'.join(way)}: {given}, and the estate says {wanted}"
                hint = "take it from fleet.yaml, by way of the cluster's settings"
                yield _error(member, "mesh/estate", way, words, hint, loaded.at(*keys))


def global_services(clusters: tuple[Index, ...]) -> Iterator[Finding]:
    """A Service that is shared with the mesh is there in another cluster of it."""
    members = _members(clusters)
    if len(members) < 2:
        return
    for member in members:
        for owned in member.facts.of("", "Service"):
            body = member.facts.body(owned.manifest)
            notes = mapping(at(body, "metadata", "annotations"))
            found = owned.manifest.id
            if notes.get("service.cilium.io/global") != "true" or any(
                other.facts.find("", "Service", found.namespace, found.name)
                for other in members
                if other is not member
            ):
                continue
            mistake = finding.warning(
                "mesh/global-service",
                member.facts.at(owned, "metadata", "annotations", "service.cilium.io/global"),
                f"{found} is shared with the mesh, and no other cluster has a Service of its name",
                "add it, in the same namespace, to the cluster that should use it",
            )
            cluster = member.facts.cluster.name
            yield msgspec.structs.replace(mistake, subject=found, cluster=cluster)


def _of(member: Member) -> str:
    return f"cluster {member.facts.cluster.name}"


def _error(
    member: Member,
    rule: str,
    way: tuple[str | int, ...],
    words: str,
    hint: str,
    *related: Location,
) -> Finding:
    release = member.cilium.release.manifest.id
    mistake = finding.error(
        rule, member.cilium.at(*way), f"{release} of {_of(member)} {words}", hint, *related
    )
    cluster = member.facts.cluster.name
    return msgspec.structs.replace(mistake, subject=release, cluster=cluster)


FLEET_RULES = (
    identities,
    peers,
    ports,
    routing,
    authorities,
    estate,
    global_services,
)
