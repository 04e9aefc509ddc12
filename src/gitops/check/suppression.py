"""Takes out of a report what the owner of the repository has given a reason for.

A reason is written in `gitops.toml`, or on the object itself:

    metadata:
      annotations:
        gitops.check/ignore: |
          image/latest until 2027-03-01: the vendor publishes no other tag
"""

import datetime
import re
from collections.abc import Collection, Iterator, Sequence
from fnmatch import fnmatchcase
from importlib import import_module

from gitops.check import building, fields
from gitops.check.index import Index, Owned
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.suppression import Ignored, Judged, Suppression

ANNOTATION = "gitops.check/ignore"
_OF_FILES = ("config/", "estate/", "generate/", "kustomize/", "talos/", "yaml/")
"""Areas whose rules look at files of the repository, and never at what a chart renders."""
_LINE = re.compile(r"(?P<rule>\S+)(?: +until +(?P<expires>\S+))? *: *(?P<reason>\S.*)")


def judge(
    found: Sequence[Finding],
    suppressions: Sequence[Suppression],
    today: datetime.date | None,
    *,
    whole: bool,
    seen: bool = True,
    read: bool = True,
) -> Judged:
    """Every finding goes to the first suppression that fits. One that is over, or that fits
    nothing, is a finding itself; whether it fits nothing can be told only of a `whole` fleet, and
    for sure only where all of it could be `seen`; of rules about files, where all of the
    repository could be `read`."""
    living = [each for each in suppressions if not _is_over(each, today)]
    ignored = [Ignored(each, by) for each in found if (by := _first(living, each)) is not None]
    left = {each.finding for each in ignored}
    used = {each.by for each in ignored}
    kept = [each for each in found if each not in left]
    kept += (_expired(each) for each in suppressions if _is_over(each, today))
    sure = [each for each in living if seen or (read and each.rule.startswith(_OF_FILES))]
    kept += (_unused(each, each in sure) for each in living if whole and each not in used)
    return Judged(tuple(sorted(kept, key=lambda each: each.order)), tuple(ignored))


def gather(
    configured: Sequence[Suppression], indexes: Sequence[Index], told: Collection[str] = ()
) -> tuple[list[Suppression], list[Finding]]:
    """What the configuration and the annotations of objects say, and the mistakes in them. Rules
    that have `told` of something are there."""
    suppressions = [each for each in configured if _exists(each.rule, told)]
    mistakes = [_unknown(each) for each in configured if each not in suppressions]
    for facts in indexes:
        for read in _written(facts, told):
            if isinstance(read, Suppression):
                suppressions.append(read)
            else:
                mistakes.append(building.within(facts.cluster, read))
    return suppressions, mistakes


def _exists(rule: str, told: Collection[str]) -> bool:
    # The catalogue takes 10 ms to load, and whoever ignores nothing in vain needs none of it.
    return rule in told or rule in import_module("gitops.check.catalogue").RULES


def _unknown(suppression: Suppression) -> Finding:
    return finding.error(
        "ignore/invalid",
        suppression.at,
        f"there is no rule {suppression.rule!r} to ignore",
        "`gitops rules` lists them",
    )


def _written(facts: Index, told: Collection[str]) -> Iterator[Suppression | Finding]:
    for owned in facts.owned.values():
        if ANNOTATION.encode() in owned[0].manifest.raw:
            yield from _annotated(facts, owned[0], told)


def _annotated(
    facts: Index, owned: Owned, told: Collection[str]
) -> Iterator[Suppression | Finding]:
    text = fields.at(facts.body(owned.manifest), "metadata", "annotations", ANNOTATION)
    at = facts.at(owned, "metadata", "annotations", ANNOTATION)
    for line in fields.text(text).splitlines():
        entry = _LINE.fullmatch(line.strip())
        expires = _day(entry["expires"]) if entry else None
        if entry and _exists(entry["rule"], told) and (expires or not entry["expires"]):
            subject, cluster = str(owned.manifest.id), facts.cluster.name
            yield Suppression(entry["rule"], entry["reason"], "", subject, cluster, expires, at)
        elif line.strip():
            yield finding.error(
                "ignore/invalid",
                at,
                f"{owned.manifest.id}: {line.strip()!r} does not say what to ignore and why",
                "write `<rule>: <reason>` or `<rule> until 2027-03-01: <reason>`",
            )


def _day(text: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text or "")
    except ValueError:
        return None


def _is_over(suppression: Suppression, today: datetime.date | None) -> bool:
    expires = suppression.expires
    return today is not None and expires is not None and today > expires


def _first(suppressions: Sequence[Suppression], found: Finding) -> Suppression | None:
    return next(
        (each for each in suppressions if each.rule == found.rule and _fits(each, found)), None
    )


def _fits(suppression: Suppression, found: Finding) -> bool:
    return (
        suppression.rule == found.rule
        and _like(found.at.path, suppression.path)
        and _like(str(found.subject or ""), suppression.object)
        and _like(found.cluster, suppression.cluster)
    )


def _like(value: str, pattern: str) -> bool:
    return not pattern or fnmatchcase(value, pattern)


def _expired(suppression: Suppression) -> Finding:
    return finding.warning(
        "ignore/expired",
        suppression.at,
        f"{suppression.rule} was to be ignored until {suppression.expires}: {suppression.reason}",
        "mend what it hides, or give it a new day",
    )


def _unused(suppression: Suppression, seen: bool) -> Finding:
    message = f"nothing is ignored here: no finding of {suppression.rule} fits"
    if seen:
        return finding.warning("ignore/unused", suppression.at, message, "remove it")
    doubtful = f"{message}, as far as can be seen without all charts"
    return finding.note("ignore/unused", suppression.at, doubtful, "look again with all charts")
