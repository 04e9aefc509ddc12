"""Every file that is derived, and whether the repository holds it."""

from collections.abc import Iterator, Mapping
from itertools import zip_longest

from gitops.errors import PathError
from gitops.estate import loading
from gitops.estate.loading import Loaded
from gitops.generate import bootstrap, inventory, settings
from gitops.model import finding
from gitops.model.build import Fleet
from gitops.model.estate import Estate
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.sources.tree import Kind, SourceTree

COMMAND = "gitops generate"


def files(estate: Estate) -> dict[str, str]:
    """What follows from the facts alone, by path."""
    found = {}
    for cluster in estate.clusters:
        found[settings.path(cluster)] = settings.text(estate, cluster)
        found[bootstrap.path(cluster)] = bootstrap.text(estate, cluster)
    return found


def pages(
    tree: SourceTree, estate: Estate, fleet: Fleet
) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """What follows from the facts and all compiled clusters, by path, and what is wrong with what
    it is made of. Nothing, where the repository keeps no inventory."""
    if tree.kind(inventory.SOURCE) is not Kind.FILE:
        return {}, ()
    rows, wrong = inventory.load(tree)
    return ({inventory.PATH: inventory.text(rows, fleet, estate, tree)} if rows else {}), wrong


def stale_of(tree: SourceTree, loaded: Loaded, fleet: Fleet | None) -> tuple[Finding, ...]:
    """Where a repository does not hold what its own facts give; what needs all clusters is looked
    at only when `fleet` holds them."""
    found, wrong = pages(tree, loaded.estate, fleet) if fleet else ({}, ())
    return (
        *stale(tree, files(loaded.estate), loading.PATH),
        *stale(tree, found, inventory.SOURCE),
        *wrong,
    )


def stale(
    tree: SourceTree, derived: Mapping[str, str], source: str, command: str = COMMAND
) -> Iterator[Finding]:
    """Where the repository holds something else; `source` is what the files are derived from, and
    `command` derives them."""
    for path, text in sorted(derived.items()):
        try:
            held = tree.read(path)
        except PathError as cause:
            yield _stale(path, 0, str(cause), source, command)
            continue
        if held != text.encode():
            line, words = _difference(held.decode(errors="replace"), text)
            yield _stale(path, line, words, source, command)


def _stale(path: str, line: int, words: str, source: str, command: str) -> Finding:
    return finding.error(
        "generate/stale",
        Location(path, 0, line),
        words,
        f"change {source} if that is wrong, then run `{command}`",
        Location(source),
    )


def _difference(held: str, wanted: str) -> tuple[int, str]:
    """The first line that differs."""
    pairs = zip_longest(held.split("\n"), wanted.split("\n"))
    for number, (found, expected) in enumerate(pairs, 1):
        if found != expected:
            return number, f"{_shown(found)} stands where {_shown(expected)} belongs"
    return 0, "the file is another"


def _shown(line: str | None) -> str:
    if line is None:
        return "the end of the file"
    return repr(line.strip()) if line.strip() else "an empty line"
