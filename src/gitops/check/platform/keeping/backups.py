"""Databases and their backups.

Sources: cloudnative-pg.io, ScheduledBackup: the schedule has six fields, seconds first;
volsync.readthedocs.io, ReplicationSource: five fields.
"""

import re
from collections.abc import Iterator

from gitops.check import index
from gitops.check.fields import at, text
from gitops.check.index import Index, Owned
from gitops.model import finding
from gitops.model.finding import Finding

_POSTGRES = "postgresql.cnpg.io"
_SCHEDULES = (
    (_POSTGRES, "ScheduledBackup", ("spec", "schedule"), 6),
    ("volsync.backube", "ReplicationSource", ("spec", "trigger", "schedule"), 5),
)
_FIELD = re.compile(r"(\*|\?|[A-Za-z]{3}|\d+)(-([A-Za-z]{3}|\d+))?(/\d+)?")
_BOUNDS = ((0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_NUMBER = re.compile(r"(?<!/)\b\d+")


def missing(facts: Index) -> Iterator[Finding]:
    """Every PostgreSQL that is not a replica of another has a backup that is made by itself."""
    backed = {
        (each.manifest.id.namespace, at(facts.body(each.manifest), "spec", "cluster", "name"))
        for each in facts.of(_POSTGRES, "ScheduledBackup")
    }
    for owned in facts.of(_POSTGRES, "Cluster"):
        found = owned.manifest.id
        is_replica = at(facts.body(owned.manifest), "spec", "replica", "enabled") is True
        is_seen = not facts.hiding(found.namespace)
        if is_seen and (found.namespace, found.name) not in backed and not is_replica:
            mistake = finding.warning(
                "backup/missing",
                facts.at(owned, "spec"),
                f"{found} has no ScheduledBackup: what it holds is lost with its volumes",
                "add a ScheduledBackup of it, or ignore this with the reason",
            )
            yield index.about(found, mistake)


def schedules(facts: Index) -> Iterator[Finding]:
    """A schedule has the fields that its controller reads."""
    for group, kind, way, count in _SCHEDULES:
        for owned in facts.of(group, kind):
            given = text(at(facts.body(owned.manifest), *way))
            if given and not given.startswith("@") and not _is_cron(given, count):
                yield _wrong(facts, owned, way, given, count)


def _is_cron(given: str, count: int) -> bool:
    given = re.sub(r"^(CRON_)?TZ=\S+\s+", "", given)
    fields = given.split()
    return len(fields) == count and all(
        _fits(field, bounds) for field, bounds in zip(fields, _BOUNDS[-count:], strict=True)
    )


def _fits(field: str, bounds: tuple[int, int]) -> bool:
    parts = field.split(",")
    numbers = [int(each) for each in _NUMBER.findall(field)]
    within = all(bounds[0] <= each <= bounds[1] for each in numbers)
    return within and all(_FIELD.fullmatch(part) for part in parts)


def _wrong(facts: Index, owned: Owned, way: tuple[str, ...], given: str, count: int) -> Finding:
    who = owned.manifest.id
    mistake = finding.error(
        "backup/schedule",
        facts.at(owned, *way),
        f"{who} has the schedule {given!r}, which cannot be read as {count} fields: it never runs",
        f"write {count} fields, {'seconds' if count == 6 else 'minutes'} first",
    )
    return index.about(who, mistake)


def same_ground(facts: Index) -> Iterator[Finding]:
    """A backup does not lie on the machines of what it is a backup of."""
    stores = {each.manifest.id.name: each for each in facts.of("ceph.rook.io", "CephObjectStore")}
    for owned in facts.of("barmancloud.cnpg.io", "ObjectStore"):
        way = ("spec", "configuration", "endpointURL")
        url = text(at(facts.body(owned.manifest), *way))
        held = next(
            (each for name, each in stores.items() if f"rook-ceph-rgw-{name}." in url), None
        )
        if held is not None:
            who = owned.manifest.id
            mistake = finding.warning(
                "backup/same-ground",
                facts.at(owned, *way),
                f"{who} puts backups into {held.manifest.id} of the same cluster: they are lost "
                "with what they are of",
                "keep them on machines of their own",
                held.manifest.origin.source,
            )
            yield index.about(who, mistake)


RULES = (missing, schedules, same_ground)
