"""Writes YAML that every reader of YAML 1.1, of YAML 1.2 and both Go libraries read alike."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import msgspec

_PLAIN = re.compile(
    r"""
    (?! (?i:y|yes|n|no|on|off|true|false|null) \Z )
    (?: [A-Za-z/$(\xa1-\u1fff\u2c00-\ud7ff\U00010000-\U0010ffff]
      | (?!0[bo]) [0-9]+ (?:\.[0-9]+)* [a-df-wyzA-DF-WYZ%/]
      | [0-9]+ \. [0-9]+ \. [0-9]
      | --? [A-Za-z]
      | \.{1,2} /
    )
    (?: [^\x00-\x20\#:\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]
      | (?<!\ ) \#
      | : (?!\ |\Z)
      | \  (?! \Z)
    )*+
    """,
    re.VERBOSE,
)
"""Text that no reader takes for anything but a string when it stands without quotes."""

_ODD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Line breaks of YAML 1.1, and what Go refuses to read: only escapes carry them."""

_SIMPLE = re.compile(r'[^"\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]*')
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_BREAK = re.compile(r"\n(?!\n)")
_ESCAPED = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_json = msgspec.json.Encoder().encode


def dump(value: Any) -> str:
    """The value as block YAML: key order kept, lists indented under their key.

    Reading it back gives the same value in both dialects.
    """
    out: list[str] = []
    _node(out, value, "", "")
    return "".join(out)


def dump_all(values: Iterable[Any]) -> str:
    """The values as documents of one file, each after a `---` line."""
    return "".join(f"---\n{dump(value)}" for value in values)


def needs_quotes(text: str) -> bool:
    """Whether some reader could take the bare text for something else."""
    return _PLAIN.fullmatch(text) is None


def _node(out: list[str], value: Any, lead: str, pad: str) -> None:
    """Writes a value; `lead` stands before its first line and `pad` before the others."""
    if type(value) is dict and value:
        _mapping(out, value, lead, pad)
    elif type(value) is list and value:
        for item in value:
            _node(out, item, lead + "- ", pad + "  ")
            lead = pad
    else:
        out.append(f"{lead}{_scalar(value, pad)}\n")


def _mapping(out: list[str], value: dict[str, Any], lead: str, pad: str) -> None:
    below = pad + "  "
    for name, item in value.items():
        start = lead + _key(name)
        lead = pad
        kind = type(item)
        if kind is str and _PLAIN.fullmatch(item):
            out.append(f"{start}: {item}\n")
        elif (kind is dict or kind is list) and item:
            out.append(f"{start}:\n")
            _node(out, item, below, below)
        else:
            out.append(f"{start}: {_scalar(item, pad)}\n")


@lru_cache(maxsize=4096)
def _key(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else _quoted(name)


def _scalar(value: Any, pad: str) -> str:
    match value:
        case str():
            return _text(value, pad)
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case {}:
            return "{}"
        case []:
            return "[]"
        case _:
            return "null"


def _text(text: str, pad: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    return _block(text, pad) if _is_block(text) else _quoted(text)


def _is_block(text: str) -> bool:
    """A literal block is exact for text of several lines that does not begin with a blank.

    More than one line break at its end would be lost where files are cut at `---`.
    """
    lines = "\n" in text and text[0] not in " \t\n"
    return lines and not text.endswith("\n\n") and _ODD.search(text) is None


def _block(text: str, pad: str) -> str:
    body = text.removesuffix("\n")
    below = f"\n{pad}  "
    chomping = "-" if body is text else ""
    return f"|{chomping}{below}{_BREAK.sub(below, body)}"


def _quoted(text: str) -> str:
    if _SIMPLE.fullmatch(text):
        return f'"{text}"'
    if _CONTROL.search(text) is None:
        return "'" + text.replace("'", "''") + "'"
    return _ESCAPED.sub(lambda match: f"\\u{ord(match.group()):04x}", _json(text).decode())
