"""Reads `secrets/vault.yaml`."""

import msgspec

from gitops.estate import reading
from gitops.estate.place import Source
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.model.vault import Vault
from gitops.sources.tree import Kind, SourceTree

PATH = "secrets/vault.yaml"


class Loaded(msgspec.Struct, frozen=True):
    """The items, and where each stands."""

    vault: Vault
    source: Source

    def at(self, *keys: str | int) -> Location:
        """The line of an item or a field: `at("items", "grafana", "fields", "password")`."""
        return self.source.at(*keys)


def exists(tree: SourceTree) -> bool:
    """Whether the repository says what it reads of 1Password."""
    return tree.kind(PATH) is Kind.FILE


def load(tree: SourceTree) -> tuple[Loaded | None, tuple[Finding, ...]]:
    """The items, unless some cannot be read, and what is wrong with the file."""
    found, wrong = reading.read(tree, PATH, Vault)
    return Loaded(found.facts, found.source) if found else None, wrong
