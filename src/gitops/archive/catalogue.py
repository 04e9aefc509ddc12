"""What is on every cartridge, as the lines that were written about it, one after the other.

A line is added after what it tells has happened, and none is ever changed: where work was cut off,
the last line says how far it came.
"""

import datetime
from collections.abc import Iterable, Iterator

import msgspec

from gitops.model.tape import File


class _Line(msgspec.Struct, frozen=True, tag=True, tag_field="event"):
    """Something that happened to a cartridge."""


class Labelled(_Line, frozen=True):
    """A cartridge begins anew: it is for the run of this day, and nobody writes to it until the
    other day is over."""

    barcode: str
    run: datetime.date
    until: datetime.date


class Written(_Line, frozen=True):
    """A part of a run lies at a position of the cartridge; position 0 is the label."""

    barcode: str
    run: datetime.date
    part: str
    position: int
    files: tuple[File, ...]


class Verified(_Line, frozen=True):
    """The part at a position was read back and is what was written."""

    barcode: str
    position: int
    on: datetime.date


class Condemned(_Line, frozen=True):
    """The cartridge could not be written or read: it is not written to any more."""

    barcode: str
    reason: str
    on: datetime.date


Line = Labelled | Written | Verified | Condemned


class Cartridge(msgspec.Struct, frozen=True):
    """What is known of one cartridge since it was labelled last."""

    barcode: str
    label: Labelled | None = None
    written: tuple[Written, ...] = ()
    verified: frozenset[int] = frozenset()
    condemned: str = ""

    @property
    def size(self) -> int:
        """Bytes of all files on it."""
        return sum(file.size for part in self.written for file in part.files)

    @property
    def end(self) -> int:
        """The position after the last part that is known to be whole."""
        return 1 + len(self.written)

    def is_free(self, day: datetime.date) -> bool:
        """Whether it may be labelled anew: never while what is on it is kept."""
        return not self.condemned and (self.label is None or self.label.until < day)


Cartridges = dict[str, Cartridge]


def state(lines: Iterable[Line]) -> Cartridges:
    """Every cartridge that any line is about, by barcode."""
    found: Cartridges = {}
    for line in lines:
        held = found.get(line.barcode, Cartridge(line.barcode))
        found[line.barcode] = _after(held, line)
    return found


def _after(held: Cartridge, line: Line) -> Cartridge:
    match line:
        case Labelled():
            return Cartridge(held.barcode, line, condemned=held.condemned)
        case Written():
            return msgspec.structs.replace(held, written=(*held.written, line))
        case Verified(position=position):
            return msgspec.structs.replace(held, verified=held.verified | {position})
        case Condemned(reason=reason):
            return msgspec.structs.replace(held, condemned=reason)


_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(Line).decode


def encoded(line: Line) -> bytes:
    """The line, for the file."""
    return _encode(line) + b"\n"


def decoded(content: bytes) -> Iterator[Line]:
    """All lines. The last one may be cut off: it was being written when the machine died, and tells
    of nothing. Raises msgspec.DecodeError where another makes no sense."""
    whole, _, _ = content.rpartition(b"\n")
    for line in whole.splitlines():
        yield _decode(line)
