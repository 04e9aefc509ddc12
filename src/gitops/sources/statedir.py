"""What this machine knows of a cluster: who is let in, and how far work on it came.

Only the owner can read it. While work goes on nobody else can begin: the lock is held by us and by
every program that we started, so it outlives us as long as one of them does.
"""

import fcntl
import os
from collections.abc import Mapping

from gitops.errors import CacheError, ToolError
from gitops.sources import cachedir


def folder(environment: Mapping[str, str]) -> str:
    """`$GITOPS_STATE`, else `$XDG_STATE_HOME/gitops`, else `~/.local/state/gitops`.

    A relative `$XDG_STATE_HOME` counts as unset (XDG Base Directory Specification).
    """
    if chosen := environment.get("GITOPS_STATE"):
        return os.path.abspath(chosen)
    base = environment.get("XDG_STATE_HOME", "")
    if not os.path.isabs(base):
        home = environment.get("HOME") or os.path.expanduser("~")
        base = os.path.join(home, ".local", "state")
    return os.path.join(base, "gitops")


class Journal:
    """A file that is whole at any moment, old or new."""

    def __init__(self, place: str, name: str) -> None:
        self._path = os.path.join(place, f"{name}.json")

    @property
    def path(self) -> str:
        """Where it is, for a person."""
        return self._path

    def load(self) -> bytes | None:
        """What was kept last, if anything was."""
        return cachedir.read(self._path)

    def save(self, content: bytes) -> None:
        """Keep this instead, on the disk and not only in memory."""
        try:
            cachedir.write(self._path, content)
        except CacheError as cause:
            raise ToolError(f"{self._path} cannot be written, so nothing more is begun") from cause


def make(place: str) -> None:
    """The folder, for its owner alone. Raises ToolError where it cannot be made."""
    try:
        os.makedirs(place, mode=0o700, exist_ok=True)
    except OSError as cause:
        raise ToolError(f"{place} cannot be made: {cause.strerror}") from cause


def lock(place: str) -> int:
    """An open file: the right to work on the cluster. Raises ToolError while others have it."""
    descriptor = os.open(os.path.join(place, "lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as cause:
        os.close(descriptor)
        raise ToolError(
            f"somebody works on this cluster, or a program that was started for it still runs: "
            f"`fuser {place}/lock` tells which"
        ) from cause
    os.set_inheritable(descriptor, True)
    return descriptor
