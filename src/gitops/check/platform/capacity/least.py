"""What programs need at least to start.

Sources: dragonflydb, src/server/dfly_main.cc: 256 MiB for each thread, or it exits. Java, `-Xms`:
an initial heap above the largest one is refused.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from gitops.check import operators, pods
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index
from gitops.check.platform.capacity import outgrown
from gitops.check.spot import Spot
from gitops.model.finding import Finding

_THREADS = re.compile(r"--proactor_threads[ =]+(\d+)\b")
_EACH = Decimal(256 * 1024 * 1024)
_HEAPS = re.compile(r"-Xm([sx])(\d+[kmgt]?)\b", re.I)
_JAVA = ("Kafka", "KafkaBridge", "KafkaConnect", "KafkaMirrorMaker2", "KafkaNodePool")


def started(facts: Index) -> Iterator[Finding]:
    """Every program has at least as much memory as it starts with."""
    for owned in facts.of("dragonflydb.io", "Dragonfly"):
        arguments = listing(at(facts.body(owned.manifest), "spec", "args"))
        yield from _threads(Spot(facts, owned, ("spec", "args")), arguments)
    for template in pods.templates(facts):
        if template.owner.manifest.incomplete not in (operators.MADE, "locked"):
            for way, container in template.containers:
                yield from _of_container(Spot(facts, template.owner, way), container)
    for kind in _JAVA:
        for owned in facts.of("kafka.strimzi.io", kind):
            way = ("spec", "kafka", "jvmOptions") if kind == "Kafka" else ("spec", "jvmOptions")
            options = mapping(at(facts.body(owned.manifest), *way))
            told = "".join(f" {key}{options[key]}" for key in ("-Xms", "-Xmx") if key in options)
            yield from _heaps(Spot(facts, owned, way), told)


def _of_container(spot: Spot, container: dict[str, Any]) -> Iterator[Finding]:
    arguments = [*listing(container.get("command")), *listing(container.get("args"))]
    if "dragonfly" in text(container.get("image")):
        yield from _threads(Spot(spot.facts, spot.owned, (*spot.pointer, "args")), arguments)
    for each in map(mapping, listing(container.get("env"))):
        if "-Xm" in text(each.get("value")):
            yield from _heaps(Spot(spot.facts, spot.owned, (*spot.pointer, "env")), each["value"])


def _threads(spot: Spot, arguments: list[Any]) -> Iterator[Finding]:
    told = " ".join(map(str, arguments))
    threads, most = _THREADS.search(told), outgrown.MAXMEMORY.search(told)
    given = outgrown.binary(most[1]) if most else Decimal(0)
    if threads and most and 0 < given < int(threads[1]) * _EACH:
        yield spot.error(
            "capacity/too-little",
            f"{spot.who}: maxmemory is {most[1]}, and {threads[1]} threads need "
            f"{int(threads[1]) * 256} MiB: it does not start",
            "run fewer threads, or let it have 256 MiB for each",
        )


def _heaps(spot: Spot, told: str) -> Iterator[Finding]:
    heaps = {which.lower(): size for which, size in _HEAPS.findall(told)}
    if len(heaps) == 2 and outgrown.binary(heaps["s"]) > outgrown.binary(heaps["x"]):
        yield spot.error(
            "capacity/too-little",
            f"{spot.who}: the heap begins with {heaps['s']} and may be {heaps['x']}: Java refuses "
            "to start",
            "let -Xms be no more than -Xmx",
        )


RULES = (started,)
