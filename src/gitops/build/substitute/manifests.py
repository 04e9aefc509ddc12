"""Substitution in all objects of a Flux Kustomization.

Source: kustomize-controller, build; fluxcd/pkg kustomize/kustomize_varsub.go.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from gitops.build import written
from gitops.build.substitute import envsubst, locate, resource
from gitops.build.substitute.envsubst import Problem
from gitops.build.substitute.locate import Read
from gitops.build.substitute.resource import Outcome
from gitops.model import finding, manifest
from gitops.model.finding import Finding, Severity
from gitops.model.manifest import Manifest
from gitops.model.origin import Location, Step

SWITCH = "kustomize.toolkit.fluxcd.io/substitute"
"""The label or annotation that keeps an object out when its value is `disabled`."""

_SWITCH = b"toolkit.fluxcd.io/substitute"
_TAB = b'"\\t'
_TOUCHED = re.compile(rb"\$[{$]")
_ZEROS = bytes(ord("0") if chr(code).isdecimal() else code for code in range(256))
_LONG_NUMBER = b"0" * 16
"""What a number may look like, with zeros for digits, that a 64-bit float cannot hold."""


class Pass(Struct, frozen=True):
    """How variables are substituted.

    `placeholders` names the variables whose texts stand for unknown values. `stand_in` gives such
    a text to a variable that nobody here defines, where a source may hold keys nobody here knows;
    `perhaps` names such sources where it is told of, because they need not be there.
    """

    variables: Mapping[str, str]
    strict: bool
    always: bool = False
    placeholders: frozenset[str] = frozenset()
    stand_in: Callable[[str], str] | None = None
    perhaps: tuple[str, ...] = ()


class Substituted(Struct, frozen=True):
    """The objects after the pass, and the names of all variables that they mention."""

    manifests: tuple[Manifest, ...]
    used: frozenset[str]
    findings: tuple[Finding, ...]


def substitute(manifests: Iterable[Manifest], how: Pass, at: Location, read: Read) -> Substituted:
    """The objects with variables put in, but for those that the switch keeps out.

    Without any variable there is no pass, unless `always`. `at` is the Kustomization. `read` gives
    a source file, or raises PathError: findings name the line where a variable is used.
    """
    before = tuple(manifests)
    if not (how.variables or how.always or how.stand_in):
        return Substituted(before, frozenset(), ())
    work = _Pass(how, at, read)
    after = tuple(map(work.substituted, before))
    return Substituted(after, frozenset(work.used), (*work.findings, *_twins(before, after)))


class _Pass:
    def __init__(self, how: Pass, at: Location, read: Read) -> None:
        self._how = how
        self._at = at
        self._read = read
        self.used: set[str] = set()
        self.findings: list[Finding] = []

    def substituted(self, each: Manifest) -> Manifest:
        """One object after the pass."""
        touched = _TOUCHED.search(each.raw) is not None
        if not touched and not _needs_a_look(each.raw):
            return each
        body = each.body()
        if _SWITCH in each.raw and _is_kept_out(body):
            return each
        outcome = self._outcome(each, body)
        self.used |= outcome.used
        incomplete = each.incomplete or ("placeholder" if self._is_unknown(outcome.used) else "")
        step = Step("substitute", self._at, ", ".join(sorted(outcome.used)))
        origin = each.origin.then(step) if touched else each.origin
        after = manifest.manifest(outcome.body, origin, incomplete, revealed=each.revealed)
        self.findings.extend(self._findings(each, outcome))
        if _TAB in after.raw and (tab := resource.leading_tab(outcome.body)):
            at = written.place(tab.pointer, each.origin, self._read)
            self.findings.append(_unreadable_tab(each, tab.text, at))
        return after

    def _outcome(self, each: Manifest, body: dict[str, Any]) -> Outcome:
        """Where more may be defined than is known, a default counts before a stand-in."""
        known = self._how.variables
        outcome = resource.substitute(body, known.get)
        stand_in = self._how.stand_in
        undefined = {problem.name for problem in outcome.problems.values() if problem.name}
        if stand_in is None or not undefined:
            return outcome
        if self._how.perhaps:
            problems = [problem for problem in outcome.problems.values() if problem.name]
            self.findings.extend(self._undefined(each, problem) for problem in problems)
        texts = {**known, **{name: stand_in(name) for name in undefined}}
        return resource.substitute(each.body(), texts.get)

    def _is_unknown(self, used: set[str]) -> bool:
        beyond = used - self._how.variables.keys() if self._how.stand_in else set()
        return bool(beyond or used & self._how.placeholders)

    def _findings(self, each: Manifest, outcome: Outcome) -> Iterator[Finding]:
        for problem in outcome.problems.values():
            yield self._undefined(each, problem) if problem.name else self._malformed(each, problem)
        if outcome.broken:
            yield _broken(each, outcome.broken)

    def _malformed(self, each: Manifest, problem: Problem) -> Finding:
        at = self._place(each, problem)
        message = f"{each.id}: {problem.message}"
        return finding.error("flux/bad-expression", at, message, problem.hint)

    def _undefined(self, each: Manifest, problem: Problem) -> Finding:
        strict, perhaps = self._how.strict, " or ".join(self._how.perhaps)
        return Finding(
            "flux/undefined-variable",
            Severity.ERROR if strict and not perhaps else Severity.WARNING,
            self._place(each, problem),
            f"{each.id} uses {problem.expression}, and {problem.name} has no value"
            + (f", unless {perhaps} has it, which nothing here creates" if perhaps else "")
            + ("" if strict else ": Flux puts nothing in its place"),
            problem.hint,
            (self._at,),
        )

    def _place(self, each: Manifest, problem: Problem) -> Location:
        return locate.line_of(problem.expression, each.origin, self._read)


def _needs_a_look(raw: bytes) -> bool:
    """Whether an object without expressions may still change, or cannot be read by Flux."""
    return _TAB in raw or _LONG_NUMBER in raw.translate(_ZEROS)


def _is_kept_out(body: Mapping[str, Any]) -> bool:
    metadata = body.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    return any(
        isinstance(values, dict) and values.get(SWITCH) == "disabled"
        for values in (metadata.get("labels"), metadata.get("annotations"))
    )


def _broken(each: Manifest, reason: str) -> Finding:
    return finding.error(
        "flux/substitution-breaks-yaml",
        each.origin.source,
        f"{each.id} is no YAML any more once its variables are put in: {reason}",
        "a value with quotes, ': ' or ' #' in it needs a place inside a longer text, or quotes "
        f"of its own; or {envsubst.ESCAPE}",
    )


def _unreadable_tab(each: Manifest, text: str, at: Location) -> Finding:
    return finding.error(
        "flux/leading-tab",
        at,
        f"{each.id} has a text of several lines that starts with a tab, {text[:20]!r}, which "
        "Flux cannot read again when it substitutes variables",
        f"start the text with something else, or add the label or annotation {SWITCH}: disabled",
    )


def _twins(before: Iterable[Manifest], after: Iterable[Manifest]) -> Iterator[Finding]:
    """Kustomize cannot put an object back whose name another one has taken."""
    owners: dict[tuple[str, ...], tuple[Manifest, Manifest]] = {}
    for old, new in zip(before, after, strict=True):
        found = new.id
        key = (*found.key[:2], found.version, found.namespace or "default", found.name)
        first, other = owners.setdefault(key, (old, new))
        if other is not new and (old.id != new.id or first.id != other.id):
            yield finding.error(
                "flux/same-after-substitution",
                new.origin.source,
                f"{new.id} has the same name as another object once variables are put in",
                "use a variable that differs, or give one of them another name",
                other.origin.source,
            )
