"""The user's cache folder, and writing into it so that nobody ever reads half a file."""

import os
from collections.abc import Mapping

from gitops.errors import CacheError

UNFINISHED = ".tmp-"
"""How the names of files that are being written begin."""


def folder(environment: Mapping[str, str]) -> str:
    """`$GITOPS_CACHE`, else `$XDG_CACHE_HOME/gitops`, else `~/.cache/gitops`.

    A relative `$XDG_CACHE_HOME` counts as unset (XDG Base Directory Specification).
    """
    if chosen := environment.get("GITOPS_CACHE"):
        return os.path.abspath(chosen)
    base = environment.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        home = environment.get("HOME") or os.path.expanduser("~")
        base = os.path.join(home, ".cache")
    return os.path.join(base, "gitops")


def write(path: str, content: bytes) -> None:
    """Afterwards the file holds all of `content`, or is what it was before.

    Folders on the way are made for their owner alone. Raises CacheError when nothing can be
    written there, a full disk included; a reader in another process sees the old file or the new.
    """
    temporary = os.path.join(os.path.dirname(path), f"{UNFINISHED}{os.getpid()}-{_unique()}")
    try:
        _make(os.path.dirname(path))
        _fill(temporary, content)
        os.replace(temporary, path)
    except OSError as cause:
        remove(temporary)
        raise CacheError(
            f"{path} cannot be written: {cause.strerror}; make room there, "
            "or set GITOPS_CACHE to a folder that can be written"
        ) from cause
    except BaseException:
        remove(temporary)
        raise


def read(path: str) -> bytes | None:
    """The bytes of a file, or None where none can be read."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def remove(path: str) -> None:
    """Remove a file if that can be done; the cache is right with and without it."""
    try:
        os.unlink(path)
    except OSError:
        return


def _make(path: str) -> None:
    if os.path.isdir(path):
        return
    _make(os.path.dirname(path))
    try:
        os.mkdir(path, 0o700)
    except FileExistsError:
        if not os.path.isdir(path):
            raise


def _fill(path: str, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _unique() -> str:
    # Process numbers repeat where containers share a cache.
    return os.urandom(6).hex()
