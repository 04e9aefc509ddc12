"""When backups are made, and how long they are kept.

Sources: cloudnative-pg v1.30.0, scheduledbackup_controller.go: robfig/cron v1.2, which reads
seconds first and lets the day of the week be left out; volsync, statemachine/machine.go: five
fields, and mover/restic/mover.go: without `retain` it runs `restic forget --keep-last 1`;
cloudnative-pg.io/plugin-barman-cloud, Retention: without a policy nothing is ever removed.
"""

from collections.abc import Iterator

import msgspec

from gitops.check import index
from gitops.check.fields import at, mapping, text
from gitops.check.index import Index, Owned
from gitops.model import cron, finding
from gitops.model.cron import Times
from gitops.model.finding import Finding

_CNPG, _VOLSYNC = "postgresql.cnpg.io", "volsync.backube"
_KINDS = (
    (_CNPG, "ScheduledBackup", ("spec", "schedule"), 6),
    (_VOLSYNC, "ReplicationSource", ("spec", "trigger", "schedule"), 5),
    ("batch", "CronJob", ("spec", "schedule"), 5),
)
"""What makes backups, where it holds its schedule, and how many fields that has."""


class _Plan(msgspec.Struct, frozen=True):
    """The schedule of one backup as it is written."""

    owned: Owned
    way: tuple[str, ...]
    written: str
    fields: int


def _plans(facts: Index) -> tuple[_Plan, ...]:
    return tuple(
        _Plan(owned, way, written, fields)
        for group, kind, way, fields in _KINDS
        for owned in facts.of(group, kind)
        if kind != "CronJob" or "backup" in owned.manifest.id.name
        if (written := text(at(facts.body(owned.manifest), *way)))
    )


def unreadable(facts: Index) -> Iterator[Finding]:
    """A schedule has the fields that its controller reads."""
    for plan in facts.view(_plans):
        if plan.written.startswith("@") or cron.times(plan.written, plan.fields):
            continue
        if plan.fields == 6 and cron.times(f"{plan.written} *", 6):
            yield _shifted(facts, plan)
        else:
            yield _wrong(facts, plan)


def _shifted(facts: Index, plan: _Plan) -> Finding:
    who = plan.owned.manifest.id
    second, minute, hour = plan.written.split()[:3]
    mistake = finding.warning(
        "backup/schedule",
        facts.at(plan.owned, *plan.way),
        f"{who} has the schedule {plan.written!r}, of which the first field is seconds: it runs at "
        f"second {second} of minute {minute}, in the hours {hour}",
        f"put seconds before it: `0 {plan.written}`",
    )
    return index.about(who, mistake)


def _wrong(facts: Index, plan: _Plan) -> Finding:
    who = plan.owned.manifest.id
    mistake = finding.error(
        "backup/schedule",
        facts.at(plan.owned, *plan.way),
        f"{who} has the schedule {plan.written!r}, which cannot be read as {plan.fields} fields: "
        "it never runs",
        f"write {plan.fields} fields, {'seconds' if plan.fields == 6 else 'minutes'} first",
    )
    return index.about(who, mistake)


def together(facts: Index) -> Iterator[Finding]:
    """Backups of one kind do not all begin in one minute; told once for each minute."""
    found: dict[tuple[str, Times], list[_Plan]] = {}
    for plan in facts.view(_plans):
        times = cron.times(plan.written, plan.fields)
        if times:
            key = (plan.owned.manifest.id.kind, times[-5:])
            found.setdefault(key, []).append(plan)
    for (kind, _), (first, *others) in found.items():
        if others:
            who = first.owned.manifest.id
            mistake = finding.note(
                "backup/same-minute",
                facts.at(first.owned, *first.way),
                f"{len(others) + 1} backups by {kind} begin in the same minute: {first.written}",
                "let them begin one after the other: they share what they are kept on",
                *sorted({facts.at(each.owned, *each.way) for each in others})[:3],
            )
            yield index.about(who, mistake)


def retention(facts: Index) -> Iterator[Finding]:
    """How long backups are kept is said."""
    for owned in facts.of(_VOLSYNC, "ReplicationSource"):
        restic = at(facts.body(owned.manifest), "spec", "restic")
        retain = mapping(mapping(restic).get("retain"))
        if isinstance(restic, dict) and not retain:
            words = "does not say what to retain: only the last backup is kept"
            yield _forgetful(facts, owned, ("spec", "restic"), words, "restic.retain")
    for owned in facts.of("barmancloud.cnpg.io", "ObjectStore"):
        if not at(facts.body(owned.manifest), "spec", "retentionPolicy"):
            words = "has no retention policy: backups are never removed"
            yield _forgetful(facts, owned, ("spec",), words, "retentionPolicy")


def _forgetful(facts: Index, owned: Owned, way: tuple[str, ...], words: str, field: str) -> Finding:
    who = owned.manifest.id
    place = facts.at(owned, *way)
    hint = f"set spec.{field}"
    return index.about(who, finding.warning("backup/retention", place, f"{who} {words}", hint))


RULES = (unreadable, together, retention)
