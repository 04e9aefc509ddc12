"""A tape library of Linux: a changer that `mtx` moves, and a drive that `mt` winds.

Sources: mtx 1.3.12 and mt-st 1.7, manual pages and their output; st(4) of Linux. The drive is the
one that does not rewind (`/dev/nst0`): position 0 is the label, and each file of the tape a part.
"""

import errno
import re
from io import FileIO

import msgspec

from gitops.errors import ProcessFailed, TapeError
from gitops.model.tape import File, Part
from gitops.sources import process
from gitops.sources.tapes import streams

_DRIVE = re.compile(
    r"Data Transfer Element 0:Full \(Storage Element (?P<slot>\d+) Loaded\)"
    r"(:VolumeTag = (?P<barcode>\S+))?"
)
_SLOT = re.compile(
    r"Storage Element (?P<slot>\d+)(?: IMPORT/EXPORT)?:Full :VolumeTag=(?P<code>\S+)"
)
_MOVING = 300
_WINDING = 1800
"""Seconds: LTO winds a whole cartridge in less than two minutes; loading one takes longer."""
_LABEL_BYTES = 1024


class Contents(msgspec.Struct, frozen=True):
    """What is where: slots by barcode, and what is in the drive with the slot it came from."""

    slots: dict[str, int]
    loaded: str = ""
    home: int = 0


def contents(printed: str) -> Contents:
    """What `mtx status` prints."""
    slots = {match["code"]: int(match["slot"]) for match in _SLOT.finditer(printed)}
    drive = _DRIVE.search(printed)
    if drive is None:
        return Contents(slots)
    return Contents(slots, drive["barcode"] or "?", int(drive["slot"]))


class Library:
    """The changer and its first drive; `stage` is where files of parts lie."""

    def __init__(self, changer: str, drive: str, stage: str) -> None:
        self._changer = changer
        self._drive = drive
        self._stage = stage

    def load(self, barcode: str) -> None:
        """Put a cartridge into the drive, and what was there back into its slot."""
        found = contents(self._mtx("status"))
        if found.loaded != barcode:
            if barcode not in found.slots:
                raise TapeError(f"{barcode} is not in the library: put it into a slot")
            if found.loaded:
                self._mt("offline")
                self._mtx("unload", str(found.home), "0")
            self._mtx("load", str(found.slots[barcode]), "0")
        self._mt("rewind")
        self._mt("setblk", "0")

    def label(self) -> str | None:
        """The first block, which is our label; None where the cartridge is blank."""
        self._mt("rewind")
        with self._open("rb") as tape:
            try:
                block = tape.read(streams.BLOCK) or b""
            except OSError as cause:
                # st(4): a blank tape gives EIO at its beginning, and `mt status` says EOD there.
                if cause.errno == errno.EIO and " EOD " in f"{self._mt('status')} ":
                    return None
                raise TapeError(f"the label cannot be read: {cause.strerror}") from cause
        return block.rstrip(b"\0").decode(errors="replace") or None

    def begin(self, barcode: str) -> None:
        """Write a label at the beginning: a tape ends where it was written last."""
        self._mt("rewind")
        try:
            with self._open("wb") as tape:
                tape.write(barcode.encode().ljust(_LABEL_BYTES, b"\0"))
        except OSError as cause:
            raise TapeError(f"{barcode} takes no label: {cause.strerror}") from cause

    def write(self, position: int, part: Part) -> tuple[File, ...]:
        """Write a part at a position."""
        self._wind(position)
        with self._open("wb") as tape:
            return streams.write(tape, self._stage, part)

    def read(self, position: int) -> tuple[File, ...]:
        """What is at a position."""
        self._wind(position)
        with self._open("rb") as tape:
            return streams.read(tape)

    def _open(self, mode: str) -> FileIO:
        try:
            return FileIO(self._drive, mode)
        except OSError as cause:
            raise TapeError(f"{self._drive} cannot be opened: {cause.strerror}") from cause

    def _wind(self, position: int) -> None:
        self._mt("rewind")
        if position:
            self._mt("fsf", str(position))

    def _mtx(self, *arguments: str) -> str:
        return _run(("mtx", "-f", self._changer, *arguments), _MOVING)

    def _mt(self, *arguments: str) -> str:
        return _run(("mt", "-f", self._drive, *arguments), _WINDING)


def _run(arguments: tuple[str, ...], timeout: float) -> str:
    try:
        return process.run(arguments, timeout=timeout).decode(errors="replace")
    except ProcessFailed as cause:
        raise TapeError(str(cause)) from cause
