"""What a rule is, for a reader who meets one of its findings."""

import textwrap

import msgspec

from gitops.model.finding import Severity


class Rule(msgspec.Struct, frozen=True):
    """One kind of mistake.

    `title` says in a sentence what is wrong, `rationale` what would happen in a cluster, `example`
    is the smallest text that has the mistake, and `fix` is the way out. `severity` is the usual
    one: a rule that cannot see everything reports a note instead.
    """

    id: str
    severity: Severity
    title: str
    rationale: str
    example: str
    fix: str


def error(id: str, title: str, *, rationale: str, example: str, fix: str) -> Rule:
    """A rule whose findings fail the check. Texts may be indented as the code around them is."""
    return _rule(id, Severity.ERROR, title, rationale, example, fix)


def warning(id: str, title: str, *, rationale: str, example: str, fix: str) -> Rule:
    """A rule whose findings a reader should see."""
    return _rule(id, Severity.WARNING, title, rationale, example, fix)


def note(id: str, title: str, *, rationale: str, example: str, fix: str) -> Rule:
    """A rule whose findings tell what could not be verified."""
    return _rule(id, Severity.NOTE, title, rationale, example, fix)


def _rule(id: str, severity: Severity, *texts: str) -> Rule:
    title, rationale, example, fix = texts
    shown = textwrap.dedent(example).strip("\n")
    return Rule(id, severity, title, " ".join(rationale.split()), shown, " ".join(fix.split()))
