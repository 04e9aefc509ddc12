"""A mistake in the user's repository: where, what, the other party, and the way out."""

from enum import StrEnum

import msgspec

from gitops.model.ids import ObjectId
from gitops.model.origin import Location


class Severity(StrEnum):
    """Errors fail a check; warnings do not; notes tell what could not be verified.

    An error is what the API server, Flux, kustomize, Helm or a controller certainly refuses or
    loses, and what the repository itself proves. What depends on something that is absent, unknown,
    of an unknown version, made by hand or in another repository, or on the meaning of a text, is a
    warning or a note (docs/adr/0059).
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Finding(msgspec.Struct, frozen=True, array_like=True):
    """One mistake.

    `rule` is stable (`area/name`). `at` is the source line that caused it, not the one where it was
    noticed. `related` names the other parties. `cluster` and `subject` are filled in by whoever
    knows them.
    """

    rule: str
    severity: Severity
    at: Location
    message: str
    hint: str = ""
    related: tuple[Location, ...] = ()
    subject: ObjectId | None = None
    cluster: str = ""

    @property
    def order(self) -> tuple[object, ...]:
        """A total order that depends on content alone."""
        subject = str(self.subject) if self.subject else ""
        return (self.at, self.rule, self.cluster, subject, self.message, self.related)


def error(rule: str, at: Location, message: str, hint: str, *related: Location) -> Finding:
    """A finding that fails the check."""
    return Finding(rule, Severity.ERROR, at, message, hint, related)


def warning(rule: str, at: Location, message: str, hint: str, *related: Location) -> Finding:
    """A finding that a reader should see and that does not fail the check."""
    return Finding(rule, Severity.WARNING, at, message, hint, related)


def note(rule: str, at: Location, message: str, hint: str = "", *related: Location) -> Finding:
    """Something that could not be verified."""
    return Finding(rule, Severity.NOTE, at, message, hint, related)
