"""Cuts a file into documents, and finds where their content begins."""

import re
from collections.abc import Iterator

import msgspec


class Part(msgspec.Struct, frozen=True):
    """The text of one document; `line` is the line of its first character, from 1.

    `junk` is what stands after the `---` that ends it, on the same line.
    """

    text: str
    document: int
    line: int
    junk: str = ""

    @property
    def content_line(self) -> int:
        """The first line that holds more than blanks and comments."""
        match = _NOTHING.match(self.text)
        return self.line + (match.group().count("\n") if match else 0)


_NOTHING = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*")
_FIRST = re.compile(_NOTHING.pattern + r"---(?:[ \t]+(?:#[^\n]*)?)?(?:\n|\Z)")


def decoded(text: bytes) -> str:
    """What is not UTF-8 becomes surrogates, so that the documents around it can be read."""
    if text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        source = text.decode("utf-16", errors="replace")
    else:
        source = text.decode(errors="surrogateescape").removeprefix("\ufeff")
    return source.replace("\r\n", "\n") if "\r" in source else source


def split(text: str) -> Iterator[Part]:
    """The documents, empty ones included, in order.

    A separator is a line that begins with `---`, as in kyaml and in the API machinery. Each one
    begins the document with the next number, unless nothing but comments stands before it.
    """
    first = _FIRST.match(text)
    start = first.end() if first else 0
    line, document = 1 + text.count("\n", 0, start), 0
    while True:
        found = text.find("\n---", max(start - 1, 0))
        end = text.find("\n", found + 4) if found >= 0 else -1
        if end < 0:
            yield Part(text[start : found + 1] if found >= 0 else text[start:], document, line)
            return
        rest = text[found + 4 : end].strip()
        junk = "" if rest.startswith("#") else rest
        yield Part(text[start : found + 1], document, line, junk)
        line += text.count("\n", start, end + 1)
        start = end + 1
        document += 1
