"""The fast reading, for documents without anything that YAML readers disagree about.

`yaml_rs` reads YAML 1.2 at several times the speed of the exact reading. It is given only documents
in which the pattern below finds nothing: whatever is not plainly harmless goes the exact way. The
tests hold the two readings against each other.
"""

import re
from functools import cache
from typing import Any

import msgspec
import yaml_rs

from gitops.sources.yamlio.document import Dialect


class Reading(msgspec.Struct, frozen=True):
    """What the fast way has read."""

    value: Any


_END = r"(?=[ ]*(?:[\n,\]}]|\Z|[ ]\#))"
_NEXT = r"(?=[ ]*(?:[\n,\]}]|\Z|[ ]\#|:(?:[ \n]|\Z)))"
_INTEGER = r"-?(?:0|[1-9][0-9]{0,17})"
_FRACTION = r"-?(?:0|[1-9][0-9]{0,8})\.[0-9]{0,5}[1-9]"
_DOUBLE = r'"(?:[^"\\\n]|\\["\\nrt])*+"'
_SINGLE = r"'(?:[^'\n]|'')*+'"
_SHORT = re.compile(rf"(?:{_DOUBLE}|{_SINGLE}){_NEXT}")
_FOLD = r"(?<![ \n])\n(?:[ ]*\n)*+[ ]++(?=[^\n])"
_LONG = re.compile(
    rf"""
    (?: "(?:[^"\\\n] | \\["\\nrt ] | \\\n[ ]++(?=[^\n]) | {_FOLD})*+"
      | '(?:[^'\n] | '' | {_FOLD})*+'
    ){_END}
    """,
    re.VERBOSE,
)
"""A quoted value over several lines, none of which begins or ends in a way that readers dispute."""

_KEY_WORDS = r"(?:true|True|TRUE|false|False|FALSE|null|Null|NULL|~)"
_OLD_WORDS = r"(?:y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF)"

_HARMLESS_NUMBERS = rf"""
    {_INTEGER}{_END} | {_FRACTION}{_END} | 0o[1-7][0-7]{{0,9}}{_END}
  | (?!0[bo])[0-9]+(?:\.[0-9]+)*[a-df-wyzA-DF-WYZ%/]
  | [0-9]+\.[0-9]+\.[0-9]
  | [0-9]+(?:[ ]+[^\s\#:] | -[A-Za-z] | :[0-9A-Za-z])
  | --?[A-Za-z]
  | \.{{1,2}}/ | \.[A-HJ-MO-Za-hj-mo-z]
"""


def _flow(words: str) -> str:
    """Collections in brackets: on one line, and of nothing but plain words, numbers and quotes."""
    bare = rf"(?!{words}[ ]*[,\]}}:])[A-Za-z/$](?:[\w./@$%+=-]|:(?=[\w/]))*"
    item = rf"(?:{bare}|{_DOUBLE}|{_SINGLE}|(?:{_INTEGER}|{_FRACTION})(?=[ ]*[,\]}}])|\{{\}})"
    items = rf"[ ]*(?:{item}(?:[ ]*,[ ]*{item})*)?[ ]*\]"
    key = rf"(?:(?!{_KEY_WORDS}[ ]*:){bare}|{_DOUBLE}|{_SINGLE})"
    pair = rf"{key}:[ ]+(?:{item}|\[{items})"
    pairs = rf"[ ]*(?:{pair}(?:[ ]*,[ ]*{pair})*)?[ ]*\}}"
    return rf"\[ (?!{items}{_END}) | \{{ (?!{pairs}{_END})"


_DOUBTFUL_WORDS = {
    Dialect.KUSTOMIZE: "(?:null|Null|NULL|~)",
    Dialect.SIGS: _OLD_WORDS,
}
"""The plain words whose meaning depends on the dialect or on how they are written."""


@cache
def _suspicious(dialect: Dialect) -> re.Pattern[str]:
    """What to stop at: block scalars, and anything doubtful where a key or a value begins.

    Compiling one takes 4 ms, and most runs read one dialect or none.
    """
    words = _DOUBTFUL_WORDS[dialect]
    return re.compile(
        rf"""
        \t
      | \n[ ]{{97}}
      | (?: \n[ ]*+(?:-[ ]++){{0,8}}+ | :[ ]++ )
        (?: & [A-Za-z0-9_-]++ [ ]++ (?=[A-Za-z0-9$"'/|>]) )?+
        (?: [&!%@\x60?,\]}}:] | \*(?![A-Za-z0-9_-]+{_END})
          | (?P<block>[|>][-+]?\n) | [|>]
          | (?P<quoted>(?=["']))
          | (?=[-+.0-9]) (?!{_HARMLESS_NUMBERS})
          | << | _+[0-9]
          | {_KEY_WORDS}(?=[ ]*:(?:[ \n]|\Z))
          | {words}{_NEXT}
          | {_flow(words)}
        )
        """,
        re.VERBOSE,
    )


_MOST_REPEATED = 20_000_000
"""Characters that aliases could give at most; a library that repeats them would not stop."""

_LEAD = re.compile(r" *(?:- +)*")
_INDENT = re.compile(r" +(?=[^ \n])")


def read(text: str, dialect: Dialect) -> Reading | None:
    """The value of one document, or None where only the exact reading will do.

    The text must hold no control characters but line feeds and tabs.
    """
    if "&" in text and text.count("*") * len(text) > _MOST_REPEATED:
        return None
    if not _is_harmless("\n" + text, dialect):
        return None
    try:
        return Reading(yaml_rs.loads(text, parse_datetime=False))
    except (yaml_rs.YAMLDecodeError, ValueError):
        return None


def _is_harmless(text: str, dialect: Dialect) -> bool:
    search = _suspicious(dialect).search
    position = 0
    while found := search(text, position):
        match found.lastgroup:
            case "block":
                position = _block_end(text, found.start("block"), found.end(), dialect)
            case "quoted":
                position = _quoted_end(text, found.start("quoted"))
            case _:
                return False
        if position < 0:
            return False
    return True


def _quoted_end(text: str, start: int) -> int:
    """Where a quoted key or value ends; -1 where its value is doubtful."""
    found = _SHORT.match(text, start) or _LONG.match(text, start)
    return found.end() if found else -1


def _block_end(text: str, header: int, body: int, dialect: Dialect) -> int:
    """The line feed that ends a block scalar; -1 where its extent or its value is doubtful."""
    start = text.rfind("\n", 0, header) + 1
    lead = _LEAD.match(text, start)
    indent = _INDENT.match(text, body)
    if lead is None or indent is None:
        return -1
    parent = text.rfind("-", start, header) if lead.end() == header else lead.end()
    width = len(indent.group())
    lines = re.compile(rf"(?: {{{width}}}[^\n]*\n| *\n)*").match(text, body)
    if not start <= parent < start + width or lines is None:
        return -1
    if text.find("\n", lines.end()) < 0 and _ends_inside(text, lines.end(), width):
        return -1
    if text[header] == ">" and dialect is Dialect.KUSTOMIZE:
        indented = re.compile(rf"\n {{{width}}}[ \t]").search(text, body - 1, lines.end())
        if indented or text[header + 1] == "+":
            return -1
    return lines.end() - 1


def _ends_inside(text: str, end: int, width: int) -> bool:
    """Whether the last line belongs to a block and has no line feed: readers dispute its end."""
    tail = text[end:]
    return bool(tail) and (tail.startswith(" " * width) or not tail.strip())
