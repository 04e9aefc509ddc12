"""A report as workflow commands of GitHub Actions, which become annotations of a change.

Source: GitHub Docs, "Workflow commands for GitHub Actions"; escapes as in actions/toolkit.
"""

from collections.abc import Iterable, Iterator

from gitops.model.finding import Finding, Severity
from gitops.model.origin import NOWHERE
from gitops.ui import mistakes, phrase
from gitops.ui.mistakes import Mistake

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def report(findings: Iterable[Finding]) -> Iterator[str]:
    """One command a mistake, the worst first: GitHub shows the first ten of each kind in a step."""
    order = list(Severity)
    for mistake in sorted(mistakes.merge(findings), key=lambda m: order.index(m.finding.severity)):
        yield _command(mistake)


def _command(mistake: Mistake) -> str:
    found = mistake.finding
    place = {"file": phrase.unicode(found.at.path)} if found.at != NOWHERE else {}
    line = {"line": str(found.at.line)} if found.at.line else {}
    named = {**place, **line, "title": found.rule}
    properties = ",".join(f"{name}={value.translate(_PROPERTY)}" for name, value in named.items())
    text = phrase.unicode("\n".join(part for part in (found.message, found.hint) if part))
    return f"::{_COMMANDS[found.severity]} {properties}::{text.translate(_DATA)}\n"
