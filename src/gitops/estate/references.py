"""`op://vault/item/field`, by which files name what the 1Password CLI puts in their place.

Source: 1Password CLI, secret reference syntax. Parts that a template fills in match anything.
"""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

import msgspec

from gitops.errors import PathError
from gitops.model.origin import Location
from gitops.sources.tree import Kind, SourceTree, join

_FILLED = r"\{\{[^}]*\}\}|\$\{\w+\}|\$\w+"
_PART = rf"(?:{_FILLED}|[\w.@-])+"
_REFERENCE = re.compile(rf"op://({_PART})/({_PART})((?:/{_PART}){{1,2}})")
_ANY = re.compile(_FILLED)


class Reference(msgspec.Struct, frozen=True):
    """One reference; `*` stands for what a template fills in."""

    at: Location
    vault: str
    item: str
    field: str

    def names(self, vaults: frozenset[str], item: str) -> bool:
        """Whether it may mean an item of this title in one of the vaults."""
        return _fits(item, self.item) and any(_fits(vault, self.vault) for vault in vaults)

    def reads(self, field: str) -> bool:
        """Whether it may mean a field of this name."""
        return _fits(field, self.field)

    def __str__(self) -> str:
        return f"op://{self.vault}/{self.item}/{self.field}"


def _fits(name: str, part: str) -> bool:
    """Most parts are filled in by nobody: they are compared, which takes a tenth of the time."""
    return name == part if "*" not in part else fnmatchcase(name, part)


def find(tree: SourceTree, folders: tuple[str, ...]) -> tuple[Reference, ...]:
    """All references in the files of the folders, by place. Links are not followed."""
    return tuple(
        Reference(Location(path, 0, number), *_parts(match))
        for path in sorted(path for folder in folders for path in _files(tree, folder))
        for number, line in enumerate(_lines(tree, path), 1)
        for match in _REFERENCE.finditer(line)
    )


def _parts(match: re.Match[str]) -> tuple[str, str, str]:
    """Between item and field there may be a section, which is only a heading."""
    vault, item, rest = (_ANY.sub("*", part) for part in match.groups())
    return vault, item, rest.rpartition("/")[2]


def _files(tree: SourceTree, path: str) -> Iterator[str]:
    if tree.is_link(path):
        return
    if tree.kind(path) is Kind.FILE:
        yield path
    elif tree.kind(path) is Kind.FOLDER:
        for name in tree.names(path):
            yield from _files(tree, join(path, name))


def _lines(tree: SourceTree, path: str) -> list[str]:
    try:
        return tree.read(path).decode(errors="replace").splitlines()
    except PathError:
        return []
