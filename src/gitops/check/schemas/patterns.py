"""Patterns of schemas, which are Go's (RE2)."""

import re
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module

_SHARED = re.compile(
    r"(?:[^\\\[\]()$?*+{}|^.]|\\[^\dA-Za-z]|\\[dswDSWbnrt]|[$^.|*+)]|\{\d+(?:,\d*)?\}|\?"
    r"|\((?:\?:)?|\[\^?(?:\\[dswntr\W]|[^\\\[\]])+\])*\Z"
)
"""What both engines read the same once `$` is written as `\\Z`."""

_SHORT = 512
"""Characters up to which Python's engine cannot take long on the patterns that occur."""


@lru_cache(4096)
def matcher(pattern: str) -> Callable[[str], bool]:
    """Whether a text holds a match. What Go cannot read matches nothing: the API server refuses
    the definition that holds it."""
    quick = _python(pattern)
    exact: list[Callable[[str], bool]] = []

    def matches(text: str) -> bool:
        if quick is not None and len(text) <= _SHORT:
            return quick.search(text) is not None
        if not exact:
            exact.append(_exact(pattern))
        return exact[0](text)

    return matches


def _python(pattern: str) -> re.Pattern[str] | None:
    if not _SHARED.match(pattern):
        return None
    try:
        return re.compile(re.sub(r"\\.|\[(?:\\.|[^\]\\])+\]|\$", _ends, pattern), re.ASCII)
    except re.error:
        return None


def _ends(found: re.Match[str]) -> str:
    return r"\Z" if found[0] == "$" else found[0]


def _exact(pattern: str) -> Callable[[str], bool]:
    # The reader of Go's patterns takes 20 ms to load, and hardly any text needs it.
    exact = import_module("gitops.build.kustomize.patterns").search(pattern)
    return exact if callable(exact) else lambda _text: False
