"""The working tree on disk. Links are followed inside the root and refused outside it."""

import errno
import os
import stat

from gitops.errors import EscapingPath, MissingPath, PathError, UnreadablePath
from gitops.sources.tree import Kind

_LARGEST = 64 * 1024 * 1024
"""Bytes; a larger file is no manifest, and reading it would only cost memory."""


class DiskTree:
    """A folder on disk, read at every call."""

    def __init__(self, root: str) -> None:
        self.root = os.path.realpath(root)

    def kind(self, path: str) -> Kind | None:
        try:
            mode = os.stat(self._real(path)).st_mode
        except (MissingPath, UnreadablePath, FileNotFoundError, NotADirectoryError):
            return None
        if stat.S_ISDIR(mode):
            return Kind.FOLDER
        return Kind.FILE if stat.S_ISREG(mode) else None

    def read(self, path: str) -> bytes:
        real = self._real(path)
        try:
            status = os.stat(real)
            if not stat.S_ISREG(status.st_mode):
                raise UnreadablePath(path, f"{path} is not a regular file")
            if status.st_size > _LARGEST:
                raise UnreadablePath(path, f"{path} is larger than {_LARGEST} bytes")
            with open(real, "rb") as file:
                return file.read()
        except OSError as cause:
            raise _path_error(path, cause) from cause

    def names(self, path: str) -> tuple[str, ...]:
        try:
            return tuple(sorted(os.listdir(self._real(path))))
        except OSError as cause:
            raise _path_error(path, cause) from cause

    def _real(self, path: str) -> str:
        joined = os.path.join(self.root, path) if path else self.root
        try:
            real = os.path.realpath(joined, strict=True)
        except OSError as cause:
            raise _path_error(path, cause) from cause
        if real != self.root and not real.startswith(self.root + os.sep):
            raise EscapingPath(path, f"{path} leads out of the repository, to {real}")
        return real


def _path_error(path: str, cause: OSError) -> PathError:
    if cause.errno in (errno.ENOENT, errno.ENOTDIR):
        return MissingPath(path, f"{path} does not exist")
    return UnreadablePath(path, f"{path} cannot be read: {cause.strerror}")
