"""Which cartridge is next: grandfather, father, son (ADR 0071).

Each run is written twice, to a cartridge of each generation. The first run of a year is kept for
years, the first of a month for a year, every other for weeks.
"""

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum

import msgspec

from gitops.archive.catalogue import Cartridge, Cartridges
from gitops.model.estate import TapeLibrary

DAYS_KEPT = {"weekly": 35, "monthly": 396, "yearly": 1827}
"""Five weeks, thirteen months, five years. With a cartridge a run, about 5 + 13 + 5 are in use."""

NATIVE = {5: 1_500, 6: 2_500, 7: 6_000, 8: 12_000, 9: 18_000}
"""Gigabytes of a cartridge without compression. Source: LTO Program, generations 5 to 9."""

FILLED = 0.95
"""How much of it is used: blocks that are written again take room, too. A guess."""


class Level(StrEnum):
    """How long a run is kept."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    YEARLY = "yearly"


class Tape(msgspec.Struct, frozen=True, order=True):
    """A cartridge that there is."""

    generation: int
    barcode: str

    @property
    def room(self) -> int:
        """Bytes that are put on it."""
        return int(NATIVE[self.generation] * 10**9 * FILLED)


def tapes(library: TapeLibrary) -> tuple[Tape, ...]:
    """All cartridges, by generation: `GIT001L6` is the first of LTO-6. The last two characters of a
    barcode say the generation (LTO barcode specification)."""
    return tuple(
        sorted(
            Tape(each.generation, f"GIT{number:03}L{each.generation}")
            for each in library.cartridges
            for number in range(1, each.count + 1)
        )
    )


def level(run: datetime.date, earlier: Collection[datetime.date]) -> Level:
    """What a run is, by the runs before it."""
    before = [day for day in earlier if day < run and day.year == run.year]
    if not before:
        return Level.YEARLY
    if not any(day.month == run.month for day in before):
        return Level.MONTHLY
    return Level.WEEKLY


def until(run: datetime.date, earlier: Collection[datetime.date]) -> datetime.date:
    """The last day on which a run is kept."""
    return run + datetime.timedelta(days=DAYS_KEPT[level(run, earlier)])


def runs(cartridges: Cartridges) -> frozenset[datetime.date]:
    """The runs that are on any cartridge now."""
    return frozenset(each.label.run for each in cartridges.values() if each.label)


def of_run(
    run: datetime.date, generation: int, known: Sequence[Tape], held: Cartridges
) -> tuple[Tape, ...]:
    """The cartridges that a run has begun, of one generation, the oldest first."""
    begun = [
        tape
        for tape in known
        if tape.generation == generation and _run(held.get(tape.barcode)) == run
    ]
    return tuple(begun)


def _run(cartridge: Cartridge | None) -> datetime.date | None:
    return cartridge.label.run if cartridge and cartridge.label else None


def free(
    day: datetime.date, generation: int, known: Iterable[Tape], held: Mapping[str, Cartridge]
) -> tuple[Tape, ...]:
    """Cartridges that may be written, in the order in which they are: those that were never used,
    then those whose time was over first."""
    found = [
        (_over(held.get(tape.barcode)), tape)
        for tape in known
        if tape.generation == generation
        and held.get(tape.barcode, Cartridge(tape.barcode)).is_free(day)
    ]
    return tuple(tape for _, tape in sorted(found))


def _over(cartridge: Cartridge | None) -> datetime.date:
    return cartridge.label.until if cartridge and cartridge.label else datetime.date.min
