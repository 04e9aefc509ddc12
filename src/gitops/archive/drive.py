"""The port to whatever writes and reads cartridges."""

from typing import Protocol

from gitops.model.tape import File, Part


class Drive(Protocol):
    """One drive and the library around it. Every method raises TapeError."""

    def load(self, barcode: str) -> None:
        """Put a cartridge in, whatever was in before."""

    def label(self) -> str | None:
        """The barcode that the cartridge itself bears; None when nothing was ever written."""

    def begin(self, barcode: str) -> None:
        """Write a label: what was on the cartridge is gone."""

    def write(self, position: int, part: Part) -> tuple[File, ...]:
        """Write a part there, and tell what was in it. What came after the position is gone.
        Raises EndOfTape when it does not fit."""

    def read(self, position: int) -> tuple[File, ...]:
        """What is there, with checksums of what was read."""


class Ledger(Protocol):
    """The file of the catalogue."""

    def read(self) -> bytes:
        """All of it."""

    def append(self, line: bytes) -> None:
        """Add a line, on the disk and not only in memory."""
