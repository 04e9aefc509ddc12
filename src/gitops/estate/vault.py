"""Reads `secrets/vault.yaml`, and what names items besides the objects of clusters."""

from collections.abc import Iterator

import msgspec

from gitops.errors import PathError
from gitops.estate import reading, references
from gitops.estate.place import Source
from gitops.estate.references import Reference
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.model.vault import EACH, Vault
from gitops.sources.tree import Kind, SourceTree

PATH = "secrets/vault.yaml"


class Loaded(msgspec.Struct, frozen=True):
    """The items, where each stands, and where files outside of clusters name them."""

    vault: Vault
    source: Source
    references: tuple[Reference, ...] = ()

    def at(self, *keys: str | int) -> Location:
        """The line of an item or a field: `at("items", "grafana", "fields", "password")`."""
        return self.source.at(*keys)


def exists(tree: SourceTree) -> bool:
    """Whether the repository says what it reads of 1Password."""
    return tree.kind(PATH) is Kind.FILE


def load(tree: SourceTree) -> tuple[Loaded | None, tuple[Finding, ...]]:
    """The items, unless some cannot be read, and what is wrong with the file."""
    found, wrong = reading.read(tree, PATH, Vault)
    if found is None:
        return None, wrong
    named = references.find(tree, found.facts.references)
    mistakes = (
        *_vaults(found.facts, found.source),
        *_by_hand(tree, found.facts, found.source),
    )
    return Loaded(found.facts, found.source, named), mistakes


def _vaults(vault: Vault, source: Source) -> Iterator[Finding]:
    for title, item in vault.items.items():
        if item.vault not in (EACH, *vault.vaults):
            yield finding.error(
                "estate/unknown-name",
                source.at("items", title, "vault"),
                f"there is no vault {item.vault!r}",
                f"there are {EACH}, {', '.join(sorted(vault.vaults))}",
            )


def _by_hand(tree: SourceTree, vault: Vault, source: Source) -> Iterator[Finding]:
    """What people read is named in a document that tells them what to do with it."""
    for title, item in vault.items.items():
        if item.by_hand and title not in _text(tree, item.by_hand):
            yield finding.error(
                "vault/unused",
                source.at("items", title, "by-hand"),
                f"{item.by_hand} does not name the item {title!r}, and so nobody reads it by hand",
                "say there what it is for, or remove the item",
            )


def _text(tree: SourceTree, path: str) -> str:
    try:
        return tree.read(path).decode(errors="replace")
    except PathError:
        return ""
