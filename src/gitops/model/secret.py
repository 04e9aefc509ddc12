"""Stand-ins for values that are not known here, above all secrets, and values that are none.

A stand-in is the same in every run, differs from every other, fits wherever a DNS label fits, and
is made of names alone: nothing of the value is in it, not even its length.
"""

import re
from hashlib import sha256

_MARK = "secretplaceholder-"
_LONGEST = 63
_WORDS = re.compile(r"[^a-z0-9]+")
_STAND_IN = re.compile(rf"{_MARK}[a-z0-9-]*[0-9a-f]{{8}}")
_PUBLIC_BLOCK = re.compile(
    r"-----BEGIN ((?:TRUSTED )?CERTIFICATE|(?:RSA )?PUBLIC KEY)-----[\w+/=\s]*-----END \1-----"
)
_PUBLIC_LINE = re.compile(
    r"(?:ssh-[a-z0-9]+|ecdsa-sha2-\w+|sk-[a-z0-9@.-]+) AAAA[\w+/=]+(?: .*)?|age1[0-9a-z]{58}|#.*"
)


def placeholder(*names: str) -> str:
    """The stand-in for the value that these names lead to: an object's, then its field's."""
    proof = sha256("\0".join(names).encode(errors="replace")).hexdigest()[:8]
    words = _WORDS.sub("-", "-".join(names).lower()).strip("-")
    room = _LONGEST - len(_MARK) - len(proof) - 1
    if len(words) > room:
        words = words[-room:].partition("-")[2]
    return f"{_MARK}{words}-{proof}" if words else _MARK + proof


def holds_placeholder(text: str) -> bool:
    """Whether a stand-in is part of the text."""
    return _MARK in text and _STAND_IN.search(text) is not None


def stand_ins(text: str) -> tuple[str, ...]:
    """The stand-ins in a text, in their order."""
    return tuple(_STAND_IN.findall(text)) if _MARK in text else ()


def is_public(text: str) -> bool:
    """Whether a text is made of what is meant to be known: certificates, public keys, and who may
    read what age encrypts."""
    rest = _PUBLIC_BLOCK.sub("", text)
    lines = [line.strip() for line in rest.splitlines() if line.strip()]
    return bool(text.strip()) and all(map(_PUBLIC_LINE.fullmatch, lines))
