"""A file of facts, as one YAML document that becomes a record."""

from collections.abc import Sequence
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
        return None, (_unreadable(Location(path), str(cause)),)
    documents, mistakes = yamlio.parse(text, path)
    if mistakes or len(documents) != 1:
        return None, mistakes or (_not_one(path, documents),)
    source = Source(path, text, documents[0].document)
    wrong = tuple(typed.problems(documents[0].value, kind, source))
    if wrong:
        return None, wrong
    return Read(typed.convert(documents[0].value, kind), source), ()


def _not_one(path: str, documents: Sequence[yamlio.Document]) -> Finding:
    """The second document is the mistake, where there is one."""
    words = f"{path} holds {len(documents)} documents, not one"
    found = [Location(path, each.document, each.line) for each in documents[1:2]]
    return _unreadable(found[0] if found else Location(path), words)


def _unreadable(at: Location, words: str) -> Finding:
    return finding.error("estate/unreadable", at, words, "make it one YAML document")
