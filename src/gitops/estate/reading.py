"""A file of facts, as one YAML document that becomes a record."""

from typing import Generic, TypeVar

import msgspec

from gitops.errors import PathError
from gitops.estate import typed
from gitops.estate.place import Source
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.sources import yamlio
from gitops.sources.tree import SourceTree

Record = TypeVar("Record", bound=msgspec.Struct)


class Read(msgspec.Struct, Generic[Record], frozen=True):
    """The facts, and the file they stand in."""

    facts: Record
    source: Source


def read(
    tree: SourceTree, path: str, kind: type[Record]
) -> tuple[Read[Record] | None, tuple[Finding, ...]]:
    """The record, unless something in the file is none, and all that is wrong with its form."""
    try:
        text = tree.read(path)
    except PathError as cause:
        return None, (_unreadable(path, str(cause)),)
    documents, mistakes = yamlio.parse(text, path)
    if mistakes or len(documents) != 1:
        words = f"{path} holds {len(documents)} documents, not one"
        return None, mistakes or (_unreadable(path, words),)
    source = Source(path, text, documents[0].document)
    wrong = tuple(typed.problems(documents[0].value, kind, source))
    if wrong:
        return None, wrong
    return Read(typed.convert(documents[0].value, kind), source), ()


def _unreadable(path: str, words: str) -> Finding:
    return finding.error("estate/unreadable", Location(path), words, "make it one YAML document")
