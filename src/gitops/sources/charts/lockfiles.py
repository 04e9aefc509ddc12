"""The lock files of a repository: read from any source tree, written to the working tree."""

import os
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from gitops.errors import PathError, ToolError
from gitops.model.lock import FOLDER
from gitops.sources import rewriting
from gitops.sources.tree import Kind, SourceTree, join


class Changes(msgspec.Struct, frozen=True):
    """The paths of the lock files that were written and removed; both sorted."""

    written: tuple[str, ...]
    removed: tuple[str, ...]


def read(tree: SourceTree) -> dict[str, bytes]:
    """Every lock file by its path, sorted; one that cannot be read counts as empty. Links are none:
    `gitops lock` writes no links, and they could lead round in circles."""
    return {path: _text(tree, path) for path in sorted(_paths(tree, FOLDER))}


def write(root: str, files: Mapping[str, str], orphans: Iterable[str] = ()) -> Changes:
    """Write what differs from what is there, and remove the orphans; root is the repository.

    Raises ToolError when the repository cannot be written, or a path leads out of it; every file is
    then whole, old or new.
    """
    for path in (FOLDER, *files):
        rewriting.refuse_outside(root, path)
    written = rewriting.write(root, files)
    try:
        removed = [path for path in sorted(set(orphans)) if _remove(root, path)]
    except OSError as cause:
        raise ToolError(f"{cause.filename} cannot be written: {cause.strerror}") from cause
    return Changes(written, tuple(removed))


def _paths(tree: SourceTree, folder: str) -> Iterator[str]:
    if tree.is_link(folder) or tree.kind(folder) is not Kind.FOLDER:
        return
    for name in tree.names(folder):
        path = join(folder, name)
        if name.endswith(".yaml") and not tree.is_link(path) and tree.kind(path) is Kind.FILE:
            yield path
        else:
            yield from _paths(tree, path)


def _text(tree: SourceTree, path: str) -> bytes:
    try:
        return tree.read(path)
    except PathError:
        return b""


def _remove(root: str, path: str) -> bool:
    """Also the folders that are empty afterwards, up to the folder of all locks."""
    if not rewriting.unlink(os.path.join(root, path)):
        return False
    folder = os.path.dirname(path)
    while folder and not os.listdir(os.path.join(root, folder)):
        os.rmdir(os.path.join(root, folder))
        folder = os.path.dirname(folder)
    return True
