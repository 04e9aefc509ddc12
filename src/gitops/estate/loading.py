"""Reads `fleet.yaml`."""

from typing import Any

import msgspec

from gitops.errors import PathError
from gitops.estate import typed
from gitops.estate.place import PATH, Source
from gitops.model import finding
from gitops.model.estate import Estate
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.sources import yamlio
from gitops.sources.tree import Kind, SourceTree


class Loaded(msgspec.Struct, frozen=True):
    """The estate, and where its facts stand."""

    estate: Estate
    source: Source

    def at(self, *keys: str | int) -> Location:
        """The line of a fact: `at("clusters", "infra", "api", "address")`; keys are the file's."""
        return self.source.at(*keys)


def exists(tree: SourceTree) -> bool:
    """Whether the repository says what its estate consists of."""
    return tree.kind(PATH) is Kind.FILE


def load(tree: SourceTree) -> tuple[Loaded | None, tuple[Finding, ...]]:
    """The facts, unless some of them cannot be read, and all that is wrong with them.

    Facts that can be read and contradict each other are given, with the findings.
    """
    try:
        text = tree.read(PATH)
    except PathError as cause:
        return None, (_unreadable(str(cause)),)
    documents, mistakes = yamlio.parse(text, PATH)
    if mistakes or len(documents) != 1:
        return None, mistakes or (_unreadable(f"{PATH} holds {len(documents)} documents, not one"),)
    return _loaded(documents[0].value, Source(text, documents[0].document))


def _loaded(value: Any, source: Source) -> tuple[Loaded | None, tuple[Finding, ...]]:
    wrong = tuple(typed.problems(value, Estate, source))
    if wrong:
        return None, wrong
    return Loaded(typed.convert(value, Estate), source), ()


def _unreadable(words: str) -> Finding:
    hint = "the facts of the estate are one YAML document"
    return finding.error("estate/unreadable", Location(PATH), words, hint)
