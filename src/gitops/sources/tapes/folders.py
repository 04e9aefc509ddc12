"""Folders that stand for cartridges: to rehearse with, and to keep a copy on disks that travel."""

import errno
import os
from typing import IO

from gitops.errors import TapeError
from gitops.model.tape import File, Part
from gitops.sources.tapes import streams

_LABEL = "label"


class Folders:
    """A folder with a folder for each cartridge, which holds its files by position. A cartridge
    takes `room` bytes; without it, as many as the disk."""

    def __init__(self, root: str, stage: str, room: int | None = None) -> None:
        self._root = root
        self._stage = stage
        self._room = room
        self._loaded = ""

    def load(self, barcode: str) -> None:
        """Cartridges come into being when they are first asked for."""
        self._loaded = barcode
        os.makedirs(os.path.join(self._root, barcode), exist_ok=True)

    def label(self) -> str | None:
        """What the cartridge says of itself."""
        try:
            with open(self._path(_LABEL), encoding="utf-8") as file:
                return file.read().strip()
        except FileNotFoundError:
            return None

    def begin(self, barcode: str) -> None:
        """Write the label, and forget what was there."""
        self._cut(0)
        with open(self._path(_LABEL), "w", encoding="utf-8") as file:
            file.write(f"{barcode}\n")

    def write(self, position: int, part: Part) -> tuple[File, ...]:
        """Write a part there."""
        self._cut(position)
        with open(self._path(f"{position:04}"), "wb") as file:
            found = streams.write(_Bounded(file, self._left()), self._stage, part)
            file.flush()
            os.fsync(file.fileno())
        return found

    def read(self, position: int) -> tuple[File, ...]:
        """What is there."""
        try:
            with open(self._path(f"{position:04}"), "rb") as file:
                return streams.read(file)
        except FileNotFoundError as cause:
            raise TapeError(f"there is nothing at position {position}") from cause

    def _path(self, name: str) -> str:
        return os.path.join(self._root, self._loaded, name)

    def _cut(self, position: int) -> None:
        """Whatever is written on a tape ends it there."""
        for name in os.listdir(self._path("")):
            if name != _LABEL and int(name) >= position:
                os.unlink(self._path(name))

    def _left(self) -> int | None:
        if self._room is None:
            return None
        names = os.listdir(self._path(""))
        return self._room - sum(os.path.getsize(self._path(name)) for name in names)


class _Bounded:
    """A file that is full after so many bytes."""

    def __init__(self, file: IO[bytes], left: int | None) -> None:
        self._file = file
        self._left = left

    def write(self, content: bytes) -> int:
        if self._left is not None:
            if len(content) > self._left:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            self._left -= len(content)
        return self._file.write(content)
