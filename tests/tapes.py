"""Cartridges in folders, with faults, and a catalogue in memory."""

import datetime
from collections.abc import Callable
from pathlib import Path

from gitops.archive import catalogue, parts, writing
from gitops.archive.catalogue import Cartridges, Line
from gitops.archive.rotation import Tape
from gitops.archive.writing import Ports, Run
from gitops.errors import TapeError
from gitops.model.tape import File, Part
from gitops.sources.tapes import stage
from gitops.sources.tapes.folders import Folders

DAY = datetime.date(2026, 11, 29)
TAPES = tuple(
    Tape(generation, f"GIT{n:03}L{generation}") for generation in (6, 7) for n in (1, 2, 3)
)


class Memory:
    """A catalogue that dies after so many lines, if it is told to."""

    def __init__(self) -> None:
        self.content = b""

    def read(self) -> bytes:
        return self.content

    def append(self, line: bytes) -> None:
        self.content += line

    @property
    def lines(self) -> list[Line]:
        return list(catalogue.decoded(self.content))

    @property
    def state(self) -> Cartridges:
        return catalogue.state(self.lines)


class Faulty(Folders):
    """`swapped` is what is loaded in place of others; positions in `unreadable` cannot be read.
    `before` is called with each thing that is done."""

    def __init__(self, root: str, staged: str, room: int | None = None) -> None:
        super().__init__(root, staged, room)
        self.swapped: dict[str, str] = {}
        self.unreadable: set[tuple[str, int]] = set()
        self.before: Callable[[str], None] = lambda what: None
        self.done: list[str] = []
        self._in = ""

    def load(self, barcode: str) -> None:
        self._did(f"load {barcode}")
        self._in = barcode
        super().load(self.swapped.get(barcode, barcode))

    def begin(self, barcode: str) -> None:
        self._did(f"begin {barcode}")
        super().begin(barcode)

    def write(self, position: int, part: Part) -> tuple[File, ...]:
        self._did(f"write {self._in} {position} {part.name}")
        return super().write(position, part)

    def read(self, position: int) -> tuple[File, ...]:
        self._did(f"read {self._in} {position}")
        if (self._in, position) in self.unreadable:
            raise TapeError("Input/output error")
        return super().read(position)

    def _did(self, what: str) -> None:
        self.before(what)
        self.done.append(what)


class Site:
    """A stage with three files of 600 bytes, which are three parts, and a library."""

    def __init__(self, folder: Path, room: int | None = None) -> None:
        self.stage = folder / "stage"
        for name in ("a", "b/c", "d"):
            path = self.stage / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(name.encode() * (600 // len(name)))
        self.drive = Faulty(str(folder / "tapes"), str(self.stage), room)
        self.ledger = Memory()
        self.told: list[str] = []

    def run(self, day: datetime.date = DAY) -> Run:
        return Run(day, parts.cut(stage.files(str(self.stage)), largest=700), TAPES)

    def write(self, day: datetime.date = DAY) -> None:
        writing.write(self.run(day), Ports(self.drive, self.ledger, self.told.append))

    def verify(self, *barcodes: str) -> list[str]:
        ports = Ports(self.drive, self.ledger, self.told.append)
        return [each.reason for each in writing.verify(barcodes, DAY, ports)]

    def present(self) -> dict[str, list[str]]:
        """By cartridge, the parts that were read back, those of condemned ones left out."""
        return {
            code: [each.part for each in held.written if each.position in held.verified]
            for code, held in sorted(self.ledger.state.items())
            if held.written and not held.condemned
        }
