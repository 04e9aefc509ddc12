"""`docs/reference/backups.md`: every backup, who makes it and when, and the way back."""

from collections.abc import Iterator, Sequence

import msgspec

from gitops.archive import rotation
from gitops.archive.rotation import Tape
from gitops.check.fields import at, text
from gitops.check.index import Index
from gitops.errors import PathError
from gitops.estate import reading
from gitops.estate.place import Source
from gitops.model import finding
from gitops.model.backups import Backup, Backups
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.sources.tree import Kind, SourceTree

SOURCE = "docs/backups.yaml"
PATH = "docs/reference/backups.md"

_MAKERS = {
    ("postgresql.cnpg.io", "ScheduledBackup"): ("spec", "schedule"),
    ("volsync.backube", "ReplicationSource"): ("spec", "trigger", "schedule"),
    ("batch", "CronJob"): ("spec", "schedule"),
}
"""What makes backups, and where it says when. Of CronJobs, those whose name says so."""

_HEAD = """\
# Backups

What is copied where, how often, and for how long. `gitops generate` derives this page from
[backups.yaml](../backups.yaml) and the compiled clusters. Times are UTC; those of PostgreSQL begin
with seconds. All buckets are on the NAS.

| Holds | Made by | In | When | Bucket | Kept | The way back |
|---|---|---|---|---|---|---|
"""


class Made(msgspec.Struct, frozen=True):
    """An object that makes backups, its schedule and its place."""

    cluster: str
    name: str
    when: str
    at: Location


class Loaded(msgspec.Struct, frozen=True):
    """The list, and where it stands."""

    listed: Backups
    source: Source


def exists(tree: SourceTree) -> bool:
    """Whether the repository says what its backups are."""
    return tree.kind(SOURCE) is Kind.FILE


def load(tree: SourceTree) -> tuple[Loaded | None, tuple[Finding, ...]]:
    """The list, unless it cannot be read, and what is wrong with it."""
    found, wrong = reading.read(tree, SOURCE, Backups)
    if found is None:
        return None, wrong
    loaded = Loaded(found.facts, found.source)
    return loaded, tuple(_without_way_back(tree, loaded))


def made(facts: Sequence[Index]) -> tuple[Made, ...]:
    """All that makes backups, by cluster and name."""
    found = [
        Made(
            each.cluster.name,
            str(owned.manifest.id),
            text(at(each.body(owned.manifest), *way)),
            owned.manifest.origin.source,
        )
        for each in facts
        for (group, kind), way in _MAKERS.items()
        for owned in each.of(group, kind)
        if kind != "CronJob" or "backup" in owned.manifest.id.name
    ]
    return tuple(sorted(found, key=lambda each: (each.cluster, each.name)))


def findings(loaded: Loaded, facts: Sequence[Index]) -> Iterator[Finding]:
    """Backups that the list does not tell of, and those that nobody makes."""
    there = made(facts)
    listed = {each.made_by for each in loaded.listed.backups}
    for each in there:
        if each.name not in listed:
            yield finding.error(
                "archive/unlisted",
                loaded.source.at("backups"),
                f"{each.name} of {each.cluster} makes a backup that {SOURCE} does not list",
                "list it, with where it lies, how long, and the way back",
                each.at,
            )
    make = finding.note if any(each.hidden for each in facts) else finding.error
    for position, backup in enumerate(loaded.listed.backups):
        if not any(each.name == backup.made_by for each in there):
            message = f"no cluster has {backup.made_by}: the backup of {backup.holds} is not made"
            hint = "correct the name, or remove the entry"
            yield make(
                "archive/unmade", loaded.source.at("backups", position, "made-by"), message, hint
            )


def _without_way_back(tree: SourceTree, loaded: Loaded) -> Iterator[Finding]:
    try:
        lines = tree.read(loaded.listed.restore).decode(errors="replace").splitlines()
    except PathError:
        lines = []
    headings = {line.lstrip("#").strip() for line in lines if line.startswith("#")}
    for position, each in enumerate(loaded.listed.backups):
        if each.restore not in headings:
            yield finding.error(
                "archive/no-way-back",
                loaded.source.at("backups", position, "restore"),
                f"{loaded.listed.restore} has no heading {each.restore!r}: nobody knows how "
                f"{each.holds} comes back",
                "write it there, with the commands",
            )


def page(loaded: Loaded, facts: Sequence[Index], tapes: Sequence[Tape]) -> str:
    """The page. Its last lines say what goes to tape."""
    there = made(facts)
    rows = [_row(each, loaded.listed.restore, there) for each in loaded.listed.backups]
    return _HEAD + "\n".join([*rows, "", *_tapes(loaded.listed, tapes)]) + "\n"


def _row(backup: Backup, document: str, there: Sequence[Made]) -> str:
    """What a chart makes is not looked up: the page is the same without the chart."""
    found = [] if backup.when else [each for each in there if each.name == backup.made_by]
    clusters = ", ".join(dict.fromkeys(each.cluster for each in found)) or "by its chart"
    when = ", ".join(f"`{each}`" for each in dict.fromkeys(each.when for each in found))
    link = f"[{backup.restore}](../{document.removeprefix('docs/')}#{_anchor(backup.restore)})"
    cells = (
        backup.holds,
        f"`{backup.made_by}`",
        clusters,
        when or f"`{backup.when}`",
        f"`{backup.bucket}`",
        backup.kept,
        link,
    )
    return f"| {' | '.join(cells)} |"


def _anchor(heading: str) -> str:
    return heading.lower().replace(" ", "-")


def _tapes(listed: Backups, tapes: Sequence[Tape]) -> Iterator[str]:
    total = sum(each.gigabytes for each in listed.backups)
    yield "## On tape"
    yield ""
    yield f"A run takes about {total} GB, by the estimates of the list:"
    yield ""
    for generation in sorted({tape.generation for tape in tapes}):
        room = next(tape.room for tape in tapes if tape.generation == generation) // 10**9
        count = -(-total // room) if total else 0
        word = "cartridge" if count == 1 else "cartridges"
        yield f"- LTO-{generation}: {count} {word}, {rotation.FILLED:.0%} of them filled at most"
