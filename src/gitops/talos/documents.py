"""The documents of a configuration.

Source: Talos, `pkg/machinery/config`: a document without `kind` is the one of `version: v1alpha1`;
any other has `apiVersion` and `kind`, and is told from others of its kind by its name.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.machine import MAIN, Pointer
from gitops.model.origin import Location
from gitops.sources import yamlio
from gitops.talos.rendering import Configuration


class Document(msgspec.Struct, frozen=True):
    """One document: its fields, and which it is in the text, counted from 0."""

    kind: str
    name: str
    value: dict[str, Any]
    number: int

    def __str__(self) -> str:
        return f"{self.kind} {self.name}".rstrip()


class Documents(msgspec.Struct, frozen=True):
    """All documents of a configuration, in its order."""

    configuration: Configuration
    text: bytes
    all: tuple[Document, ...]

    @property
    def main(self) -> Document:
        """The one without a kind; an empty one where there is none."""
        return next(self.of(MAIN), Document(MAIN, "", {}, 0))

    def of(self, *kinds: str) -> Iterator[Document]:
        """Those of some kinds."""
        return (document for document in self.all if document.kind in kinds)

    def at(self, document: Document, *keys: str | int) -> Location:
        """The line of a field, or of the nearest thing around it."""
        line = yamlio.line_of(self.text, document.number, keys)
        return Location(self.configuration.path, document.number, line)

    def error(
        self, rule: str, document: Document, pointer: Pointer, words: str, hint: str
    ) -> Finding:
        """A finding about a field; `words` go on after its name."""
        message = f"{place(document, pointer)} {words}".strip()
        found = finding.error(rule, self.at(document, *pointer), message, hint)
        return msgspec.structs.replace(found, cluster=self.configuration.cluster)


def place(document: Document, pointer: Pointer) -> str:
    """`machine.install.image`, or `BondConfig bond0 links[1]`."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in pointer)
    field = "".join(parts).removeprefix(".")
    if document.kind == MAIN:
        return field or "the configuration"
    return f"{document} {field}".rstrip()


def read(configuration: Configuration) -> tuple[Documents, tuple[Finding, ...]]:
    """The documents, and what is none or is there twice."""
    text = configuration.text.encode()
    parsed, mistakes = yamlio.parse(text, configuration.path)
    found = [_document(each.value, each.document) for each in parsed]
    documents = Documents(configuration, text, tuple(each for each in found if each is not None))
    nothing = (each.document for each, known in zip(parsed, found, strict=True) if known is None)
    wrong = (_unknown(configuration, number) for number in nothing)
    return documents, (*mistakes, *wrong, *_repeated(documents), *_absent(documents))


def _document(value: Any, number: int) -> Document | None:
    match value:
        case {"kind": str(kind), "apiVersion": str()}:
            return Document(kind, str(value.get("name", "")), value, number)
        case {"version": "v1alpha1"} if "kind" not in value:
            return Document(MAIN, "", value, number)
    return None


def _unknown(configuration: Configuration, number: int) -> Finding:
    line = yamlio.line_of(configuration.text.encode(), number, ())
    at = Location(configuration.path, number, line)
    message = "a document has neither `version: v1alpha1` nor both `apiVersion` and `kind`"
    return finding.error("talos/document", at, message, "Talos refuses the whole configuration")


def _repeated(documents: Documents) -> Iterator[Finding]:
    seen: dict[tuple[str, str], Document] = {}
    for document in documents.all:
        first = seen.setdefault((document.kind, document.name), document)
        if first is not document:
            line = documents.at(first).line
            words = f"is there twice, first in line {line}"
            hint = "Talos refuses the whole configuration; make one document of both"
            yield documents.error("talos/document", document, (), words, hint)


_PARTS = ("machine", "cluster")
"""Source: v1alpha1_validation.go: instructions for both are required, and judged first."""


def is_whole(documents: Documents) -> bool:
    """Whether there is anything to judge: without a part, all that would be in it is missing."""
    return all(isinstance(documents.main.value.get(part), dict) for part in _PARTS)


def _absent(documents: Documents) -> Iterator[Finding]:
    for part in _PARTS:
        if not isinstance(documents.main.value.get(part), dict):
            hint = "without it Talos refuses the configuration"
            yield documents.error("talos/document", documents.main, (part,), "is missing", hint)
