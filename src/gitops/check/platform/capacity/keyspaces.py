"""Databases of a cache by their number: whether there are as many, and who else is in one.

Source: dragonflydb, `--dbnum` (16); with `--cluster_mode` there is only number 0. Redis, `SELECT`:
numbers begin with 0, and a program that empties its database empties it for all.
"""

import re
from collections.abc import Iterator

import msgspec

from gitops.check.fields import at, listing
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot
from gitops.model.finding import Finding
from gitops.model.ids import ObjectId

_NUMBER = re.compile(r"--dbnum[ =]+(\d+)\b")
_ONE = re.compile(r"--cluster_mode[ =]+(?:emulated|yes)\b")
_KINDS = (("", "ConfigMap"), ("", "Secret"), ("apps", "Deployment"), ("apps", "StatefulSet"))


class Use(msgspec.Struct, frozen=True):
    """A database of a cache that an object names."""

    facts: Index
    owned: Owned
    number: int


def numbered(indexes: tuple[Index, ...]) -> Iterator[Finding]:
    """A cache has the databases that are asked for, and each program has its own."""
    for facts, cache, uses in _caches(indexes):
        yield from _beyond(facts, cache, uses)
        yield from _shared(cache, uses)


def _beyond(facts: Index, cache: Owned, uses: list[Use]) -> Iterator[Finding]:
    told = " ".join(map(str, listing(at(facts.body(cache.manifest), "spec", "args"))))
    given = _NUMBER.search(told)
    count = 1 if _ONE.search(told) else int(given[1]) if given else 16
    by_variable = "DFLY_" in str(at(facts.body(cache.manifest), "spec", "env"))
    lost = [each for each in uses if each.number >= count and not by_variable]
    if lost:
        worst = max(lost, key=lambda each: each.number)
        found = Spot(facts, cache, ("spec", "args")).error(
            "cache/number-missing",
            f"{worst.owned.manifest.id} asks {cache.manifest.id} for database {worst.number}, "
            f"and it has {count}, which are counted from 0",
            "let it have more, or ask for one that there is",
        )
        place = worst.facts.at(worst.owned)
        related = (*found.related, place)
        yield msgspec.structs.replace(found, cluster=facts.cluster.name, related=related)


def _shared(cache: Owned, uses: list[Use]) -> Iterator[Finding]:
    """Two programs that count their databases do not count to the same one. Of number 0, which is
    taken where none is told, nothing is said."""
    users: dict[int, dict[ObjectId, Use]] = {}
    for each in uses:
        users.setdefault(each.number, {}).setdefault(each.owned.unit.id, each)
    for number, found in sorted(users.items()):
        if number and len(found) > 1:
            one, other = (found[unit] for unit in sorted(found, key=str)[:2])
            mistake = Spot(one.facts, one.owned).warning(
                "cache/number-shared",
                f"{one.owned.unit.id} and {other.owned.unit.id} both use database {number} of "
                f"{cache.manifest.id}: each finds and removes what the other has there",
                "give each a number of its own",
            )
            related = (*mistake.related, other.facts.at(other.owned))
            yield msgspec.structs.replace(mistake, cluster=one.facts.cluster.name, related=related)


def _caches(indexes: tuple[Index, ...]) -> Iterator[tuple[Index, Owned, list[Use]]]:
    """Each cache with all that is told of its databases, in any cluster."""
    for facts in indexes:
        for cache in facts.of("dragonflydb.io", "Dragonfly"):
            yield facts, cache, [use for each in indexes for use in _uses(each, cache)]


def _uses(facts: Index, cache: Owned) -> Iterator[Use]:
    found = cache.manifest.id
    mark = f"{found.name}.{found.namespace}.svc".encode()
    named = re.compile(re.escape(mark) + rb"[a-z.]*:\d+/(\d+)\b")
    for group, kind in _KINDS:
        for owned in facts.of(group, kind):
            if mark in owned.manifest.raw and owned.manifest.incomplete != "locked":
                for number in sorted({*named.findall(owned.manifest.raw)}):
                    yield Use(facts, owned, int(number))


FLEET_RULES = (numbered,)
