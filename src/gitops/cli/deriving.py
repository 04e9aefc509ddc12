"""Files that follow from the facts besides those of `gitops.generate`: pages for operators and what
NUT is configured with."""

from collections.abc import Iterator, Sequence

import msgspec

from gitops.archive import backups
from gitops.archive import rotation as cartridges
from gitops.check.index import Index
from gitops.estate import loading, vault
from gitops.estate.loading import Loaded
from gitops.generate import derived
from gitops.model.finding import Finding
from gitops.power import nut
from gitops.secrets import rotation
from gitops.sources.tree import SourceTree


class Files(msgspec.Struct, frozen=True):
    """Texts by path, and the file that they are derived from."""

    source: str
    texts: dict[str, str]


Clusters = Sequence[Index] | None
"""All clusters of the fleet; None where some were left out."""


def files(tree: SourceTree, loaded: Loaded, facts: Clusters) -> Iterator[Files]:
    """All of them; what needs all clusters only when they are there."""
    yield Files(loading.PATH, nut.files(loaded.estate))
    if facts is not None:
        yield from _pages(tree, loaded, facts)


def _pages(tree: SourceTree, loaded: Loaded, facts: Sequence[Index]) -> Iterator[Files]:
    listed = vault.load(tree)[0] if vault.exists(tree) else None
    if listed:
        yield Files(vault.PATH, {rotation.PATH: rotation.text(listed.vault, facts)})
    copies = backups.load(tree)[0] if backups.exists(tree) else None
    if copies:
        tapes = cartridges.tapes(loaded.estate.tape_library)
        yield Files(backups.SOURCE, {backups.PATH: backups.page(copies, facts, tapes)})


def stale(tree: SourceTree, loaded: Loaded, facts: Clusters) -> Iterator[Finding]:
    """Where the repository does not hold what follows from its facts."""
    for each in files(tree, loaded, facts):
        yield from derived.stale(tree, each.texts, each.source)
    if facts is not None and backups.exists(tree):
        copies, wrong = backups.load(tree)
        yield from wrong
        if copies:
            yield from backups.findings(copies, facts)


def texts(tree: SourceTree, loaded: Loaded, facts: Clusters) -> dict[str, str]:
    """All texts by path, for whoever writes them."""
    return {path: text for each in files(tree, loaded, facts) for path, text in each.texts.items()}
