"""A part as a tar archive in a stream, with the checksum of every byte that passes."""

import errno
import hashlib
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Protocol, cast

from gitops.errors import EndOfTape, TapeError
from gitops.model.tape import File, Part, Staged

BLOCK = 256 * 1024
"""Bytes of a block on tape: what Linux's driver takes of every drive, and 512 blocks of tar."""


class Sink(Protocol):
    """Where bytes go."""

    def write(self, content: bytes, /) -> int | None: ...


class _Hashed:
    """A file that is read once, from its beginning to its end."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        found = self._file.read(size)
        self.digest.update(found)
        return found


def write(stream: Sink, root: str, part: Part) -> tuple[File, ...]:
    """Every file of the part, in order. A file that changed since it was staged is a TapeError."""
    file = cast(IO[bytes], stream)  # It is only written to.
    with _told(), tarfile.open(fileobj=file, mode="w|", bufsize=BLOCK) as archive:
        return tuple(_add(archive, root, each) for each in part.files)


def read(stream: IO[bytes]) -> tuple[File, ...]:
    """What is in the archive, without keeping any of it."""
    with _told(), tarfile.open(fileobj=stream, mode="r|", bufsize=BLOCK) as archive:
        return tuple(_checked(archive, member) for member in archive)


def _add(archive: tarfile.TarFile, root: str, staged: Staged) -> File:
    info = tarfile.TarInfo(staged.path)
    info.size = staged.size
    with open(os.path.join(root, staged.path), "rb") as file:
        hashed = _Hashed(file)
        archive.addfile(info, hashed)
        if file.read(1):
            raise TapeError(f"{staged.path} has grown since it was staged")
    return File(staged.path, staged.size, hashed.digest.hexdigest())


def _checked(archive: tarfile.TarFile, member: tarfile.TarInfo) -> File:
    digest = hashlib.sha256()
    file = archive.extractfile(member)
    while file and (block := file.read(BLOCK)):
        digest.update(block)
    return File(member.name, member.size, digest.hexdigest())


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except tarfile.TarError as cause:
        raise TapeError(f"this is no archive, or half of one: {cause}") from cause
    except OSError as cause:
        if cause.errno == errno.ENOSPC:
            raise EndOfTape("the cartridge is full") from cause
        raise TapeError(cause.strerror or str(cause)) from cause
