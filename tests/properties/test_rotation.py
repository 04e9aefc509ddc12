"""Rotation over years: nothing is overwritten while it is kept."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from gitops.archive import rotation
from gitops.archive.catalogue import Cartridges, Condemned, Labelled, Line, state
from gitops.archive.rotation import Level, Tape
from tests import estates

LIBRARY = estates.loaded().estate.tape_library
KNOWN = rotation.tapes(LIBRARY)
GENERATIONS = (6, 7)


def labelled(day: datetime.date, generation: int, held: Cartridges) -> Labelled | None:
    free = rotation.free(day, generation, KNOWN, held)
    earlier = rotation.runs(held) - {day}
    return Labelled(free[0].barcode, day, rotation.until(day, earlier)) if free else None


def weeks(count: int, first: datetime.date) -> list[datetime.date]:
    return [first + datetime.timedelta(days=7 * number) for number in range(count)]


def test_there_are_as_many_cartridges_as_the_facts_say() -> None:
    assert len(KNOWN) == len(set(KNOWN)) == 48
    assert KNOWN[0] == Tape(6, "GIT001L6")
    assert KNOWN[-1] == Tape(7, "GIT024L7")


@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=120),
    st.dates(datetime.date(2026, 1, 1), datetime.date(2040, 1, 1)),
    st.sets(st.sampled_from(KNOWN), max_size=10),
)
def test_no_cartridge_is_written_again_while_it_is_kept(
    gaps: list[int], first: datetime.date, bad: set[Tape]
) -> None:
    lines: list[Line] = [Condemned(tape.barcode, "bad", first) for tape in sorted(bad)]
    kept: dict[str, datetime.date] = {}
    day = first
    for gap in gaps:
        held = state(lines)
        new = [found for each in GENERATIONS if (found := labelled(day, each, held))]
        for each in new:
            assert kept.get(each.barcode, datetime.date.min) < day
            assert each.barcode not in {tape.barcode for tape in bad}
            kept[each.barcode] = each.until
        lines += new
        day += datetime.timedelta(days=gap)


@given(st.dates(datetime.date(2026, 1, 1), datetime.date(2035, 1, 1)))
def test_weekly_runs_of_a_cartridge_each_find_room_for_ten_years(first: datetime.date) -> None:
    """And each is on both generations, kept for the same time."""
    lines: list[Line] = []
    for day in weeks(520, first):
        held = state(lines)
        pair = [labelled(day, each, held) for each in GENERATIONS]
        assert None not in pair, day
        found = [each for each in pair if each]
        assert found[0].until == found[1].until
        lines += found


@given(st.dates(datetime.date(2026, 1, 1), datetime.date(2035, 1, 1)))
def test_of_each_year_and_month_one_run_is_kept_for_longer(first: datetime.date) -> None:
    days = weeks(150, first)
    levels = {day: rotation.level(day, days) for day in days}
    for year in {day.year for day in days}:
        of_year = [day for day in days if day.year == year]
        assert [day for day in of_year if levels[day] is Level.YEARLY] == of_year[:1]
    for month in {(day.year, day.month) for day in days}:
        of_month = [day for day in days if (day.year, day.month) == month]
        assert [day for day in of_month if levels[day] is not Level.WEEKLY] == of_month[:1]
