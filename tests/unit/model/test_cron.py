"""When schedules are due."""

import pytest

from gitops.model import cron

EVERY = (
    frozenset(range(60)),
    frozenset(range(24)),
    frozenset(range(1, 32)),
    frozenset(range(1, 13)),
    frozenset(range(8)),
)


@pytest.mark.parametrize(
    ("minutes", "due"),
    [
        ("5", {5}),
        ("*/20", {0, 20, 40}),
        ("50/4", {50, 54, 58}),
        ("1-3,7", {1, 2, 3, 7}),
        ("0-10/5", {0, 5, 10}),
        ("?", set(range(60))),
    ],
)
def test_a_field_is_a_list_of_values_ranges_and_steps(minutes: str, due: set[int]) -> None:
    assert cron.times(f"{minutes} * * * *", 5) == (frozenset(due), *EVERY[1:])


def test_months_and_days_have_names() -> None:
    found = cron.times("0 0 * JAN-mar Mon,fri", 5)
    assert found is not None
    assert found[3:] == (frozenset({1, 2, 3}), frozenset({1, 5}))


def test_six_fields_begin_with_seconds() -> None:
    assert cron.times("7 * * * * *", 6) == (frozenset({7}), *EVERY)


def test_a_time_zone_is_no_field() -> None:
    assert cron.times("CRON_TZ=Europe/Berlin * * * * *", 5) == EVERY


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "5-1 * * * *",
        "*/0 * * * *",
        "a * * * *",
        "*-5 * * * *",
        "1,, * * * *",
        "@daily",
    ],
)
def test_what_a_controller_refuses_has_no_times(wrong: str) -> None:
    assert cron.times(wrong, 5) is None
