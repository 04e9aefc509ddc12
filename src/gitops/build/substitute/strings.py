"""Substitution in one string of a resource, without writing and reading the whole of it.

Flux puts variables into YAML text and reads the text again. Most strings hold nothing that could
mean anything else there, and then the result follows from the string alone. UNSURE stands for all
others.
"""

import re
from collections.abc import Callable
from enum import Enum
from typing import Any

from gitops.build.substitute import styles, yamltext
from gitops.build.substitute.envsubst import Result
from gitops.build.substitute.styles import Style
from gitops.sources.yamlio import Dialect, scalars
from gitops.sources.yamlio.scalars import Kind


class Unsure(Enum):
    """Only the text can tell."""

    UNSURE = "unsure"


UNSURE = Unsure.UNSURE

_IN_QUOTES = re.compile(r'"([^"\\]*)"|\'([^\']*)\'')
_SINGLE = re.compile(r"(?:[^']|'')*")
_DOUBLE = re.compile(
    r'(?:[^"\\]|\\["\\0abtnvfreN_LP]|\\x[0-9A-F]{2}|\\u[0-9A-F]{4}|\\U000[0-9A-F]{5})*'
)
_UNSAFE_LINES = re.compile(rf"{styles.SPECIAL.pattern}|[\u2028\u2029]")
_UNSAFE = re.compile(rf"{_UNSAFE_LINES.pattern}|\n")
_MANY_LINES = re.compile(r"\$\{[^}\n]*\n")
_ESCAPE = re.compile(r"\\(?:x(..)|u(....)|U(........)|(.))")


def substituted(text: str, column: int, evaluate: Callable[[str], Result]) -> Any:
    """The value that stands in place of `text` after substitution, or UNSURE. `column` is where
    the string starts in its line."""
    style = styles.style_of(text)
    if style is Style.LITERAL:
        return UNSURE if _MANY_LINES.search(text) else _literal(text, evaluate(text))
    written, read = text, _plain
    if style is Style.SINGLE:
        written, read = text.replace("'", "''"), _single
    elif style is Style.DOUBLE:
        written, read = yamltext.in_double_quotes(text), _double
    if " " in written[max(yamltext.WIDTH - column, 0) :]:
        return UNSURE  # The line may be broken there.
    result = evaluate(written)
    return UNSURE if result.open or _UNSAFE.search(result.text) else read(result.text)


def _literal(text: str, result: Result) -> Any:
    """The first line tells the reader the indentation, unless it is written down."""
    after = result.text
    clear = text[0] in " \n" or after[:1] not in ("", " ", "\n")
    if result.open or not clear or _UNSAFE_LINES.search(after):
        return UNSURE
    if not text.endswith("\n"):
        return after.rstrip("\n")
    if text.endswith("\n\n"):
        return after
    content = after.rstrip("\n")
    return f"{content}\n" if content else UNSURE


def _plain(text: str) -> Any:
    stripped = text.strip(" ")
    if not stripped:
        return None
    if not styles.is_plain(stripped):
        quoted = _IN_QUOTES.fullmatch(stripped)
        return (quoted[1] or quoted[2] or "") if quoted else UNSURE
    scalar = scalars.plain(stripped, Dialect.SIGS)
    if scalar.kind in (Kind.INT, Kind.FLOAT):
        number = go_number(scalar.value)
        return UNSURE if number is None else number
    return scalar.value


def _single(text: str) -> Any:
    return text.replace("''", "'") if _SINGLE.fullmatch(text) else UNSURE


def _double(text: str) -> Any:
    return _ESCAPE.sub(_unescaped, text) if _DOUBLE.fullmatch(text) else UNSURE


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    return chr(int(code, 16)) if code else yamltext.UNESCAPED[found[4]]


def go_number(value: Any) -> int | float | None:
    """A number after Flux has read it into a 64-bit float, as it does with all of a resource that
    variables are substituted in; None for what JSON cannot say."""
    return scalars.json_number(float(value))
