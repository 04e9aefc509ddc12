"""A field of an object that a finding is about."""

import msgspec

from gitops.check import index
from gitops.check.index import Index, Owned
from gitops.check.knowledge import Pointer
from gitops.model import finding
from gitops.model.finding import Finding, Severity
from gitops.model.origin import Location


class Spot(msgspec.Struct, frozen=True):
    """`pointer` leads to the field; its line is looked up only when something is wrong."""

    facts: Index
    owned: Owned
    pointer: Pointer = ()

    @property
    def at(self) -> Location:
        """The place in the repository that decides the field."""
        return self.facts.at(self.owned, *self.pointer)

    @property
    def who(self) -> str:
        """The object, for a message."""
        return str(self.owned.manifest.id)

    def error(self, rule: str, message: str, hint: str, *others: Owned) -> Finding:
        """A finding here that fails the check; the others are the other parties."""
        return self._about(finding.error(rule, self.at, message, hint, *_places(others)))

    def warning(self, rule: str, message: str, hint: str, *others: Owned) -> Finding:
        """A finding here that a reader should see."""
        return self._about(finding.warning(rule, self.at, message, hint, *_places(others)))

    def note(self, rule: str, message: str, hint: str, *others: Owned) -> Finding:
        """Something about this place that could not be verified."""
        return self._about(finding.note(rule, self.at, message, hint, *_places(others)))

    def _about(self, found: Finding) -> Finding:
        return index.about(self.owned.manifest.id, found)


def narrowed(found: Finding, facts: Index, word: str, text: str) -> Finding:
    """The same finding at the line that has the word, if the text stands there as it is."""
    for more in range(text.count("\n") + 2):
        line = msgspec.structs.replace(found.at, line=found.at.line + more)
        if word in facts.knowledge.line(line):
            return msgspec.structs.replace(found, at=line)
    return found


def graded(found: Finding, severity: Severity) -> Finding:
    """The same finding, with another weight."""
    return msgspec.structs.replace(found, severity=severity)


def _places(others: tuple[Owned, ...]) -> tuple[Location, ...]:
    return tuple(other.manifest.origin.source for other in others)
