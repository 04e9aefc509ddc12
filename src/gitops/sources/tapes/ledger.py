"""The file of the catalogue: lines are added, none is changed."""

import os

from gitops.errors import TapeError


class Ledger:
    """One file; it is made with its first line."""

    def __init__(self, path: str) -> None:
        self._path = path

    def read(self) -> bytes:
        """All of it; nothing where there is none yet."""
        try:
            with open(self._path, "rb") as file:
                return file.read()
        except FileNotFoundError:
            return b""
        except OSError as cause:
            raise TapeError(f"{self._path} cannot be read: {cause.strerror}") from cause

    def append(self, line: bytes) -> None:
        """Add a line, on the disk when this returns. One that was cut off before is ended first."""
        try:
            self._append(line)
        except OSError as cause:
            raise TapeError(f"{self._path} cannot be written: {cause.strerror}") from cause

    def _append(self, line: bytes) -> None:
        with open(self._path, "ab+") as file:
            self._cut(file.fileno())
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    def _cut(self, descriptor: int) -> None:
        """What stands after the last whole line was being written when the machine died."""
        content = self.read()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            os.ftruncate(descriptor, whole)
