"""Reads `fleet.yaml`."""

import msgspec

from gitops.estate import consistency, reading
from gitops.estate.place import Source
from gitops.model.estate import Estate
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.sources.tree import Kind, SourceTree

PATH = "fleet.yaml"


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
    found, wrong = reading.read(tree, PATH, Estate)
    if found is None:
        return None, wrong
    return Loaded(found.facts, found.source), tuple(consistency.findings(found.facts, found.source))
