"""Regular expressions as Go reads them (RE2), matched in time linear in the text.

Python's own engine knows other constructs and can take for ever; a pattern here comes from a
repository, so neither will do. Plain names, by far the most frequent patterns, skip the machine.
"""

import re
from collections.abc import Callable

from gitops.build.kustomize import automaton, regex
from gitops.build.kustomize.problem import Problem

Matcher = Callable[[str], bool]

_PLAIN = re.compile(r"[\w/:@%~,=<>!&' -]*\Z")
_DOTTED = re.compile(r"(?:[\w/:@%~,=<>!&' .-]|\\\.)*\Z")


def whole(pattern: str) -> Matcher | Problem:
    """Matches texts that the pattern describes from end to end; "" describes every text."""
    if not pattern:
        return _anything
    if _PLAIN.match(pattern):
        return pattern.__eq__
    node = regex.parse(pattern)
    if isinstance(node, Problem):
        return node
    return automaton.compile(regex.whole(node))


def image(name: str) -> Matcher | Problem:
    """Matches an image reference of that name, which kustomize takes for a pattern."""
    rest = r"(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?"
    if _DOTTED.match(name):
        # Without repetition in the name, Python's engine is safe, and it is faster.
        matches = re.compile(name + rest, re.ASCII).fullmatch
        return lambda text: matches(text) is not None
    node = regex.parse(name)
    if isinstance(node, Problem):
        return node
    # An alternative in the name splits the whole pattern, since kustomize adds no group.
    return search(f"^{name}{rest}$")


def search(pattern: str) -> Matcher | Problem:
    """Matches texts that hold a match of the pattern."""
    node = regex.parse(pattern)
    return node if isinstance(node, Problem) else automaton.compile(node)


def _anything(_text: str) -> bool:
    return True
