"""The catalogue of rules: as a table, one rule in full, or for programs."""

import textwrap
from collections.abc import Collection, Iterator

import msgspec

from gitops.check.rule import Ground, Rule

_GROUNDS = {
    Ground.STARTED: ", a warning where the repository does not declare how Flux starts",
    Ground.OUTSIDE: ", a warning where nothing tells what is made outside of the repository",
    Ground.WHOLE: ", a warning where not all objects of the namespace are known",
}


def table(rules: Collection[Rule]) -> Iterator[str]:
    """One line per rule: its id, its severity, and what is wrong."""
    width = max((len(rule.id) for rule in rules), default=0)
    for rule in rules:
        yield f"{rule.id:<{width}}  {rule.severity:<7}  {rule.title}\n"


def explanation(rule: Rule) -> Iterator[str]:
    """All there is to say about one rule."""
    yield f"{rule.id} ({rule.severity}{_GROUNDS.get(rule.ground, '')})\n{rule.title}\n"
    yield f"\n{_paragraph(rule.rationale)}\n"
    yield f"\nFor example:\n\n{textwrap.indent(rule.example.rstrip(), '    ')}\n"
    yield f"\n{_paragraph(f'The way out: {rule.fix}')}\n"


def json(rules: Collection[Rule]) -> Iterator[str]:
    """A list of all rules, with all there is to say."""
    yield msgspec.json.encode(list(rules)).decode() + "\n"


def _paragraph(text: str) -> str:
    return textwrap.fill(text, 88)
