"""Source trees: the same reads whether files lie on disk, in Git or in memory.

Every path is POSIX, relative to the root, without `.` or `..`; "" is the root.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Protocol

from gitops.errors import EscapingPath, MissingPath, UnreadablePath


class Kind(StrEnum):
    """What lies at a path, symbolic links followed."""

    FILE = "file"
    FOLDER = "folder"


class SourceTree(Protocol):
    """Read access to one state of a repository. Implementations never change what they read."""

    def kind(self, path: str) -> Kind | None:
        """What lies at the path, or None. Raises EscapingPath where a link leaves the tree."""

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises MissingPath, EscapingPath or UnreadablePath."""

    def names(self, path: str) -> tuple[str, ...]:
        """The names in a folder, sorted. Raises MissingPath, EscapingPath or UnreadablePath."""

    def is_link(self, path: str) -> bool:
        """Whether the path itself is a symbolic link. Flux leaves links out of its artifacts."""


def resolve(folder: str, reference: str) -> str:
    """`reference` as written in a file of `folder`, made relative to the root.

    Raises EscapingPath when it climbs out of the tree or is absolute.
    """
    if reference.startswith("/"):
        raise EscapingPath(reference, f"{reference!r} is absolute")
    parts: list[str] = folder.split("/") if folder else []
    for part in reference.split("/"):
        if part == "..":
            if not parts:
                raise EscapingPath(reference, f"{reference!r} leaves the repository")
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def parent(path: str) -> str:
    """The folder that holds the path; "" for what lies at the root."""
    return path.rpartition("/")[0]


def join(folder: str, name: str) -> str:
    """`folder/name`, with "" as the root."""
    return f"{folder}/{name}" if folder else name


class Below:
    """A folder of a tree, seen as a tree of its own."""

    def __init__(self, tree: SourceTree, folder: str) -> None:
        self._tree = tree
        self._folder = folder

    def kind(self, path: str) -> Kind | None:
        return self._tree.kind(self._at(path))

    def read(self, path: str) -> bytes:
        return self._tree.read(self._at(path))

    def names(self, path: str) -> tuple[str, ...]:
        return self._tree.names(self._at(path))

    def is_link(self, path: str) -> bool:
        return self._tree.is_link(self._at(path))

    def _at(self, path: str) -> str:
        return join(self._folder, path) if path else self._folder


class MemoryTree:
    """Files given as a mapping: for tests, and for what is generated."""

    def __init__(self, files: Mapping[str, bytes | str]) -> None:
        self._files = {
            path: text.encode() if isinstance(text, str) else text for path, text in files.items()
        }
        self._folders = _folders(self._files)

    def kind(self, path: str) -> Kind | None:
        if path in self._files:
            return Kind.FILE
        return Kind.FOLDER if path in self._folders else None

    def read(self, path: str) -> bytes:
        if path in self._files:
            return self._files[path]
        if path in self._folders:
            raise UnreadablePath(path, f"{path} is a folder")
        raise MissingPath(path, f"{path} does not exist")

    def names(self, path: str) -> tuple[str, ...]:
        if path in self._folders:
            return self._folders[path]
        if path in self._files:
            raise UnreadablePath(path, f"{path} is a file")
        raise MissingPath(path, f"{path} does not exist")

    def is_link(self, path: str) -> bool:
        return False


def _folders(paths: Iterable[str]) -> dict[str, tuple[str, ...]]:
    children: dict[str, set[str]] = {"": set()}
    for path in paths:
        rest = path
        while rest:
            folder, _, name = rest.rpartition("/")
            children.setdefault(folder, set()).add(name)
            rest = folder
    return {folder: tuple(sorted(names)) for folder, names in children.items()}
