"""The shell patterns of `${name#pattern}` and its three sisters.

Source: fluxcd/pkg envsubst/path and envsubst/funcs.go. Values are compared byte by byte, a star
matches `/` too, what a star once took it keeps, and a pattern that turns out to be malformed on
the way leaves the value as it is.
"""

from typing import Literal

_UNREADABLE = 0xFFFD

Rest = bytes | Literal[False] | None
"""What a chunk leaves of the text; False if it does not match; None if it is malformed."""


def cut_prefix(value: bytes, pattern: bytes, *, longest: bool) -> bytes:
    """The value without the longest or shortest prefix that matches; the empty one is none."""
    found = 0
    for end in range(len(value), 0, -1):
        matches = _matches(pattern, value[:end])
        if matches is None:
            return value
        if matches:
            found = end
            if longest:
                break
    return value[found:]


def cut_suffix(value: bytes, pattern: bytes, *, longest: bool) -> bytes:
    """The same from the end: Flux turns both the value and the pattern around."""
    return _reversed(cut_prefix(_reversed(value), _reversed(pattern), longest=longest))


def _reversed(text: bytes) -> bytes:
    """Every byte that is part of no character becomes a replacement character."""
    chars = text.decode(errors="surrogateescape")
    return "".join("\ufffd" if "\udc80" <= c <= "\udcff" else c for c in chars[::-1]).encode()


def _matches(pattern: bytes, text: bytes) -> bool | None:
    while pattern:
        star, chunk, pattern = _first_chunk(pattern)
        if star and not chunk:
            return True
        rest = _after_star(chunk, text, not pattern) if star else _after(chunk, text)
        if rest is None or rest is False:
            return rest
        if rest and not pattern:
            return False
        text = rest
    return not text


def _after_star(chunk: bytes, text: bytes, last: bool) -> Rest:
    """The first place where the chunk matches; the last chunk must reach the end."""
    for start in range(len(text) + 1):
        rest = _after(chunk, text[start:])
        if rest is None or (rest is not False and not (last and rest)):
            return rest
    return False


def _first_chunk(pattern: bytes) -> tuple[bool, bytes, bytes]:
    """Whether the pattern starts with stars, what comes up to the next star, and the rest."""
    plain = pattern.lstrip(b"*")
    end, in_class = 0, False
    while end < len(plain):
        match plain[end : end + 1]:
            case b"\\":
                end += end + 1 < len(plain)
            case b"[":
                in_class = True
            case b"]":
                in_class = False
            case b"*" if not in_class:
                break
        end += 1
    return plain != pattern, plain[:end], plain[end:]


def _after(chunk: bytes, text: bytes) -> Rest:
    while chunk:
        if not text:
            return False
        match chunk[:1]:
            case b"[":
                char, width = _char(text)
                found = _in_class(chunk[1:], char)
                if found is None:
                    return None
                matches, chunk = found
            case b"?":
                matches, chunk, width = True, chunk[1:], _char(text)[1]
            case _:
                chunk = chunk.removeprefix(b"\\") if chunk[:1] == b"\\" else chunk
                if not chunk:
                    return None
                matches, chunk, width = chunk[0] == text[0], chunk[1:], 1
        if not matches:
            return False
        text = text[width:]
    return text


def _in_class(chunk: bytes, char: int) -> tuple[bool, bytes] | None:
    """Whether the character is of the class, and what follows the class in the chunk."""
    negated = chunk.startswith(b"^")
    chunk = chunk[negated:]
    matches, ranges = False, 0
    while not (ranges and chunk.startswith(b"]")):
        low = _class_char(chunk)
        if low is None:
            return None
        first, chunk = low
        last = first
        if chunk.startswith(b"-"):
            high = _class_char(chunk[1:])
            if high is None:
                return None
            last, chunk = high
        matches = matches or first <= char <= last
        ranges += 1
    return matches is not negated, chunk[1:]


def _class_char(chunk: bytes) -> tuple[int, bytes] | None:
    """The next character of a class, and the rest, which cannot be empty."""
    if chunk[:1] in (b"", b"-", b"]"):
        return None
    chunk = chunk.removeprefix(b"\\")
    if not chunk:
        return None
    char, width = _char(chunk)
    if (char == _UNREADABLE and width == 1) or width == len(chunk):
        return None
    return char, chunk[width:]


def _char(text: bytes) -> tuple[int, int]:
    """The first character and its width; a byte that is part of no character is one of its own."""
    for width in range(1, 5):
        try:
            return ord(text[:width].decode()), width
        except (UnicodeDecodeError, TypeError):
            continue
    return _UNREADABLE, 1
