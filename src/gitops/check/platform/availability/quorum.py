"""What replicates itself: whether it goes on after the loss of one member.

Sources: kafka.apache.org, `min.insync.replicas`: with `acks=all` a write needs as many replicas;
rook.io, CephCluster: an even number of monitors stands no more losses than one fewer.
"""

from collections.abc import Iterator

from gitops.check import index
from gitops.check.fields import at, mapping
from gitops.check.index import Index, Owned
from gitops.model import finding
from gitops.model.finding import Finding

_STRIMZI = "kafka.strimzi.io"
_ROOK = "ceph.rook.io"


def kafka(facts: Index) -> Iterator[Finding]:
    """Writes go on without one broker, and topics find as many brokers as they want replicas."""
    for owned in facts.of(_STRIMZI, "Kafka"):
        config = mapping(at(facts.body(owned.manifest), "spec", "kafka", "config"))
        brokers = _brokers(facts, owned)
        for least, replicas in (
            ("min.insync.replicas", "default.replication.factor"),
            ("transaction.state.log.min.isr", "transaction.state.log.replication.factor"),
        ):
            insync, factor = _number(config.get(least)), _number(config.get(replicas))
            if insync and factor and factor > 1 and insync >= factor:
                words = f"has {least} {insync} of {factor} replicas: without one broker nothing is "
                yield _error(facts, owned, least, f"{words}written")
            if factor and brokers and factor > brokers:
                words = f"wants {factor} replicas ({replicas}) of {brokers} brokers"
                yield _error(facts, owned, replicas, words)


def _brokers(facts: Index, owned: Owned) -> int:
    found = owned.manifest.id
    count = 0
    for pool in facts.of(_STRIMZI, "KafkaNodePool"):
        body = facts.body(pool.manifest)
        label = at(body, "metadata", "labels", "strimzi.io/cluster")
        roles = at(body, "spec", "roles")
        if pool.manifest.id.namespace == found.namespace and label == found.name:
            is_broker = isinstance(roles, list) and "broker" in roles
            count += (_number(at(body, "spec", "replicas")) or 0) if is_broker else 0
    return count


def _error(facts: Index, owned: Owned, key: str, words: str) -> Finding:
    who = owned.manifest.id
    mistake = finding.error(
        "availability/quorum",
        facts.at(owned, "spec", "kafka", "config", key),
        f"{who} {words}",
        "keep one more replica than must be in sync, and as many brokers as replicas",
    )
    return index.about(who, mistake)


def topics(facts: Index) -> Iterator[Finding]:
    """A topic wants no more copies than there are brokers, and goes on without one of them."""
    kafkas = {each.manifest.id.key[2:]: each for each in facts.of(_STRIMZI, "Kafka")}
    for owned in facts.of(_STRIMZI, "KafkaTopic"):
        spec = mapping(facts.body(owned.manifest).get("spec"))
        name = at(facts.body(owned.manifest), "metadata", "labels", "strimzi.io/cluster")
        kafka_of = kafkas.get((owned.manifest.id.namespace, str(name)))
        brokers = _brokers(facts, kafka_of) if kafka_of else 0
        replicas = _number(spec.get("replicas")) or 0
        insync = _number(at(spec, "config", "min.insync.replicas")) or 0
        if brokers and replicas > brokers:
            words = f"wants {replicas} replicas of {brokers} brokers"
            yield _topic(facts, owned, ("spec", "replicas"), words)
        elif replicas > 1 and insync >= replicas:
            words = f"has min.insync.replicas {insync} of {replicas} replicas: without one broker "
            way = ("spec", "config", "min.insync.replicas")
            yield _topic(facts, owned, way, f"{words}nothing is written")


def _topic(facts: Index, owned: Owned, way: tuple[str, ...], words: str) -> Finding:
    who = owned.manifest.id
    hint = "keep one more replica than must be in sync, and as many brokers as replicas"
    place = facts.at(owned, *way)
    return index.about(who, finding.error("availability/quorum", place, f"{who} {words}", hint))


def roles(facts: Index) -> Iterator[Finding]:
    """A Kafka has controllers and brokers among its pools.

    Source: strimzi.io, KafkaNodePool, `roles`: without one of them Strimzi makes no Kafka. Silent
    where a pool may be hidden.
    """
    for owned in facts.of(_STRIMZI, "Kafka"):
        who = owned.manifest.id
        pools = [
            each
            for each in facts.of(_STRIMZI, "KafkaNodePool")
            if each.manifest.id.namespace == who.namespace
            and at(facts.body(each.manifest), *_WHOSE) == who.name
        ]
        found = {
            str(role)
            for each in pools
            for role in at(facts.body(each.manifest), "spec", "roles") or ()
        }
        lacking = sorted({"broker", "controller"} - found)
        if pools and lacking and not facts.hiding(who.namespace):
            mistake = finding.error(
                "availability/quorum",
                facts.at(pools[-1], "spec", "roles"),
                f"{who} has no pool of {lacking[0]}s: Strimzi does not make it",
                f"give a pool the role {lacking[0]}",
                owned.manifest.origin.source,
            )
            yield index.about(who, mistake)


_WHOSE = ("metadata", "labels", "strimzi.io/cluster")


def controllers(facts: Index) -> Iterator[Finding]:
    """Controllers of Kafka are odd in number: they agree by majority, as monitors do."""
    for owned in facts.of(_STRIMZI, "KafkaNodePool"):
        body = facts.body(owned.manifest)
        roles, count = at(body, "spec", "roles"), _number(at(body, "spec", "replicas"))
        alone = isinstance(roles, list) and "controller" in roles
        if alone and count and count % 2 == 0 and len(_pools(facts, owned)) == 1:
            who = owned.manifest.id
            mistake = finding.error(
                "availability/quorum",
                facts.at(owned, "spec", "replicas"),
                f"{who} has {count} controllers: {count - 1} stand as many losses",
                "have an odd number of controllers: 3 stand one loss",
            )
            yield index.about(who, mistake)


def _pools(facts: Index, owned: Owned) -> list[Owned]:
    """The pools of controllers of the same Kafka."""
    way = ("metadata", "labels", "strimzi.io/cluster")
    whose = at(facts.body(owned.manifest), *way)
    return [
        each
        for each in facts.of(_STRIMZI, "KafkaNodePool")
        if each.manifest.id.namespace == owned.manifest.id.namespace
        and at(facts.body(each.manifest), *way) == whose
        and "controller" in (at(facts.body(each.manifest), "spec", "roles") or ())
    ]


def ceph(facts: Index) -> Iterator[Finding]:
    """Monitors are odd in number, and there are nodes for them and for the copies of data."""
    nodes = _nodes(facts)
    for owned in facts.of(_ROOK, "CephCluster"):
        body = facts.body(owned.manifest)
        count = _number(at(body, "spec", "mon", "count"))
        apart = at(body, "spec", "mon", "allowMultiplePerNode") is not True
        if count and count % 2 == 0:
            yield _ceph(facts, owned, f"has {count} monitors: {count - 1} stand as many losses")
        if count and nodes and apart and count > nodes:
            yield _ceph(facts, owned, f"wants {count} monitors, each on one of {nodes} nodes")


def _ceph(facts: Index, owned: Owned, words: str) -> Finding:
    who = owned.manifest.id
    mistake = finding.error(
        "availability/quorum",
        facts.at(owned, "spec", "mon", "count"),
        f"{who} {words}",
        "have an odd number of monitors, each on a node of its own: 3 stand one loss",
    )
    return index.about(who, mistake)


def _nodes(facts: Index) -> int:
    loaded = facts.knowledge.estate
    cluster = loaded.estate.clusters.get(facts.cluster.name) if loaded else None
    return len(cluster.nodes) if cluster else 0


def _number(given: object) -> int | None:
    if isinstance(given, str) and given.isdecimal():
        return int(given)
    return given if isinstance(given, int) else None


RULES = (kafka, topics, roles, controllers, ceph)
