"""Reads YAML files: never raises, and one bad document does not hide the others."""

import re
from collections.abc import Iterator
from typing import Any

from yaml.error import MarkedYAMLError, YAMLError
from yaml.reader import ReaderError

from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.sources.yamlio import exact, fast, remedies, split
from gitops.sources.yamlio.document import Dialect, Document
from gitops.sources.yamlio.split import Part

_ODD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Line breaks that YAML 1.2 no longer knows, and characters that Go refuses."""


def parse(
    text: bytes, path: str, dialect: Dialect = Dialect.KUSTOMIZE, *, nulls: bool = False
) -> tuple[tuple[Document, ...], tuple[Finding, ...]]:
    """The documents of a file, without the empty ones, and what is wrong with it.

    A document that the dialect's program would refuse gives findings and no Document. A repeated
    key is an error for kustomize; elsewhere the last one counts, and the finding is a warning.
    With `nulls`, a null that is written out is Null.WRITTEN.
    """
    reader = _Reader(path, dialect, nulls)
    source = split.decoded(text)
    reader.exactly = _ODD.search(source) is not None
    documents = [document for part in split.split(source) for document in reader.read(part)]
    return tuple(documents), tuple(reader.findings)


class _Reader:
    def __init__(self, path: str, dialect: Dialect, nulls: bool) -> None:
        self.findings: list[Finding] = []
        self.exactly = False
        self._path = path
        self._dialect = dialect
        self._nulls = nulls

    def read(self, part: Part) -> Iterator[Document]:
        value = self._value(part)
        if value is not None:
            yield Document(value, part.document, part.content_line)
        if part.junk:
            line = part.line + part.text.count("\n")
            message = f"invalid document separator: ---{part.junk}"
            self._error("yaml/syntax", part, line, message, "leave --- alone on its line")

    def _value(self, part: Part) -> Any:
        if not self.exactly:
            quick = fast.read(part.text, self._dialect)
            if quick:
                return quick.value
        try:
            text = part.text.removeprefix("\ufeff")
            reading = exact.load(text, self._dialect, nulls=self._nulls)
        except (YAMLError, UnicodeEncodeError) as cause:
            self._refuse(part, cause)
            return None
        if reading.ignored is not None:
            self._ignore(part, reading.ignored)
        for duplicate in reading.duplicates:
            self._repeat(part, duplicate)
        refused = reading.duplicates and self._dialect is Dialect.KUSTOMIZE
        return None if refused else reading.value

    def _ignore(self, part: Part, line: int) -> None:
        at = Location(self._path, part.document, part.line + line)
        message = "the document ends before this line; Kubernetes tools ignore what follows"
        hint = "begin a new document with ---, or indent the lines alike"
        self.findings.append(finding.warning("yaml/ignored-text", at, message, hint))

    def _repeat(self, part: Part, duplicate: exact.Duplicate) -> None:
        first = Location(self._path, part.document, part.line + duplicate.first)
        at = Location(self._path, part.document, part.line + duplicate.line)
        message = f"the key {duplicate.key!r} is already set in line {first.line}"
        if self._dialect is Dialect.KUSTOMIZE:
            made = finding.error("yaml/duplicate-key", at, message, "keep one of the two", first)
        else:
            message += "; the last one counts"
            made = finding.warning("yaml/duplicate-key", at, message, "keep one of the two", first)
        self.findings.append(made)

    def _refuse(self, part: Part, cause: YAMLError | UnicodeEncodeError) -> None:
        match cause:
            case UnicodeEncodeError():
                line = part.line + part.text.count("\n", 0, cause.start)
                self._error(
                    "yaml/encoding", part, line, "the file is not UTF-8", "save it as UTF-8"
                )
            case ReaderError():
                before = part.text.encode(errors="surrogateescape")[: cause.position]
                line = part.line + before.count(b"\n")
                hint = "remove the character, or write it as an escape in double quotes"
                self._error("yaml/encoding", part, line, str(cause.reason), hint)
            case exact.TooLarge():
                hint = "write the values out, or split the document"
                self._error("yaml/too-large", part, _line(part, cause), str(cause.problem), hint)
            case MarkedYAMLError():
                words = _words(part, cause)
                self._error("yaml/syntax", part, _line(part, cause), words, remedies.remedy(words))

    def _error(self, rule: str, part: Part, line: int, message: str, hint: str) -> None:
        at = Location(self._path, part.document, line)
        self.findings.append(finding.error(rule, at, message, hint))


def _line(part: Part, cause: MarkedYAMLError) -> int:
    """The parser reports the end of the text as the line after it."""
    last = part.text.rstrip("\n").count("\n")
    return part.line + (min(cause.problem_mark.line, last) if cause.problem_mark else 0)


def _words(part: Part, cause: MarkedYAMLError) -> str:
    """The parser's own words, and where what it was reading began."""
    words = str(cause.problem)
    if cause.context and cause.context_mark:
        words += f" {cause.context} that begins in line {part.line + cause.context_mark.line}"
    return words
