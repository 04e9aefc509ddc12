"""In which style a string stands in the text that Flux substitutes variables in.

The text is what sigs.k8s.io/yaml writes, so how the source file quotes a value plays no part: only
what the string holds decides. Source: go.yaml.in/yaml v2, encode.go and emitterc.go.
"""

import re
from enum import Enum, auto

from gitops.sources.yamlio import Dialect, scalars
from gitops.sources.yamlio.scalars import Kind


class Style(Enum):
    """The four styles that are written; folded blocks are not among them."""

    PLAIN = auto()
    SINGLE = auto()
    DOUBLE = auto()
    LITERAL = auto()


BREAKS = "\n\u2028\u2029"

SPECIAL = re.compile(r"[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]")
"""What is written as an escape; tabs and emoji are among them."""

_NOT_PLAIN = re.compile(
    r"^[#,\[\]{}&*!|>'\"%@` ]|^---|^\.\.\.|^[?:-](?: |\Z)|:(?: |\Z)| #| \Z|[\n\u2028\u2029]"
)
_UNBLOCKED = re.compile(r" [\n\u2028\u2029]| \Z")
_UNQUOTED = re.compile(r" [\n\u2028\u2029]|[\n\u2028\u2029] ")
_BASE_60 = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")


def style_of(text: str) -> Style:
    """The style in which the string is written."""
    if SPECIAL.search(text):
        return Style.DOUBLE
    if "\n" in text:
        return Style.DOUBLE if _UNBLOCKED.search(text) else Style.LITERAL
    if _means_something_else(text):
        return Style.DOUBLE
    if is_plain(text):
        return Style.PLAIN
    return Style.DOUBLE if _UNQUOTED.search(text) else Style.SINGLE


def is_plain(text: str) -> bool:
    """Whether the text, standing alone as a value, is one plain scalar of just these characters."""
    return not _NOT_PLAIN.search(text) and not SPECIAL.search(text)


def _means_something_else(text: str) -> bool:
    """Whether the text without quotes would be a number, a boolean, nothing or a time."""
    if "$" in text:
        return False  # No word and no number has one, and most texts that are asked about do.
    kind = scalars.plain(text, Dialect.SIGS).kind
    return kind not in (Kind.STRING, Kind.MERGE) or bool(_BASE_60.fullmatch(text))
