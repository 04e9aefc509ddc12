"""Writes a run to tape, reads it back, and goes on where it was cut off."""

import datetime
from collections.abc import Callable, Sequence

import msgspec

from gitops.archive import catalogue, rotation
from gitops.archive.catalogue import (
    Cartridge,
    Cartridges,
    Condemned,
    Labelled,
    Line,
    Verified,
    Written,
)
from gitops.archive.drive import Drive, Ledger
from gitops.archive.rotation import Tape
from gitops.errors import EndOfTape, TapeError
from gitops.model.tape import Part


class Ports(msgspec.Struct, frozen=True):
    """Everything that has an effect; `tell` is called as work goes on."""

    drive: Drive
    ledger: Ledger
    tell: Callable[[str], None]


class Run(msgspec.Struct, frozen=True):
    """A run of a day: what is written, and the cartridges that there are."""

    day: datetime.date
    parts: tuple[Part, ...]
    tapes: tuple[Tape, ...]

    @property
    def generations(self) -> tuple[int, ...]:
        """Each run goes to all of them."""
        return tuple(sorted({tape.generation for tape in self.tapes}))


def write(run: Run, ports: Ports) -> None:
    """Every part on a cartridge of each generation, written and read back.

    Raises TapeError when there is no cartridge left, or a cartridge is not the one it should be.
    """
    for generation in run.generations:
        _Copy(run, generation, ports).write()


def state(ledger: Ledger) -> Cartridges:
    """The catalogue as it stands."""
    return catalogue.state(catalogue.decoded(ledger.read()))


class _Copy:
    """One run on one generation."""

    def __init__(self, run: Run, generation: int, ports: Ports) -> None:
        self._run = run
        self._generation = generation
        self._ports = ports
        self._loaded = ""
        self._full: set[str] = set()

    def write(self) -> None:
        self._verify_begun()
        # A cartridge that fails takes along what it held: that is missing again.
        while (part := self._missing()) is not None:
            self._place(part)

    def _missing(self) -> Part | None:
        present = self._present()
        return next((each for each in self._run.parts if not _is_among(each, present)), None)

    def _begun(self) -> list[Cartridge]:
        held = state(self._ports.ledger)
        tapes = rotation.of_run(self._run.day, self._generation, self._run.tapes, held)
        return [held[tape.barcode] for tape in tapes]

    def _present(self) -> list[Written]:
        """What lies on a cartridge that can be read."""
        return [
            part
            for each in self._begun()
            if not each.condemned
            for part in each.written
            if part.position in each.verified
        ]

    def _verify_begun(self) -> None:
        """What was written and not read back when work was cut off."""
        for each in self._begun():
            for part in each.written:
                if part.position not in each.verified and not each.condemned:
                    self._load(each.barcode, is_begun=True)
                    self._verify(part)

    def _place(self, part: Part) -> None:
        """Cartridges that end early or fail are left, until one takes the part."""
        while True:
            barcode, position = self._room(part)
            try:
                files = self._ports.drive.write(position, part)
            except EndOfTape:
                self._ports.tell(f"{barcode} is full before {part.name} was written")
                self._full.add(barcode)
                continue
            except TapeError as cause:
                self._condemn(barcode, str(cause))
                continue
            written = Written(barcode, self._run.day, part.name, position, files)
            self._note(written)
            if self._verify(written):
                return

    def _room(self, part: Part) -> tuple[str, int]:
        """A loaded cartridge with room, and the position; a new one where those begun are full."""
        rooms = {tape.barcode: tape.room for tape in self._run.tapes}
        for each in self._begun():
            fits = each.size + part.size <= rooms[each.barcode] or not each.written
            if fits and not each.condemned and each.barcode not in self._full:
                self._load(each.barcode, is_begun=bool(each.written))
                if not each.written:
                    self._ports.drive.begin(each.barcode)
                return each.barcode, each.end
        return self._new(), 1

    def _new(self) -> str:
        """A cartridge that is free. It is noted before its label is written: were it the other way
        round, a label that nobody knows of could be left behind."""
        held = state(self._ports.ledger)
        found = rotation.free(self._run.day, self._generation, self._run.tapes, held)
        if not found:
            raise TapeError(
                f"no cartridge of LTO-{self._generation} is free on {self._run.day}: "
                "`gitops archive rotate` tells when the next is; buy more, or keep less"
            )
        barcode = found[0].barcode
        earlier = rotation.runs(held) - {self._run.day}
        self._load(barcode, is_begun=False)
        self._note(Labelled(barcode, self._run.day, rotation.until(self._run.day, earlier)))
        self._ports.drive.begin(barcode)
        return barcode

    def _load(self, barcode: str, *, is_begun: bool) -> None:
        """Nothing is written to a cartridge that says it is another, or that holds what nobody
        knows of."""
        if self._loaded == barcode:
            return
        self._ports.drive.load(barcode)
        borne = self._ports.drive.label()
        known = state(self._ports.ledger).get(barcode, Cartridge(barcode))
        if borne not in (barcode, None) or (is_begun and borne is None):
            raise TapeError(f"the cartridge in the drive says it is {borne}, not {barcode}")
        if borne is not None and known.label is None:
            raise TapeError(
                f"{barcode} bears a label, and the catalogue knows nothing of it: it may hold what "
                "is still needed"
            )
        self._loaded = barcode

    def _verify(self, written: Written) -> bool:
        wrong = compare(self._ports.drive, written)
        if wrong:
            self._condemn(written.barcode, wrong)
            return False
        self._note(Verified(written.barcode, written.position, self._run.day))
        self._ports.tell(f"{written.barcode} {written.position}: {written.part} is there")
        return True

    def _condemn(self, barcode: str, reason: str) -> None:
        self._note(Condemned(barcode, reason, self._run.day))
        self._ports.tell(f"{barcode} is used no more: {reason}")
        self._loaded = ""

    def _note(self, line: Line) -> None:
        self._ports.ledger.append(catalogue.encoded(line))


def _is_among(part: Part, present: Sequence[Written]) -> bool:
    return any(each.part == part.name and part.is_in(each.files) for each in present)


def compare(drive: Drive, written: Written) -> str:
    """What is wrong with a part on the loaded cartridge; "" when nothing is."""
    try:
        found = drive.read(written.position)
    except TapeError as cause:
        return f"position {written.position} cannot be read: {cause}"
    if found == written.files:
        return ""
    names = sorted({each.path for each in set(found) ^ set(written.files)})
    return f"position {written.position} holds something else: {', '.join(names[:3])}"


def verify(barcodes: Sequence[str], day: datetime.date, ports: Ports) -> tuple[Condemned, ...]:
    """Read whole cartridges again, as somebody would who needs them; those that failed."""
    failed = []
    for each in barcodes:
        held = state(ports.ledger)[each]
        ports.drive.load(each)
        reasons = [reason for part in held.written if (reason := compare(ports.drive, part))]
        borne = ports.drive.label()
        if borne != each:
            reasons.insert(0, f"it says that it is {borne}")
        if reasons:
            failed.append(Condemned(each, reasons[0], day))
            ports.ledger.append(catalogue.encoded(failed[-1]))
        ports.tell(f"{each}: {reasons[0] if reasons else f'{len(held.written)} parts are there'}")
    return tuple(failed)
