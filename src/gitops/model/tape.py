"""What is put on tape: files, and parts of files that are written together."""

import msgspec


class File(msgspec.Struct, frozen=True, order=True):
    """A file as it went to tape: its path below the stage, its bytes and their SHA-256."""

    path: str
    size: int
    sha256: str


class Staged(msgspec.Struct, frozen=True, order=True):
    """A file that waits on disk: its path below the stage and its size."""

    path: str
    size: int


_HEADER = 2048
"""Bytes that a file takes on tape besides its own: a header, padding and a long name, about."""


class Part(msgspec.Struct, frozen=True):
    """Files that are written together, as one file of the tape."""

    name: str
    files: tuple[Staged, ...]

    @property
    def size(self) -> int:
        """Bytes on tape, about."""
        return sum(each.size + _HEADER for each in self.files)

    def is_in(self, files: tuple[File, ...]) -> bool:
        """Whether these are its files, by their names and sizes."""
        return self.files == tuple(Staged(each.path, each.size) for each in files)
