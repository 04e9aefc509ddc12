"""The working tree on disk. Links are followed inside the root and refused outside it."""

import errno
import os
import stat

from gitops.errors import MissingPath, PathError, UnreadablePath
from gitops.sources.links import Link, Links
from gitops.sources.tree import Kind, join, parent

_LARGEST = 64 * 1024 * 1024
"""Bytes; a larger file is no manifest, and reading it would only cost memory."""

_HELD = 64 * 1024 * 1024
"""Bytes of contents that one tree keeps, so that a file read twice reads the same."""

_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""Opening never follows a link that was not checked, and never waits for a pipe's other end."""

_UNSEEN = Link("")


class DiskTree:
    """One snapshot of a folder on disk: what was seen once is not looked at again.

    It shows what Git would store: no `.git`, and no name that is not UTF-8.
    """

    def __init__(self, root: str) -> None:
        self.root = os.path.realpath(root)
        self._links = Links(self._look)
        self._found: dict[str, Kind | Link | None] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        self._contents: dict[str, bytes] = {}
        self._room = _HELD
        self._unnamed: list[str] = []

    @property
    def unnamed(self) -> tuple[str, ...]:
        """What was left out of listings so far because its name is not UTF-8, escaped."""
        return tuple(sorted(self._unnamed))

    def kind(self, path: str) -> Kind | None:
        found = self._found.get(path, _UNSEEN)
        return found if isinstance(found, Kind) else self._links.kind(path)

    def is_link(self, path: str) -> bool:
        found = self._found.get(path, _UNSEEN)
        return False if isinstance(found, Kind) else self._links.is_link(path)

    def read(self, path: str) -> bytes:
        content = self._contents.get(path)
        if content is None:
            content = self._load(path)
            if len(content) <= self._room:
                self._room -= len(content)
                self._contents[path] = content
        return content

    def names(self, path: str) -> tuple[str, ...]:
        real = self._links.folder(path)
        names = self._names.get(real)
        if names is None:
            names = self._names[real] = self._list(path, real)
        return names

    def _load(self, path: str) -> bytes:
        try:
            return self._content(path, self._links.place(path))
        except OSError as cause:
            if cause.errno not in (errno.ELOOP, errno.EMLINK):
                raise _path_error(path, cause) from cause
        try:
            return self._content(path, self._links.follow(path))
        except OSError as cause:
            raise _path_error(path, cause) from cause

    def _content(self, path: str, real: str) -> bytes:
        descriptor = os.open(self._place(real), _FLAGS)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                what = "folder" if stat.S_ISDIR(status.st_mode) else "device, pipe or socket"
                raise UnreadablePath(path, f"{path} is a {what}")
            if status.st_size > _LARGEST:
                raise UnreadablePath(path, f"{path} is larger than {_LARGEST} bytes")
            return os.read(descriptor, status.st_size)
        finally:
            os.close(descriptor)

    def _list(self, path: str, real: str) -> tuple[str, ...]:
        names = []
        try:
            with os.scandir(self._place(real)) as entries:
                for entry in entries:
                    name = entry.name
                    if not _is_text(name):
                        self._unnamed.append(join(real, ascii(name)[1:-1]))
                    elif name != ".git":
                        names.append(name)
                        self._found[join(real, name)] = self._kind_of(entry, join(real, name))
        except OSError as cause:
            raise _path_error(path, cause) from cause
        return tuple(sorted(names))

    def _look(self, path: str) -> Kind | Link | None:
        found = self._found.get(path, _UNSEEN)
        if found is _UNSEEN:
            listed = parent(path) in self._names
            found = self._found[path] = None if listed else self._see(path)
        return found

    def _kind_of(self, entry: "os.DirEntry[str]", path: str) -> Kind | Link | None:
        if entry.is_dir(follow_symlinks=False):
            return Kind.FOLDER
        if entry.is_file(follow_symlinks=False):
            return Kind.FILE
        return self._see(path)

    def _see(self, path: str) -> Kind | Link | None:
        try:
            place = self._place(path)
            mode = os.lstat(place).st_mode
            if stat.S_ISLNK(mode):
                return Link(os.readlink(place))
        except MissingPath:
            return None
        except OSError as cause:
            error = _path_error(path, cause)
            if isinstance(error, MissingPath):
                return None
            raise error from cause
        if stat.S_ISDIR(mode):
            return Kind.FOLDER
        return Kind.FILE if stat.S_ISREG(mode) else None

    def _place(self, path: str) -> str:
        """Where a path without links lies on this machine."""
        if path.endswith(".git") and path.rpartition("/")[2] == ".git":
            raise MissingPath(path, f"{path} does not exist: it is Git's own")
        if "\0" in path or not (path.isascii() or _is_text(path)):
            raise MissingPath(path, f"{path!r} does not exist: it is no file name")
        return f"{self.root}/{path}"


def _is_text(name: str) -> bool:
    """Whether the name can be written as UTF-8."""
    if name.isascii():
        return True
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _path_error(path: str, cause: OSError) -> PathError:
    if cause.errno in (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG):
        return MissingPath(path, f"{path} does not exist")
    return UnreadablePath(path, f"{path} cannot be read: {cause.strerror}")
