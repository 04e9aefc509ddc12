"""Where a kustomization stands: its tree, its folder, and how its files are called in findings."""

import msgspec

from gitops.build.kustomize.problem import Problem
from gitops.errors import EscapingPath, MissingPath, PathError
from gitops.model.origin import Location
from gitops.sources import tree as trees
from gitops.sources.tree import Kind, SourceTree


class Place(msgspec.Struct, frozen=True):
    """A folder of a tree. `prefix` stands before the paths of a tree that is not the main one."""

    tree: SourceTree
    folder: str
    prefix: str = ""

    def resolve(self, reference: str) -> str | Problem:
        """A reference made in this folder, as a path of the tree."""
        try:
            return trees.resolve(self.folder, reference)
        except EscapingPath as cause:
            return Problem(str(cause), "refer to a path inside the repository")

    def kind(self, path: str) -> Kind | Problem | None:
        """What lies at a path of the tree."""
        try:
            return self.tree.kind(path)
        except PathError as cause:
            return _unreadable(cause)

    def read(self, path: str) -> bytes | Problem:
        """The bytes at a path of the tree."""
        try:
            return self.tree.read(path)
        except PathError as cause:
            return _unreadable(cause)

    def load(self, reference: str) -> bytes | Problem:
        """The bytes of a file that is referred to from this folder."""
        path = self.resolve(reference)
        return path if isinstance(path, Problem) else self.read(path)

    def named(self, path: str, document: int = 0, line: int = 0) -> Location:
        """A place in a file of the tree."""
        return Location(self.prefix + path, document, line)

    def inside(self, folder: str) -> "Place":
        """Another folder of the same tree."""
        return Place(self.tree, folder, self.prefix)


def _unreadable(cause: PathError) -> Problem:
    match cause:
        case MissingPath():
            return Problem(str(cause), "correct the path, or create what it names")
        case EscapingPath():
            return Problem(str(cause), "refer to a path inside the repository")
        case _:
            return Problem(str(cause), "correct the path, or put a file there that can be read")
