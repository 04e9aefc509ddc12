"""The lock files of a repository: read from any source tree, written to the working tree."""

import os
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from gitops.errors import ToolError
from gitops.model.lock import FOLDER
from gitops.sources.tree import Kind, SourceTree, join


class Changes(msgspec.Struct, frozen=True):
    """The paths of the lock files that were written and removed; both sorted."""

    written: tuple[str, ...]
    removed: tuple[str, ...]


def read(tree: SourceTree) -> dict[str, bytes]:
    """Every lock file by its path, sorted. Raises PathError where one cannot be read."""
    return {path: tree.read(path) for path in sorted(_paths(tree, FOLDER))}


def write(root: str, files: Mapping[str, str], orphans: Iterable[str] = ()) -> Changes:
    """Write what differs from what is there, and remove the orphans; root is the repository.

    Raises ToolError when the repository cannot be written; every file is then whole, old or new.
    """
    try:
        written = [path for path in sorted(files) if _write(os.path.join(root, path), files[path])]
        removed = [path for path in sorted(set(orphans)) if _remove(root, path)]
    except OSError as cause:
        raise ToolError(f"{cause.filename} cannot be written: {cause.strerror}") from cause
    return Changes(tuple(written), tuple(removed))


def _paths(tree: SourceTree, folder: str) -> Iterator[str]:
    if tree.kind(folder) != Kind.FOLDER:
        return
    for name in tree.names(folder):
        path = join(folder, name)
        if tree.kind(path) == Kind.FOLDER:
            yield from _paths(tree, path)
        elif name.endswith(".yaml"):
            yield path


def _write(path: str, text: str) -> bool:
    content = text.encode()
    if _content(path) == content:
        return False
    os.makedirs(os.path.dirname(path), exist_ok=True)
    temporary = f"{path}.{os.getpid()}.tmp"
    try:
        with open(temporary, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        _unlink(temporary)
        raise
    return True


def _content(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def _remove(root: str, path: str) -> bool:
    """Also the folders that are empty afterwards, up to the folder of all locks."""
    if not _unlink(os.path.join(root, path)):
        return False
    folder = os.path.dirname(path)
    while folder and not os.listdir(os.path.join(root, folder)):
        os.rmdir(os.path.join(root, folder))
        folder = os.path.dirname(folder)
    return True


def _unlink(path: str) -> bool:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return False
    return True
