"""Writes YAML that a person can compare: one line where a part fits, one key per line where not.

A library would do it in its own way and change that some day; the text of a lock is a contract.
"""

import re
from typing import Any

_WIDTH = 100

_FIRST = {"apiVersion": 0, "kind": 1, "name": 2, "namespace": 3}
"""What a reader looks for comes first; the rest follows in alphabetical order."""

_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./-]*")
_PLAIN_ALONE = re.compile(r"[A-Za-z_/][A-Za-z0-9_./@+-]*(:[A-Za-z0-9_./@+-]+)*")
_PLAIN_KEY = re.compile(r"[A-Za-z_/][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*")
"""Text that needs no quotes: inside brackets, alone on the rest of a line, before a colon."""

_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})
"""Words that some YAML reader takes for something else than text, in lower case."""

_ESCAPED = re.compile(
    "[^ !#-\\[\\]-~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""What cannot stand for itself between double quotes."""


def block(value: dict[str, Any], indent: int = 0) -> list[str]:
    """The lines of a mapping, in its own order.

    What its members hold begins below them, one `- ` or one key a line, at their own indentation.
    """
    lines: list[str] = []
    for key, each in value.items():
        start = f"{' ' * indent}{_scalar(key, _PLAIN_KEY)}:"
        lines += [start, *_below(each, indent)] if _breaks(each) else [f"{start} {_inline(each)}"]
    return lines


def _below(value: dict[str, Any] | list[Any], indent: int) -> list[str]:
    """The lines of what hangs below a line that is indented so far."""
    if isinstance(value, list):
        return [line for item in value for line in _item(item, indent)]
    return [line for key in _ordered(value) for line in _member(key, value[key], indent + 2)]


def _member(key: str, value: Any, indent: int) -> list[str]:
    start = f"{' ' * indent}{_scalar(key)}:"
    line = f"{start} {_inline(value)}"
    return [line] if _fits(line, value) else [start, *_below(value, indent)]


def _item(value: Any, indent: int) -> list[str]:
    line = f"{' ' * indent}- {_inline(value)}"
    if _fits(line, value):
        return [line]
    first, *rest = _below(value, indent if isinstance(value, dict) else indent + 2)
    return [f"{' ' * indent}- {first[indent + 2 :]}", *rest]


def _breaks(value: Any) -> bool:
    return bool(value) and isinstance(value, dict | list)


def _fits(line: str, value: Any) -> bool:
    return not _breaks(value) or (len(line) <= _WIDTH and _is_flat(value))


def _is_flat(value: dict[str, Any] | list[Any]) -> bool:
    """Brackets hold a list of plain values, or a mapping to plain values and such lists.

    More would be harder to read, for people and for the quick way of reading YAML.
    """
    if isinstance(value, list):
        return not any(map(_breaks, value))
    return all(not _breaks(each) or _is_flat_list(each) for each in value.values())


def _is_flat_list(value: Any) -> bool:
    return isinstance(value, list) and _is_flat(value)


def _ordered(value: dict[str, Any]) -> list[str]:
    return sorted(value, key=lambda key: (_FIRST.get(key, len(_FIRST)), key))


def _inline(value: Any) -> str:
    return _flow(value) if isinstance(value, dict | list) else _scalar(value, _PLAIN_ALONE)


def _flow(value: Any) -> str:
    match value:
        case dict():
            pairs = (f"{_scalar(key)}: {_flow(value[key])}" for key in _ordered(value))
            return f"{{{', '.join(pairs)}}}"
        case list():
            return f"[{', '.join(map(_flow, value))}]"
        case _:
            return _scalar(value)


def _scalar(value: Any, plain: re.Pattern[str] = _PLAIN) -> str:
    match value:
        case str():
            safe = plain.fullmatch(value) and value.lower() not in _WORDS
            return value if safe else f'"{_ESCAPED.sub(_escape, value)}"'
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
        case float():
            # YAML 1.1 takes a number with an exponent for text unless it has a point.
            mantissa, exponent, power = repr(value).partition("e")
            return f"{mantissa}{'' if '.' in mantissa else '.0'}{exponent}{power}"
        case _:
            return str(value)


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    if character in '"\\':
        return f"\\{character}"
    return f"\\x{ord(character):02x}" if ord(character) < 0x100 else f"\\u{ord(character):04x}"
