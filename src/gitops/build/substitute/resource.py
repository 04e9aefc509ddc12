"""Substitution in one resource.

Flux writes the resource as YAML, puts the variables in, and reads the text again: values change
their type, keys are substituted too, and a value can break the YAML. Here strings are taken one by
one where that comes to the same, and the text is made only where it may not.
Source: fluxcd/pkg kustomize/kustomize_varsub.go, SubstituteVariables.
"""

import re
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from gitops.build.substitute import envsubst, strings, styles, yamltext
from gitops.build.substitute.envsubst import Problem, Result
from gitops.build.substitute.strings import UNSURE
from gitops.build.substitute.styles import Style
from gitops.model.finding import Severity
from gitops.sources import yamlio
from gitops.sources.yamlio import Dialect

Pointer = tuple[str | int, ...]
Lookup = Callable[[str], str | None]
"""Gives the value of a variable, or None."""

_LINE_ENDS = re.compile("[\r\x85\u2028\u2029]")
_TOUCHED = re.compile(r"\$[{$]")


class Outcome(Struct):
    """What became of a resource. `broken` says why the text cannot be read again."""

    body: dict[str, Any]
    used: set[str]
    problems: dict[str, Problem]
    broken: str = ""


class Tabbed(Struct, frozen=True):
    """A text that starts with a tab, and the field that holds it, or that it is a key in."""

    pointer: Pointer
    text: str


class Unreadable(Struct, frozen=True):
    """Why a text is no YAML."""

    reason: str


def substitute(body: dict[str, Any], lookup: Lookup) -> Outcome:
    """The resource with the variables put in, one without a value counting as empty. Problems,
    and undefined variables among them, are listed once per expression."""
    walk = _Walk(lookup)
    after = walk.mapping(body, 0)
    if walk.text_decides:
        return by_text(body, lookup)
    return Outcome(after, walk.used, walk.problems)


def by_text(body: dict[str, Any], lookup: Lookup) -> Outcome:
    """The same by way of the whole text, as Flux does it."""
    result = envsubst.evaluate(yamltext.dump(body), lookup, strict=True)
    outcome = Outcome(body, set(result.used), {each.expression: each for each in result.problems})
    if any(not problem.name for problem in result.problems):
        return outcome
    after = _read(result.text)
    if isinstance(after, Unreadable):
        outcome.broken = after.reason
    elif not isinstance(after, dict):
        outcome.broken = "it is no mapping"
    else:
        outcome.body = _in_order(_with_go_numbers(after), body)
    return outcome


def _read(text: str) -> Any:
    documents, findings = yamlio.parse(text.encode(errors="replace"), "", Dialect.SIGS)
    wrong = [each.message for each in findings if each.severity is Severity.ERROR]
    if wrong:
        return Unreadable(wrong[0])
    return documents[0].value if documents else None


class _Walk:
    """Goes through a resource string by string; `text_decides` when that cannot tell."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self.used: set[str] = set()
        self.problems: dict[str, Problem] = {}
        self.text_decides = False

    def mapping(self, node: dict[str, Any], indent: int) -> dict[str, Any]:
        """A mapping whose keys stand in the column `indent`."""
        for key in node:
            if "$" in key and _TOUCHED.search(key):
                self.text_decides = True
        return {key: self._value(value, indent, key) for key, value in node.items()}

    def _value(self, value: Any, indent: int, key: str | None) -> Any:
        """What stands behind a key, or behind the dash of a sequence, in the column `indent`."""
        if type(value) is str:
            touched = "$" in value and _TOUCHED.search(value)
            return self._string(value, indent, key) if touched else value
        if type(value) is dict:
            return self.mapping(value, indent + 2)
        if type(value) is list:
            deeper = indent if key is not None else indent + 2
            return [self._value(item, deeper, None) for item in value]
        return _as_go_number(value)

    def _string(self, text: str, indent: int, key: str | None) -> Any:
        before = "-" if key is None else yamltext.simple_key(key)
        if before is None:
            self.text_decides = True
            return text
        column = indent + len(before)
        after = strings.substituted(text, column + 1, self._evaluate)
        return self._reread(text, indent, column, key) if after is UNSURE else after

    def _reread(self, text: str, indent: int, column: int, key: str | None) -> Any:
        """The string as Flux reads it where it stands. Anchors, and what is no YAML by itself,
        depend on the rest of the resource."""
        after = self._evaluate(yamltext.string_at(text, indent, column)).text
        value = _read(f"-{after}" if key is None else f"k:{after}")
        if isinstance(value, Unreadable) or _depends_on_more(text, after):
            self.text_decides = True
            return text
        return _with_go_numbers(value[0] if key is None else value["k"])

    def _evaluate(self, text: str) -> Result:
        result = envsubst.evaluate(text, self._lookup, strict=True)
        self.used |= result.used
        for problem in result.problems:
            self.problems.setdefault(problem.expression, problem)
        self.text_decides = self.text_decides or result.open
        return result


def leading_tab(value: Any, at: Pointer = ()) -> Tabbed | None:
    """A text of several lines that starts with a tab, if there is one: kustomize writes it so that
    it cannot read it again."""
    match value:
        case str():
            is_tabbed = value[:1] == "\t"
            literal = is_tabbed and styles.style_of(value.replace("\t", "x")) is Style.LITERAL
            return Tabbed(at, value) if literal else None
        case dict():
            keys = (leading_tab(key, at) for key in value)
            found = (*keys, *(leading_tab(each, (*at, key)) for key, each in value.items()))
        case list():
            found = tuple(leading_tab(each, (*at, number)) for number, each in enumerate(value))
        case _:
            return None
    return next((each for each in found if each), None)


def _depends_on_more(text: str, after: str) -> bool:
    """Whether the text may end a line where none ended, name an anchor, or tells its own
    indentation."""
    if _LINE_ENDS.search(after):
        return True
    style = styles.style_of(text)
    if style is Style.LITERAL:
        return text[0] in " \n"
    return style is Style.PLAIN and ("&" in after or "*" in after)


def _as_go_number(value: Any) -> Any:
    return strings.go_number(value) if type(value) in (int, float) else value


def _with_go_numbers(value: Any) -> Any:
    if type(value) is dict:
        return {key: _with_go_numbers(item) for key, item in value.items()}
    if type(value) is list:
        return [_with_go_numbers(item) for item in value]
    return _as_go_number(value)


def _in_order(after: Any, before: Any) -> Any:
    """The same value with its keys in their old order: the text had them sorted."""
    if isinstance(after, dict) and isinstance(before, dict):
        keys = [
            *(key for key in before if key in after),
            *(key for key in after if key not in before),
        ]
        return {key: _in_order(after[key], before.get(key)) for key in keys}
    if isinstance(after, list) and isinstance(before, list) and len(after) == len(before):
        return [_in_order(new, old) for new, old in zip(after, before, strict=True)]
    return after
