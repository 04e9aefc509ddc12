"""Symbolic links, followed inside a tree and refused where they lead out of it."""

from collections.abc import Callable

import msgspec

from gitops.errors import EscapingPath, MissingPath, PathError, UnreadablePath
from gitops.sources.tree import Kind, join

_MOST_LINKS = 40
"""Links on one path, as many as Linux follows; more is a loop."""

_LONGEST = 4096
"""Characters; no operating system that Flux runs on opens a longer path."""


class Link(msgspec.Struct, frozen=True):
    """A symbolic link and what it says."""

    target: str


Look = Callable[[str], Kind | Link | None]
"""What lies at a path that has no link on the way to it; None for nothing and for devices."""


class Links:
    """The paths of one tree as they are without links, by the rules of a POSIX kernel.

    A link must be relative and must never climb above the root, not even to come back: whether it
    could would depend on where the repository happens to lie.
    """

    def __init__(self, look: Look) -> None:
        self._look = look
        self._folders: dict[str, str] = {}

    def follow(self, path: str) -> str:
        """The path without links. What it names need not exist; the folders on the way do."""
        if len(path) > _LONGEST:
            raise MissingPath(path, f"{path[:80]}… does not exist: the path is too long")
        done: list[str] = []
        todo = path.split("/")[::-1]
        links = 0
        while todo:
            part = todo.pop()
            if part == "..":
                if not done:
                    raise EscapingPath(path, f"{path} leads out of the repository")
                done.pop()
            elif part not in ("", "."):
                done.append(part)
                found = self._look("/".join(done))
                if isinstance(found, Link):
                    links += 1
                    done.pop()
                    todo.extend(_steps(path, found.target, links))
                elif todo and found is not Kind.FOLDER:
                    raise MissingPath(path, f"{path} does not exist")
        return "/".join(done)

    def place(self, path: str) -> str:
        """The path without links on the way to it; it may be a link itself."""
        folder, _, name = path.rpartition("/")
        if name in ("", ".", ".."):
            return self.follow(path)
        real = self._enter(folder)
        if real is None:
            raise MissingPath(path, f"{path} does not exist")
        return join(real, name)

    def folder(self, path: str) -> str:
        """A folder without links. Raises MissingPath, EscapingPath or UnreadablePath."""
        real = self._enter(path)
        if real is None:
            if self.kind(path) is Kind.FILE:
                raise UnreadablePath(path, f"{path} is a file")
            raise MissingPath(path, f"{path or 'the repository'} does not exist")
        return real

    def kind(self, path: str) -> Kind | None:
        """What lies at the path. Raises EscapingPath."""
        try:
            found = self._look(self.place(path))
            if isinstance(found, Link):
                found = self._look(self.follow(path))
        except (MissingPath, UnreadablePath):
            return None
        return found if isinstance(found, Kind) else None

    def is_link(self, path: str) -> bool:
        """Whether the path itself is a link."""
        try:
            return isinstance(self._look(self.place(path)), Link)
        except PathError:
            return False

    def _enter(self, path: str) -> str | None:
        real = self._folders.get(path)
        if real is None:
            real = self.follow(path)
            if self._look(real) is not Kind.FOLDER:
                return None
            self._folders[path] = real
        return real


def _steps(path: str, target: str, links: int) -> list[str]:
    """The parts of a link's target, last first."""
    if target.startswith("/"):
        raise EscapingPath(path, f"{path} leads out of the repository, to {target}")
    if not target:
        raise MissingPath(path, f"{path} does not exist: a link on it is empty")
    if links > _MOST_LINKS or len(target) > _LONGEST:
        raise UnreadablePath(path, f"{path} is a symbolic link that leads round in circles")
    return target.split("/")[::-1]
