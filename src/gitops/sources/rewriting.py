"""Writes files for the user: each is whole at any moment, old or new."""

import os
from collections.abc import Mapping

from gitops.errors import ToolError


def write(root: str, files: Mapping[str, str]) -> tuple[str, ...]:
    """Write what differs from what is there, and give the paths, sorted; root is the repository.

    Raises ToolError when it cannot be written, or a path leads out of it.
    """
    for path in files:
        refuse_outside(root, path)
    try:
        return tuple(
            path for path in sorted(files) if replace(os.path.join(root, path), files[path])
        )
    except OSError as cause:
        raise ToolError(f"{cause.filename} cannot be written: {cause.strerror}") from cause


def refuse_outside(root: str, path: str) -> None:
    """Names of clusters and releases come from the repository, and so may links."""
    place = os.path.join(os.path.realpath(root), path)
    if os.path.realpath(place) != place:
        raise ToolError(f"{path} cannot be written: it leads elsewhere, by its name or by a link")


def unlink(path: str) -> bool:
    """Remove a file, if there is one; tells whether there was."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return False
    return True


def replace(path: str, text: str) -> bool:
    """Write one file, wherever it is, unless it holds just that; tells whether it was written."""
    content = text.encode()
    if _content(path) == content:
        return False
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    temporary = f"{path}.{os.getpid()}.tmp"
    try:
        with open(temporary, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        unlink(temporary)
        raise
    return True


def _content(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None
