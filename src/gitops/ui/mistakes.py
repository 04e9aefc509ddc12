"""One mistake in a file that several clusters read is shown once, with the places it reaches."""

from collections.abc import Iterable

import msgspec

from gitops.model.finding import Finding, Severity
from gitops.model.ids import ObjectId


class Place(msgspec.Struct, frozen=True):
    """Where a mistake takes effect: a cluster, and the object concerned where there is one."""

    cluster: str
    subject: ObjectId | None

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.cluster, self.subject) if part)


class Mistake(msgspec.Struct, frozen=True):
    """A finding without its cluster and subject, and all places that it was found for."""

    finding: Finding
    places: tuple[Place, ...]


def merge(findings: Iterable[Finding]) -> tuple[Mistake, ...]:
    """Findings that differ in their place alone become one, where the first of them stood."""
    places: dict[Finding, list[Place]] = {}
    for finding in findings:
        common = msgspec.structs.replace(finding, cluster="", subject=None)
        found = places.setdefault(common, [])
        if finding.cluster or finding.subject:
            found.append(Place(finding.cluster, finding.subject))
    return tuple(Mistake(finding, tuple(dict.fromkeys(found))) for finding, found in places.items())


def counts(mistakes: Iterable[Mistake]) -> dict[Severity, int]:
    """How many mistakes there are of each severity, the worst first."""
    severities = [mistake.finding.severity for mistake in mistakes]
    return {severity: severities.count(severity) for severity in Severity}
