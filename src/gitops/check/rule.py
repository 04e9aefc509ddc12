"""What a rule is, for a reader who meets one of its findings."""

import textwrap
from enum import StrEnum

import msgspec

from gitops.model.finding import Severity


class Ground(StrEnum):
    """What has to be so, besides what was compiled, for an error of a rule to be one.

    An error is what the API server, Flux, kustomize, Helm or a controller certainly refuses or
    loses, and what the repository itself proves. Where this does not hold, it is a warning.
    """

    ITSELF = "itself"
    """Nothing: the objects that the finding is about are enough."""

    STARTED = "started"
    """That the repository declares how Flux starts: few apply Flux's own objects by hand, but
    whoever starts Flux from elsewhere may send more of them from there."""

    OUTSIDE = "outside"
    """That the repository tells what is made outside of it, or how Kubernetes is set up."""

    WHOLE = "whole"
    """Besides, that all objects of the namespace are known, for the rule compares many of them, or
    reads texts, or knows programs of some version."""


class Rule(msgspec.Struct, frozen=True):
    """One kind of mistake.

    `title` says in a sentence what is wrong, `rationale` what would happen in a cluster, `example`
    is the smallest text that has the mistake, and `fix` is the way out. `severity` is the usual
    one: a rule that cannot see everything reports a note instead, and one whose `ground` is not
    given a warning.
    """

    id: str
    severity: Severity
    title: str
    rationale: str
    example: str
    fix: str
    ground: Ground = Ground.ITSELF


def error(id: str, title: str, *, rationale: str, example: str, fix: str) -> Rule:
    """A rule whose findings fail the check. Texts may be indented as the code around them is."""
    return _rule(id, Severity.ERROR, title, rationale, example, fix)


def started(id: str, title: str, *, rationale: str, example: str, fix: str) -> Rule:
    """An error where the repository declares how Flux starts, else a warning."""
    return _rule(id, Severity.ERROR, title, rationale, example, fix, ground=Ground.STARTED)


def outside(id: str, title: str, *, rationale: str, example: str, fix: str) -> Rule:
    """An error where the repository tells what is made outside of it, else a warning."""
    return _rule(id, Severity.ERROR, title, rationale, example, fix, ground=Ground.OUTSIDE)


def whole(id: str, title: str, *, rationale: str, example: str, fix: str) -> Rule:
    """An error where all objects of the namespace are known besides, else a warning."""
    return _rule(id, Severity.ERROR, title, rationale, example, fix, ground=Ground.WHOLE)


def warning(id: str, title: str, *, rationale: str, example: str, fix: str) -> Rule:
    """A rule whose findings a reader should see."""
    return _rule(id, Severity.WARNING, title, rationale, example, fix)


def note(id: str, title: str, *, rationale: str, example: str, fix: str) -> Rule:
    """A rule whose findings tell what could not be verified."""
    return _rule(id, Severity.NOTE, title, rationale, example, fix)


def _rule(id: str, severity: Severity, *texts: str, ground: Ground = Ground.ITSELF) -> Rule:
    title, rationale, example, fix = texts
    shown = textwrap.dedent(example).strip("\n")
    why, way_out = " ".join(rationale.split()), " ".join(fix.split())
    return Rule(id, severity, title, why, shown, way_out, ground)
