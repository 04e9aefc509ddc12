"""A report as a GitLab code quality artifact.

Source: GitLab Docs, "Code Quality", code quality report format: a list of objects with
description, check_name, fingerprint, location.path, location.lines.begin and severity.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from gitops.model.finding import Finding, Severity
from gitops.ui import mistakes, phrase, sarif
from gitops.ui.mistakes import Mistake

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def report(findings: Iterable[Finding]) -> Iterator[str]:
    """One element a mistake. GitLab takes no element without a file: what no file holds is given
    to the configuration."""
    shown = [_element(mistake) for mistake in mistakes.merge(findings)]
    yield msgspec.json.format(msgspec.json.encode(shown), indent=1).decode() + "\n"


def _element(mistake: Mistake) -> dict[str, Any]:
    found = mistake.finding
    return {
        "description": phrase.unicode(". ".join(filter(None, (found.message, found.hint)))),
        "check_name": found.rule,
        "fingerprint": sarif.fingerprint(mistake),
        "severity": _SEVERITIES[found.severity],
        "location": {
            "path": phrase.unicode(found.at.path) or "gitops.toml",
            "lines": {"begin": max(found.at.line, 1)},
        },
    }
