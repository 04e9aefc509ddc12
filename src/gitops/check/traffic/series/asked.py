"""Whether the series that alerts and dashboards ask for are given by the programs that run."""

import difflib
import re
from collections.abc import Iterator

import msgspec

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index
from gitops.check.traffic import alerts, sight, targets
from gitops.check.traffic.promql import expressions
from gitops.check.traffic.promql.expressions import Selector
from gitops.check.traffic.questions import Question, Questions
from gitops.check.traffic.series import gone, programs
from gitops.check.traffic.series.programs import Program
from gitops.model.finding import Finding

_ALWAYS = frozenset({"le", "quantile", "vmrange"})
"""Labels of histograms and summaries."""

_SUFFIX = re.compile(r"_(?:bucket|count|sum|created|total)$")


class Asked(msgspec.Struct, frozen=True):
    """A series by its name, and who asks for it."""

    facts: Index
    question: Question
    selector: Selector


def unknown(indexes: tuple[Index, ...]) -> Iterator[Finding]:
    """A series with the prefix of a program that runs is one that it gives, with labels that it
    has there. Silent of versions that are not known."""
    running = _running(indexes)
    words = {prefix.partition("_")[0] for program in running for prefix in program.prefixes}
    for each in _asked(indexes, words):
        program = next((found for found in running if found.gives(each.selector.name)), None)
        if program:
            yield from _judged(indexes, each, program)


def removed(indexes: tuple[Index, ...]) -> Iterator[Finding]:
    """A series that no supported version of a program gives any more, or that only others give, is
    not asked for where the program runs."""
    reasons = {}
    words = {name.partition("_")[0] for found in gone.GONE for name in found.names}
    for each in _asked(indexes, words):
        name = each.selector.name
        found = next((one for one in gone.GONE if name.startswith(one.names)), None)
        if found and found not in reasons:
            reasons[found] = found.holds(indexes)
        if found and reasons[found] and not _is_made(indexes, name):
            yield _finding(indexes, each, f"{name}, {found.why}", found.instead)


def _asked(indexes: tuple[Index, ...], words: set[str]) -> Iterator[Asked]:
    """What is asked of series whose names begin with one of the words."""
    for facts in indexes:
        named = facts.view(_named)
        for word in sorted(words & named.keys()):
            yield from named[word]


def _named(facts: Index) -> dict[str, list[Asked]]:
    """What is asked, by the first word of the names of series."""
    found: dict[str, list[Asked]] = {}
    for question in facts.view(Questions).all:
        for selector in expressions.selectors(question.expression):
            if selector.name and ":" not in selector.name:
                word = selector.name.partition("_")[0]
                found.setdefault(word, []).append(Asked(facts, question, selector))
    return found


def _judged(indexes: tuple[Index, ...], each: Asked, program: Program) -> Iterator[Finding]:
    name = each.selector.name
    labels = programs.labels(program, name)
    if labels is None:
        labels = programs.labels(program, _SUFFIX.sub("", name))
    if labels is None:
        yield from _nameless(indexes, each, program)
    elif labels:
        yield from _labelless(indexes, each, labels)


def _running(indexes: tuple[Index, ...]) -> list[Program]:
    """The programs of the fleet of which all versions are known."""
    images = "\n".join(
        image for facts in indexes for image in (*facts.view(targets.images), *_of_resources(facts))
    )
    found = []
    for program in programs.PROGRAMS:
        versions = program.versions(images)
        if versions and all(program.first <= each <= program.last for each in versions):
            found.append(program)
    return found


def _of_resources(facts: Index) -> Iterator[str]:
    for owned in facts.of("dragonflydb.io", "Dragonfly"):
        yield text(at(facts.body(owned.manifest), "spec", "image"))


def _nameless(indexes: tuple[Index, ...], each: Asked, program: Program) -> Iterator[Finding]:
    name = each.selector.name
    near = _near(name, programs.names(program))
    if (near or not program.shared) and not _is_made(indexes, name):
        yield _finding(
            indexes,
            each,
            f"{name}, which {program.name} of this version does not give",
            f"did you mean {near!r}?" if near else "ask for a series that it has",
        )


def _near(name: str, known: list[str]) -> str:
    """The series that one of this name was most likely before, or is meant to be; else ""."""
    shorter = [each for each in known if name.startswith(f"{each}_")]
    likely = [each for each in known if not each.endswith(("_annotations", "_labels"))]
    close = difflib.get_close_matches(name, likely, 1, 0.84)
    return max(shorter, key=len, default=close[0] if close else "")


def _labelless(
    indexes: tuple[Index, ...], each: Asked, labels: programs.Labels
) -> Iterator[Finding]:
    for matcher in (one for some in each.selector.matchers for one in some):
        label = matcher.label
        is_own = label in labels or label in _ALWAYS or label.startswith(("__", "exported_"))
        if matcher.value and not is_own and not _is_added(indexes, label):
            yield _finding(
                indexes,
                each,
                f"{each.selector.name} by its label {label}, which it does not have",
                f"it has {', '.join(sorted(labels))}",
            )


def _is_added(indexes: tuple[Index, ...], label: str) -> bool:
    """Whether scraping gives the label to everything, or may do so."""
    return any(label in _of_targets(facts) for facts in indexes) or _is_written(indexes, label)


def _of_targets(facts: Index) -> frozenset[str]:
    return facts.view(targets.given).labels or frozenset()


def _is_made(indexes: tuple[Index, ...], name: str) -> bool:
    """Whether the repository has a word for it: a rule that records it, or settings of a program
    that make it, commonly without the prefix."""
    if any(entry.name == name for facts in indexes for entry in alerts.entries(facts)):
        return True
    if name.startswith("cnpg_") and any(facts.view(_is_unread) for facts in indexes):
        return True
    words = name.split("_")
    ways = [
        ("_".join(words[1:middle]), "_".join(words[middle:])) for middle in range(1, len(words))
    ]
    return any(_says(facts, *way) for facts in indexes for way in ways)


def _says(facts: Index, start: str, end: str) -> bool:
    """Whether the settings of a program have a line for both words. CloudNativePG and
    kube-state-metrics put the names of their series together of such."""
    found = [
        re.compile(rf"(?<!\w){re.escape(each)}(?!\w)".encode()) for each in (start, end) if each
    ]
    return any(all(word.search(raw) for word in found) for raw in facts.view(_settings))


def _settings(facts: Index) -> tuple[bytes, ...]:
    """The ConfigMaps that give series their names."""
    raws = (owned.manifest.raw for owned in facts.of("", "ConfigMap"))
    return tuple(raw for raw in raws if b"usage" in raw or b"metricNamePrefix" in raw)


def _is_unread(facts: Index) -> bool:
    """Whether PostgreSQL is asked by queries that cannot be seen."""
    for owned in facts.of("postgresql.cnpg.io", "Cluster"):
        told = mapping(at(facts.body(owned.manifest), "spec", "monitoring"))
        names = (
            text(mapping(each).get("name")) for each in listing(told.get("customQueriesConfigMap"))
        )
        space = owned.manifest.id.namespace
        if told.get("customQueriesSecret") or not all(
            facts.find("", "ConfigMap", space, name) for name in names
        ):
            return True
    return False


def _is_written(indexes: tuple[Index, ...], label: str) -> bool:
    """Whether something that scrapes writes the label, or takes over those of pods or Services."""
    if any(facts.view(targets.given).labels is None for facts in indexes):
        return True
    if not any(facts.view(targets.agents) for facts in indexes):
        return True
    word = f'"{label}"'.encode()
    return any(
        word in owned.manifest.raw
        for facts in indexes
        for group, kind in targets.SCRAPING
        for owned in facts.of(group, kind)
    )


def _finding(indexes: tuple[Index, ...], each: Asked, what: str, hint: str) -> Finding:
    return sight.weighed(
        indexes,
        each.question.spot(each.facts),
        "query/series-unknown",
        f"{each.question.owned.manifest.id}: {each.question.whose} asks for {what}",
        hint,
        each.selector.name.partition("_")[0],
    )
