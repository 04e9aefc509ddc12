"""A report as SARIF 2.1.0, which code hosts show beside the lines of a change.

Source: OASIS, Static Analysis Results Interchange Format 2.1.0.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from gitops.check.rule import Rule
from gitops.model.finding import Finding
from gitops.model.origin import NOWHERE, Location
from gitops.model.suppression import Ignored
from gitops.ui import mistakes, phrase
from gitops.ui.mistakes import Mistake

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def report(
    findings: Sequence[Finding], ignored: Sequence[Ignored], rules: Mapping[str, Rule], version: str
) -> Iterator[str]:
    """One run. What is ignored is there too, marked as suppressed with the reason."""
    shown = mistakes.merge(findings)
    hidden = [(mistakes.merge([each.finding])[0], each) for each in ignored]
    used = sorted({each.finding.rule for each in shown} | {each.finding.rule for each, _ in hidden})
    driver = {
        "name": "gitops",
        "semanticVersion": version,
        "rules": [_rule(rules[id]) for id in used],
    }
    results = [_result(each, used) for each in shown]
    results += [_result(each, used) | _suppressed(by) for each, by in hidden]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    yield msgspec.json.format(msgspec.json.encode(log), indent=1).decode() + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.rationale},
        "help": {"text": f"For example:\n\n{rule.example}\n\nThe way out: {rule.fix}"},
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _result(mistake: Mistake, used: Sequence[str]) -> dict[str, Any]:
    found = mistake.finding
    return {
        "ruleId": found.rule,
        "ruleIndex": used.index(found.rule),
        "level": found.severity.value,
        "message": {"text": _message(mistake)},
        "locations": [_location(found.at)] if found.at != NOWHERE else [],
        "relatedLocations": [_location(at) for at in found.related if at != NOWHERE],
        "partialFingerprints": {"gitops/v1": fingerprint(mistake)},
    }


def _message(mistake: Mistake) -> str:
    found = mistake.finding
    places = ", ".join(str(place) for place in mistake.places)
    parts = (found.message, places and f"In: {places}", found.hint and f"The way out: {found.hint}")
    return phrase.unicode("\n".join(part for part in parts if part))


def _location(at: Location) -> dict[str, Any]:
    uri = quote(phrase.unicode(at.path))
    artifact = {"artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"}}
    region = {"region": {"startLine": at.line}} if at.line else {}
    return {"physicalLocation": {**artifact, **region}}


def _suppressed(ignored: Ignored) -> dict[str, Any]:
    kind = {"kind": "external", "status": "accepted", "justification": ignored.by.reason}
    return {"suppressions": [kind]}


def fingerprint(mistake: Mistake) -> str:
    """What stays the same when lines move: the rule, the file and what is said."""
    found = mistake.finding
    told = "\0".join((found.rule, found.at.path, found.message))
    return hashlib.sha256(told.encode(errors="backslashreplace")).hexdigest()[:32]
