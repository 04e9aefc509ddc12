"""Regular expressions as Go reads them (RE2), matched in time linear in the text.

Python's own engine knows other constructs and can take for ever; a pattern here comes from a
repository, so neither will do. It serves only where both engines agree and repetition is rare.
"""

import re
from collections.abc import Callable

from gitops.build.kustomize import automaton, regex
from gitops.build.kustomize.problem import Problem

Matcher = Callable[[str], bool]

_CHARACTER = r"[\w/:@%~,=<>!&' -]"
_PLAIN = re.compile(rf"{_CHARACTER}*\Z")
_SIMPLE = re.compile(
    rf"(?:(?:{_CHARACTER}|\\?\.|\[(?:[0-9a-z]-[0-9a-z]|[0-9A-Za-z_])+\])[*+?]?|\|)*\Z"
)
_MANY = 3
"""Repetitions that Python's engine may try in all combinations; names are short."""


def whole(pattern: str) -> Matcher | Problem:
    """Matches texts that the pattern describes from end to end; "" describes every text."""
    if not pattern:
        return _anything
    if _PLAIN.match(pattern):
        return pattern.__eq__
    simple = _simple(pattern)
    if simple:
        return lambda text: simple.fullmatch(text) is not None
    node = regex.parse(pattern)
    if isinstance(node, Problem):
        return node
    return automaton.compile(regex.whole(node))


def search(pattern: str) -> Matcher | Problem:
    """Matches texts that hold a match of the pattern."""
    simple = _simple(pattern)
    if simple:
        return lambda text: simple.search(text) is not None
    node = regex.parse(pattern)
    return node if isinstance(node, Problem) else automaton.compile(node)


def image(name: str) -> Matcher | Problem:
    """Matches an image reference of that name, which kustomize takes for a pattern."""
    rest = r"(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?"
    simple = None if "|" in name else _simple(name, rest)
    if simple:
        return lambda text: simple.fullmatch(text) is not None
    node = regex.parse(name)
    if isinstance(node, Problem):
        return node
    # An alternative in the name splits the whole pattern, since kustomize adds no group.
    return search(f"^{name}{rest}$")


def _simple(pattern: str, rest: str = "") -> re.Pattern[str] | None:
    """The pattern for Python's engine, if that reads it as Go does and is fast at it."""
    if not _SIMPLE.match(pattern) or sum(map(pattern.count, "*+?")) > _MANY:
        return None
    try:
        return re.compile(pattern + rest, re.ASCII)
    except re.error:
        return None


def _anything(_text: str) -> bool:
    return True
