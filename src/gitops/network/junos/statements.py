"""Statements of Junos: what `show configuration | display set` prints, one by one.

Source: Junos OS CLI User Guide. A statement is its way through the hierarchy, word by word. Words
with spaces or special characters are quoted.
"""

import re

import msgspec

Statement = tuple[str, ...]

_PLAIN = re.compile(r"[\w./:@*+-]+")
_TOKEN = re.compile(r"""\#.*|"(?:[^"\\]|\\.)*"|[^\s"]+""")


class Malformed(msgspec.Struct, frozen=True):
    """Text that is no configuration: the line, and why."""

    line: int
    reason: str


def statement(words: str, *more: object) -> Statement:
    """A statement of words that need no quotes, and of those that may."""
    return (*words.split(), *(str(each) for each in more))


def show(found: Statement, verb: str = "set") -> str:
    """A line that the router's CLI takes."""
    return " ".join((verb, *map(_quoted, found)))


class Running(msgspec.Struct, frozen=True):
    """What is in force, in its order, and the parts that are there and switched off."""

    statements: tuple[Statement, ...]
    inactive: tuple[Statement, ...] = ()


def read(text: str) -> Running | Malformed:
    """What `display set` prints; a part that is deactivated counts as not being there."""
    found: list[Statement] = []
    off: list[Statement] = []
    for number, line in enumerate(text.splitlines(), 1):
        words = tuple(_bare(token) for token in _TOKEN.findall(line) if not _is_remark(token))
        if not words:
            continue
        if words[0] == "deactivate":
            off.append(words[1:])
        elif words[0] == "set" and len(words) > 1:
            found.append(words[1:])
        else:
            return Malformed(number, f"{words[0]!r} is no statement")
    active = (each for each in found if not any(each[: len(way)] == way for way in off))
    return Running(tuple(active), tuple(off))


def _is_remark(token: str) -> bool:
    return token.startswith("#")


def _bare(token: str) -> str:
    if token.startswith('"'):
        return re.sub(r"\\(.)", r"\1", token[1:-1])
    return token


def _quoted(word: str) -> str:
    if _PLAIN.fullmatch(word):
        return word
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
