"""Findings and what was covered, for a person and for an editor that jumps to `path:line:`."""

from collections.abc import Iterable, Iterator

from gitops.model.build import Fleet
from gitops.model.finding import Finding, Severity
from gitops.model.origin import NOWHERE
from gitops.ui import coverage, mistakes, phrase
from gitops.ui.mistakes import Mistake, Place

_COLOURS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.NOTE: "1;36"}
_PLACES = 4
"""How many places of one mistake are named before the rest is only counted: a guess."""
_NOTES = 4
"""How many notes of one rule are told in full: a note asks for nothing, and dozens hide errors."""


def report(
    fleet: Fleet, findings: Iterable[Finding], *, ignored: int = 0, colour: bool = False
) -> Iterator[str]:
    """Every mistake, then a line per cluster, then the line that sums it up.

    Of many notes of one rule, the first stands for all. `ignored` findings are only counted.
    """
    found = mistakes.merge(findings)
    many = _many(found)
    for mistake in found:
        rule = mistake.finding.rule
        if rule not in many:
            yield from _mistake(mistake, colour)
        elif mistake == many[rule][0]:
            yield from _mistake(mistake, colour)
            yield _others(many[rule][1:])
    yield from _covered(fleet)
    yield _summary(found, ignored)


def _many(found: Iterable[Mistake]) -> dict[str, list[Mistake]]:
    """The notes of every rule that has too many to be told in full."""
    notes: dict[str, list[Mistake]] = {}
    for mistake in found:
        if mistake.finding.severity is Severity.NOTE:
            notes.setdefault(mistake.finding.rule, []).append(mistake)
    return {rule: told for rule, told in notes.items() if len(told) > _NOTES}


def _others(others: list[Mistake]) -> str:
    places = list(dict.fromkeys(phrase.place(other.finding.at) for other in others))
    named = ", ".join(places[:_PLACES])
    more = f" and {len(places) - _PLACES} more" if len(places) > _PLACES else ""
    return f"  {len(others)} more like it: {named}{more} (--json tells all)\n"


def _covered(fleet: Fleet) -> Iterator[str]:
    for cluster in fleet.clusters:
        known = coverage.of(cluster)
        parts = [_kind(kind, words) for kind, words in known.units.items()]
        parts.append(phrase.count(known.objects, "object"))
        yield f"{phrase.printable(cluster.name)}: {', '.join(parts)}\n"


def _summary(found: Iterable[Mistake], ignored: int) -> str:
    counted = mistakes.counts(found)
    parts = [phrase.count(number, severity) for severity, number in counted.items() if number]
    hidden = f" ({ignored} ignored)" if ignored else ""
    return f"{', '.join(parts) or 'no findings'}{hidden}\n"


def _kind(kind: str, words: dict[str, int]) -> str:
    parts = ", ".join(f"{number} {word}" for word, number in words.items())
    return f"{phrase.count(sum(words.values()), kind)} ({parts})"


def _mistake(mistake: Mistake, colour: bool) -> Iterator[str]:
    finding = mistake.finding
    severity = _paint(finding.severity, _COLOURS[finding.severity], colour)
    first, *rest = finding.message.splitlines() or [""]
    where = _paint(f"{phrase.place(finding.at)}:", "1", colour)
    yield f"{where} {severity} {finding.rule}: {phrase.printable(first)}\n"
    for line in rest:
        yield f"    {phrase.printable(line)}\n"
    for related in finding.related:
        if related != NOWHERE:
            yield f"  see: {phrase.place(related)}\n"
    if mistake.places:
        yield f"  in: {_places(mistake.places)}\n"
    if finding.hint:
        yield _paint(f"  hint: {phrase.printable(finding.hint)}", "2", colour) + "\n"


def _places(places: tuple[Place, ...]) -> str:
    named = ", ".join(phrase.printable(str(place)) for place in places[:_PLACES])
    more = len(places) - _PLACES
    return f"{named} and {more} more" if more > 0 else named


def _paint(text: str, code: str, colour: bool) -> str:
    return f"\033[{code}m{text}\033[0m" if colour else text
