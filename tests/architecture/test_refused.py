"""Every rule has a refused fixture that shows where it points, and something near that is silent.

A fixture is exact: whatever its report does not name is proved to be silent. A near miss of a rule
is one of these:

- an object of the kind that the rule tells of, of which it does not;
- a thing that is called `near miss`; where a fixture tells of several rules, with the rule's name;
- in a case of one file, what is `right`;
- where nothing else can be, a fixture beside it, `NAME-near-miss`.
"""

import re
import textwrap
from collections.abc import Iterator
from functools import cache

from gitops.check.catalogue import RULES
from gitops.sources import yamlio
from tests.architecture import project
from tests.refused import made

REFUSED = project.ROOT / "tests" / "refused"

_TOLD = re.compile(r"(error|warning|note) ([a-z-]+/[a-z-]+): .*\n((?: +(?![ -]).*\n)*)")
_HINT = re.compile(r"^ +hint: .+$", re.M)
_SUBJECT = re.compile(r"^  in: (.*)$", re.M)
_RIGHT = re.compile(r"^right:$", re.M)
_NEAR = re.compile(r"near[-_ ]?miss.*", re.I)


@cache
def fixtures() -> dict[str, dict[str, str]]:
    """The texts of each fixture by path; `expected.txt` is the report."""
    found: dict[str, dict[str, str]] = {}
    for path in project.tracked():
        if REFUSED in path.parents and path.suffix != ".py":
            parts = path.relative_to(REFUSED).parts
            name = "/".join(parts[:2])
            found.setdefault(name, {})["/".join(parts[2:])] = path.read_text("utf-8", "replace")
    return found


@cache
def told(name: str) -> dict[str, set[str]]:
    """The rules that a fixture expects, each with the objects that it tells of."""
    found: dict[str, set[str]] = {}
    for _, rule, more in _TOLD.findall(_report(fixtures()[name])):
        subjects = (each for line in _SUBJECT.findall(more) for each in line.split(", "))
        found.setdefault(rule, set()).update(each.partition(" ")[2] for each in subjects)
    return found


def _report(texts: dict[str, str]) -> str:
    """What a fixture expects; a case of one file is a report for the most part."""
    text = texts.get("expected.txt", "".join(texts.values()))
    _, refused, report = text.partition("refused: |\n")
    return textwrap.dedent(report) if refused else text


def shown(rule: str) -> Iterator[str]:
    """The fixtures that expect the rule."""
    return (name for name in fixtures() if rule in told(name))


def has_near_miss(name: str, rule: str) -> bool:
    """Whether a fixture shows something of which the rule is nearly told."""
    stem, dot, ending = name.partition(".")
    beside = f"{stem}-near-miss{dot}{ending}"
    if beside in fixtures() and rule not in told(beside):
        return True
    if _RIGHT.search(fixtures()[name].get("", "")):
        return True
    if any(rule in mark or len(told(name)) == 1 for mark in _marks(name)):
        return True
    subjects = told(name)[rule]
    kinds = {subject.partition("/")[0] for subject in subjects}
    others = set(_objects(name)) - subjects
    return any(each.partition("/")[0] in kinds for each in others)


def _marks(name: str) -> Iterator[str]:
    """Lines that speak of a near miss, outside of the report: what is told is none."""
    for path, text in fixtures()[name].items():
        if path != "expected.txt":
            yield from _NEAR.findall(f"{path}\n{text}".partition("-- expected.txt --")[0])


@cache
def _objects(name: str) -> tuple[str, ...]:
    return tuple(
        each
        for path, text in fixtures()[name].items()
        if path.endswith(".yaml")
        for each in _objects_in(text, path)
    )


def _objects_in(text: str, path: str) -> Iterator[str]:
    for document in yamlio.parse(text.encode(), path)[0]:
        match document.value:
            case {"kind": kind, "metadata": {"name": name, **rest}}:
                place = rest.get("namespace")
                yield f"{kind}/{place}/{name}" if place else f"{kind}/{name}"


def test_every_fixture_has_a_report_and_what_is_made_has_a_fixture() -> None:
    """A folder without a report would not be looked at."""
    folders = {name for name, texts in fixtures().items() if "" not in texts}
    assert {name for name in folders if "expected.txt" not in fixtures()[name]} == set()
    assert set(made.MADE) - {name.partition("/")[2] for name in folders} == set()


def test_every_mistake_is_told_with_a_way_out() -> None:
    """Notes alone can do without: they ask for nothing."""
    without = {
        f"{name}: {rule}"
        for name, texts in fixtures().items()
        for severity, rule, more in _TOLD.findall(_report(texts))
        if severity != "note" and not _HINT.search(more)
    }
    assert without == set()


def test_every_rule_has_a_fixture() -> None:
    assert [rule for rule in RULES if not any(shown(rule))] == []


def test_every_rule_has_a_near_miss() -> None:
    without = {
        rule: list(shown(rule))
        for rule in RULES
        if not any(has_near_miss(name, rule) for name in shown(rule))
    }
    assert without == {}
