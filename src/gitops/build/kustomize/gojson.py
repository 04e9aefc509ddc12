"""JSON in the very bytes that Go's encoder writes."""

from typing import Any

import msgspec

_encode = msgspec.json.Encoder(order="deterministic").encode
_ESCAPES = {
    b"<": b"\\u003c",
    b">": b"\\u003e",
    b"&": b"\\u0026",
    "\u2028".encode(): b"\\u2028",
    "\u2029".encode(): b"\\u2029",
}
"""What Go writes so that JSON may stand inside HTML and JavaScript."""


def encode(value: Any, indent: int = 0) -> bytes:
    """Keys sorted; on one line without blanks, or indented by so many."""
    text = _encode(value)
    for plain, escaped in _ESCAPES.items():
        if plain in text:
            text = text.replace(plain, escaped)
    return msgspec.json.format(text, indent=indent) if indent else text
