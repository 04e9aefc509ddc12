"""What keeps copies: whether there are members for them, and whether it goes on without one.

Sources: docs.ceph.com, Pools: each copy lies in a failure domain of its own, and with too few of
them placement groups stay undersized; cloudnative-pg.io, Replication: with as many synchronous
standbys as there are, the loss of one holds up all writes while durability is required; etcd.io,
FAQ: an even number of members stands no more losses than one fewer, and ZooKeeper, Consul and
ClickHouse Keeper vote the same way.
"""

from collections.abc import Iterator

from gitops.check import index, pods
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.operators import MADE
from gitops.check.platform.images import references
from gitops.check.platform.machines import configured
from gitops.model import finding
from gitops.model.finding import Finding

_ROOK = "ceph.rook.io"
_VOTERS = ("clickhouse-keeper", "consul", "etcd", "zookeeper")
_Way = tuple[str | int, ...]


def ceph_pools(facts: Index) -> Iterator[Finding]:
    """A pool that keeps each copy on a host of its own has as many hosts."""
    hosts = _hosts(facts)
    for owned, way in _pools(facts) if hosts else ():
        pool = mapping(at(facts.body(owned.manifest), *way))
        coded = mapping(pool.get("erasureCoded"))
        size = at(pool, "replicated", "size")
        parts = (coded.get("dataChunks"), coded.get("codingChunks"))
        wanted = sum(each for each in (*parts, size) if isinstance(each, int))
        if (pool.get("failureDomain") or "host") == "host" and wanted > hosts:
            what = ("replicated", "size") if isinstance(size, int) else ("erasureCoded",)
            words = f"keeps {wanted} parts on as many hosts, and {hosts} have disks for Ceph"
            yield _error(facts, owned, (*way, *what), words, "keep fewer, or add hosts")


_DOMAINS = ("chassis", "datacenter", "pdu", "pod", "rack", "room", "row")


def ceph_domains(facts: Index) -> Iterator[Finding]:
    """Copies that are to be in places of their own have as many places.

    Source: rook.io, CephCluster, "OSD Topology": nodes are in what their label
    `topology.rook.io/<failureDomain>` says. Told where machines get their labels from here.
    """
    machines = facts.view(configured.machines)
    for owned, way in _pools(facts) if machines else ():
        pool = mapping(at(facts.body(owned.manifest), *way))
        domain, size = text(pool.get("failureDomain")), _number(at(pool, "replicated", "size"))
        label = f"topology.rook.io/{domain}"
        named = {str(mapping(each.get("machine", "nodeLabels")).get(label)) for each in machines}
        places = len(named - {"None"})
        if domain in _DOMAINS and size > places:
            who = owned.manifest.id
            mistake = finding.warning(
                "availability/quorum",
                facts.at(owned, *way, "failureDomain"),
                f"{who} keeps {size} copies, each in a {domain} of its own, and machines have "
                f"{places} values of the label {label}",
                "use failureDomain: host, or label the machines",
            )
            yield index.about(who, mistake)


def ceph_copies(facts: Index) -> Iterator[Finding]:
    """A pool of one copy says that it means it. Source: rook.io, CephBlockPool,
    `requireSafeReplicaSize`: Rook makes no pool of one copy unless it is false."""
    for owned, way in _pools(facts):
        copies = mapping(at(facts.body(owned.manifest), *way, "replicated"))
        if copies.get("size") == 1 and copies.get("requireSafeReplicaSize") is not False:
            words = "keeps one copy, and Rook makes no such pool while requireSafeReplicaSize holds"
            hint = "keep three, or set requireSafeReplicaSize: false"
            yield _error(facts, owned, (*way, "replicated", "size"), words, hint)


def ceph_disks(facts: Index) -> Iterator[Finding]:
    """A disk that is named by its serial number is in one machine."""
    for owned in facts.of(_ROOK, "CephCluster"):
        seen: dict[str, str] = {}
        nodes = listing(at(facts.body(owned.manifest), "spec", "storage", "nodes"))
        for place, node in enumerate(map(mapping, nodes)):
            for number, device in enumerate(map(mapping, listing(node.get("devices")))):
                disk, name = text(device.get("name")), text(node.get("name"))
                other = seen.setdefault(disk, name) if "/by-id/" in disk else name
                if other != name:
                    way = ("spec", "storage", "nodes", place, "devices", number, "name")
                    words = f"gives node {name} the disk {disk}, which is that of {other}"
                    hint = "name the disk that is in that machine"
                    yield _storage(facts, owned, way, words, hint)


def _storage(facts: Index, owned: Owned, way: _Way, words: str, hint: str) -> Finding:
    who, place = owned.manifest.id, facts.at(owned, *way)
    return index.about(who, finding.error("storage/disk-twice", place, f"{who} {words}", hint))


def _pools(facts: Index) -> Iterator[tuple[Owned, _Way]]:
    for owned in facts.of(_ROOK, "CephBlockPool"):
        yield owned, ("spec",)
    for owned in facts.of(_ROOK, "CephObjectStore"):
        yield owned, ("spec", "metadataPool")
        yield owned, ("spec", "dataPool")
    for owned in facts.of(_ROOK, "CephFilesystem"):
        yield owned, ("spec", "metadataPool")
        for place, _ in enumerate(listing(at(facts.body(owned.manifest), "spec", "dataPools"))):
            yield owned, ("spec", "dataPools", place)


def _hosts(facts: Index) -> int:
    """The hosts with disks for Ceph, 0 where they are not listed."""
    for owned in facts.of(_ROOK, "CephCluster"):
        storage = mapping(at(facts.body(owned.manifest), "spec", "storage"))
        if storage.get("useAllNodes") is False:
            return len(listing(storage.get("nodes")))
    return 0


def postgres(facts: Index) -> Iterator[Finding]:
    """There are more standbys than must confirm a write."""
    for owned in facts.of("postgresql.cnpg.io", "Cluster"):
        spec = mapping(at(facts.body(owned.manifest), "spec"))
        instances = _number(spec.get("instances"))
        way: _Way = ("spec", "postgresql", "synchronous", "number")
        number = _number(at(facts.body(owned.manifest), *way))
        lax = at(spec, "postgresql", "synchronous", "dataDurability") == "preferred"
        if number and instances and not lax and number >= instances - 1:
            words = f"waits for {number} of {instances - 1} standbys: without one of them nothing "
            hint = "run one more instance, or wait for fewer"
            place: _Way = way if instances > 2 else ("spec", "instances")
            yield _error(facts, owned, place, f"{words}is written", hint)


def postgres_apart(facts: Index) -> Iterator[Finding]:
    """Whoever waits for a standby keeps it on another node: else one node takes both along.

    Source: cloudnative-pg.io, Scheduling: anti-affinity is preferred unless it is required.
    """
    for owned in facts.of("postgresql.cnpg.io", "Cluster"):
        spec = mapping(at(facts.body(owned.manifest), "spec"))
        synchronous = mapping(at(spec, "postgresql", "synchronous"))
        affinity = mapping(spec.get("affinity"))
        required = (
            affinity.get("enablePodAntiAffinity") is not False
            and affinity.get("podAntiAffinityType") == "required"
        )
        spread = any(
            mapping(each).get("whenUnsatisfiable") != "ScheduleAnyway"
            for each in listing(spec.get("topologySpreadConstraints"))
        )
        own = mapping(affinity.get("additionalPodAntiAffinity"))
        own_rules = own.get("requiredDuringSchedulingIgnoredDuringExecution")
        lax = synchronous.get("dataDurability") == "preferred"
        if _number(synchronous.get("number")) and not (lax or required or spread or own_rules):
            who = owned.manifest.id
            mistake = finding.warning(
                "availability/together",
                facts.at(owned, "spec", "affinity", "podAntiAffinityType"),
                f"{who} writes to two instances, and both may be on one node",
                "set affinity.podAntiAffinityType: required",
            )
            yield index.about(who, mistake)


def _number(given: object) -> int:
    return given if isinstance(given, int) else 0


def voters(facts: Index) -> Iterator[Finding]:
    """What votes is odd in number."""
    for template in pods.templates(facts):
        found = template.owner.manifest
        if found.id.kind != "StatefulSet" or found.incomplete in (MADE, "locked"):
            continue
        images = (references.parse(text(each.get("image"))) for _, each in template.containers)
        names = {image.path.rpartition("/")[2] for image in images if image}
        if names.intersection(_VOTERS) and template.replicas and template.replicas % 2 == 0:
            count = template.replicas
            words = f"has {count} members that vote: {count - 1} stand as many losses"
            way: _Way = ("spec", "replicas")
            yield _error(facts, template.owner, way, words, "run an odd number")


def _error(facts: Index, owned: Owned, way: _Way, words: str, hint: str) -> Finding:
    who = owned.manifest.id
    place = facts.at(owned, *way)
    return index.about(who, finding.error("availability/quorum", place, f"{who} {words}", hint))


RULES = (ceph_copies, ceph_domains, ceph_pools, ceph_disks, postgres, postgres_apart, voters)
