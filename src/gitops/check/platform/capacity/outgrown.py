"""What may grow larger than the place that it is in: queues and stores on volumes, programs in
containers, pools of connections.

Sources: docs.victoriametrics.com, `remoteWrite.maxDiskUsagePerURL` (for each URL) and
`retention.maxDiskSpaceUsageBytes`; prometheus-operator, `retentionSize`; postgresql.org, Resource
Consumption (`shared_buffers` is taken at the start) and Replication (`max_slot_wal_keep_size`);
dragonflydb.io and redis.io, `maxmemory`; Java, `-Xmx`; Go, `GOMEMLIMIT`.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec

from gitops.check import operators, pods
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index
from gitops.check.platform.capacity import requests
from gitops.check.spot import Spot
from gitops.model.finding import Finding

Way = tuple[str | int, ...]

_VICTORIA = "operator.victoriametrics.com"
_CLAIM: Way = ("volumeClaimTemplate", "spec", "resources", "requests", "storage")


class _Kept(msgspec.Struct, frozen=True):
    """A field of a kind that says how much may lie on a volume, and that which says how much the
    volume has. `each` leads to a list: there is as much for each entry."""

    group: str
    kind: str
    most: Way
    volumes: tuple[Way, ...]
    each: Way = ()


_PLAIN: Way = ("spec", "storage", "resources", "requests", "storage")
_QUEUE: Way = ("spec", "remoteWriteSettings", "maxDiskUsagePerURL")
_TARGETS: Way = ("spec", "remoteWrite")
_SPACE: Way = ("spec", "retentionMaxDiskSpaceUsageBytes")
_POSTGRES: Way = ("spec", "postgresql", "parameters")
_LOG: tuple[Way, ...] = (("spec", "walStorage", "size"), ("spec", "storage", "size"))

_KEPT = (
    _Kept(
        _VICTORIA,
        "VMAgent",
        _QUEUE,
        (("spec", "statefulStorage", *_CLAIM),),
        ("spec", "remoteWrite"),
    ),
    _Kept(_VICTORIA, "VLAgent", _QUEUE, (("spec", "storage", *_CLAIM),), _TARGETS),
    _Kept(_VICTORIA, "VLogs", _SPACE, (_PLAIN,)),
    _Kept(_VICTORIA, "VLSingle", _SPACE, (_PLAIN,)),
    _Kept(
        _VICTORIA,
        "VLCluster",
        ("spec", "vlstorage", "retentionMaxDiskSpaceUsageBytes"),
        (("spec", "vlstorage", "storage", *_CLAIM),),
    ),
    _Kept(
        "monitoring.coreos.com",
        "Prometheus",
        ("spec", "retentionSize"),
        (("spec", "storage", *_CLAIM),),
    ),
    *(
        _Kept("postgresql.cnpg.io", "Cluster", (*_POSTGRES, name), _LOG)
        for name in ("max_slot_wal_keep_size", "max_wal_size", "wal_keep_size")
    ),
)


def volumes(facts: Index) -> Iterator[Finding]:
    """What may be kept on a volume is no more than it has."""
    for kept in _KEPT:
        for owned in facts.of(kept.group, kept.kind):
            body = facts.body(owned.manifest)
            way = next((way for way in kept.volumes if at(body, *way) is not None), None)
            times = max(1, len(listing(at(body, *kept.each)))) if kept.each else 1
            most, room = size(at(body, *kept.most)), requests.quantity(at(body, *(way or ())))
            if way and room and most * times > room:
                count = f"{times} times " if times > 1 else ""
                yield Spot(facts, owned, kept.most).error(
                    "capacity/volume-outgrown",
                    f"{owned.manifest.id}: {kept.most[-1]} is {count}{at(body, *kept.most)}, and "
                    f"the volume has {at(body, *way)}: it is full before that",
                    "keep less, or ask for a larger volume",
                )


_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([kmgtpe]?)(i?)(b?)\s*", re.I)


def size(given: object) -> Decimal:
    """Bytes of a size as programs write it; 0 for what is none. A unit without `i` is the smaller
    of what it may mean, and one letter is 1024 to most: sizes close to each other are let be."""
    found = _SIZE.fullmatch(str(given)) if given is not None else None
    if found is None:
        return Decimal(0)
    number, unit, binary, _ = found.groups()
    base = 1024 if binary else 1000
    return Decimal(number) * Decimal(base) ** ("kmgtpe".index(unit.lower()) + 1 if unit else 0)


MAXMEMORY = re.compile(r"--maxmemory[ =]+(\d+(?:\.\d+)?[kmgt]?b?)\b", re.I)
_HEAP = re.compile(r"-Xmx(\d+[kmgt]?)\b", re.I)
_BINARY = re.compile(r"(?<=\d)([kmgt])b?$", re.I)


def binary(wanted: object) -> Decimal:
    """Bytes of a size in units of 1024, whether they are written with an `i` or not."""
    return size(_BINARY.sub(r"\1i", str(wanted))) if wanted is not None else Decimal(0)


def memory(facts: Index) -> Iterator[Finding]:
    """No program may take more memory than its container: it is ended when it does."""
    for template in pods.templates(facts):
        if template.owner.manifest.incomplete not in (operators.MADE, "locked"):
            for way, container in template.containers:
                limit = at(container, "resources", "limits", "memory")
                for field, name, wanted in _wanted(container) if limit is not None else ():
                    spot = Spot(facts, template.owner, (*way, field))
                    yield from _beyond(spot, name, wanted, limit)
    yield from _of_databases(facts)


def _wanted(container: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    told = " ".join(map(str, listing(container.get("command")) + listing(container.get("args"))))
    for found in MAXMEMORY.findall(told):
        yield "args", "maxmemory", found
    for found in _HEAP.findall(told):
        yield "args", "-Xmx", found
    for each in map(mapping, listing(container.get("env"))):
        if each.get("name") == "GOMEMLIMIT":
            yield "env", "GOMEMLIMIT", text(each.get("value")).removesuffix("B")
        for found in _HEAP.findall(text(each.get("value"))):
            yield "env", f"-Xmx of {each.get('name')}", found


def _of_databases(facts: Index) -> Iterator[Finding]:
    limits: Way = ("spec", "resources", "limits", "memory")
    for owned in facts.of("postgresql.cnpg.io", "Cluster"):
        body, way = facts.body(owned.manifest), (*_POSTGRES, "shared_buffers")
        yield from _beyond(
            Spot(facts, owned, way), "shared_buffers", at(body, *way), at(body, *limits)
        )
    for owned in facts.of("dragonflydb.io", "Dragonfly"):
        body = facts.body(owned.manifest)
        for number, told in enumerate(listing(at(body, "spec", "args"))):
            for found in MAXMEMORY.findall(str(told)):
                spot = Spot(facts, owned, ("spec", "args", number))
                yield from _beyond(spot, "maxmemory", found, at(body, *limits))
    for owned in facts.of("kafka.strimzi.io", "KafkaNodePool"):
        body, way = facts.body(owned.manifest), ("spec", "jvmOptions", "-Xmx")
        yield from _beyond(Spot(facts, owned, way), "-Xmx", at(body, *way), at(body, *limits))


def _beyond(spot: Spot, name: str, wanted: object, limit: object) -> Iterator[Finding]:
    """Programs count memory by 1024, whether they write an `i` or not."""
    asked = binary(wanted)
    room = requests.quantity(limit)
    if room and asked > room:
        yield spot.error(
            "capacity/memory-outgrown",
            f"{spot.who}: {name} is {wanted}, and the container may use {limit}: it is ended "
            "when it takes more",
            "take less, or raise the limit; what is not in it needs room as well",
        )


def pools(facts: Index) -> Iterator[Finding]:
    """A pooler holds no more connections than its PostgreSQL takes.

    Source: pgbouncer.org, `default_pool_size` (20), for each user and database; cloudnative-pg.io,
    Pooler: each instance has a pool; postgresql.org, `max_connections` (100).
    """
    for owned in facts.of("postgresql.cnpg.io", "Pooler"):
        body, found = facts.body(owned.manifest), owned.manifest.id
        name = text(at(body, "spec", "cluster", "name"))
        cluster = facts.find("postgresql.cnpg.io", "Cluster", found.namespace, name)
        if cluster is None:
            continue
        most = _number(at(facts.body(cluster.manifest), *_POSTGRES, "max_connections"), 100)
        count = _number(at(body, "spec", "instances"), 1)
        way: Way = ("spec", "pgbouncer", "parameters", "default_pool_size")
        held = _number(at(body, *way), 20) * count
        if held > most:
            yield Spot(facts, owned, way).error(
                "capacity/connections",
                f"{found} may open {held} connections for one user, and {cluster.manifest.id} "
                f"takes {most}: the others are refused",
                "make the pool smaller, or raise max_connections",
                cluster,
            )


def clients(indexes: tuple[Index, ...]) -> Iterator[Finding]:
    """A program that keeps its connections finds as many in the pooler that it goes to.

    Source: pgbouncer.org, `pool_mode`: in session mode, which is the default, a client holds a
    connection until it leaves. Keycloak, `db-pool-max-size` (100), for each instance.
    """
    found = {
        (each.manifest.id.namespace, each.manifest.id.name): (facts.body(each.manifest))
        for facts in indexes
        for each in facts.of("postgresql.cnpg.io", "Pooler")
    }
    for facts in indexes:
        for owned in facts.of("k8s.keycloak.org", "Keycloak") if found else ():
            spec = mapping(facts.body(owned.manifest).get("spec"))
            host = text(at(spec, "db", "host")).split(".")
            namespace = host[1] if len(host) > 1 else owned.manifest.id.namespace
            pooler = found.get((namespace, host[0]))
            if pooler is None or at(pooler, "spec", "pgbouncer", "poolMode") == "transaction":
                continue
            wanted = _number(at(spec, "db", "poolMaxSize"), 100) * _number(spec.get("instances"), 1)
            size_of = at(pooler, "spec", "pgbouncer", "parameters", "default_pool_size")
            held = _number(size_of, 20) * _number(at(pooler, "spec", "instances"), 1)
            if wanted > held:
                spot = Spot(facts, owned, ("spec", "db", "poolMaxSize"))
                mistake = spot.error(
                    "capacity/connections",
                    f"{owned.manifest.id} may hold {wanted} connections, and Pooler/{namespace}/"
                    f"{host[0]} has {held}: the others wait until one of them is let go",
                    "let it hold fewer, or raise default_pool_size",
                )
                yield msgspec.structs.replace(mistake, cluster=facts.cluster.name)


def _number(given: object, default: int) -> int:
    return int(str(given)) if str(given).isdecimal() else default


RULES = (volumes, memory, pools)
FLEET_RULES = (clients,)
