"""JSON as Go's encoding/json writes it, indented with tabs, which is how sops writes it."""

import re
from decimal import Decimal
from typing import Any

import msgspec

_ESCAPED = re.compile("[<>&\u2028\u2029]")


def encode(value: Any) -> str:
    """The value, and a newline."""
    return _text(value, "\n") + "\n"


def _text(value: Any, line: str) -> str:
    inner = line + "\t"
    match value:
        case {} if not value:
            return "{}"
        case dict():
            items = (f"{_text(key, '')}: {_text(item, inner)}" for key, item in value.items())
            return "{" + inner + f",{inner}".join(items) + line + "}"
        case []:
            return "[]"
        case list():
            return "[" + inner + f",{inner}".join(_text(item, inner) for item in value) + line + "]"
        case float():
            return _number(value)
        case str():
            plain = value.encode(errors="surrogateescape").decode(errors="gitops-each")
            quoted = msgspec.json.encode(plain).decode()
            return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
        case _:
            return msgspec.json.encode(value).decode()


def _number(value: float) -> str:
    if value and not 1e-6 <= abs(value) < 1e21:
        return re.sub(r"e-0(\d)", r"e-\1", repr(value))
    return f"{Decimal(repr(value)):f}".removesuffix(".0")
