"""Versions and ranges, as Masterminds/semver v3 has them."""

import pytest

from gitops.model import semver


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("1.2.3", "1.2.3"),
        ("v1.2.3", "1.2.3"),
        ("1", "1.0.0"),
        ("v1.2", "1.2.0"),
        ("01.2.3", "1.2.3"),
        ("1.2.3-rc.1+build.5", "1.2.3-rc.1+build.5"),
    ],
)
def test_versions_are_read_loosely_and_written_in_full(text: str, full: str) -> None:
    version = semver.parse(text)
    assert version is not None
    assert (str(version), version.text) == (full, text)


@pytest.mark.parametrize("text", ["", "latest", "1.2.3.4", "1.2.3-01", "1..2", "1.2.3-", "x" * 300])
def test_other_texts_are_no_versions(text: str) -> None:
    assert semver.parse(text) is None


def test_flux_wants_all_three_numbers_of_a_chart_or_tag() -> None:
    assert [text for text in ("1.2.3", "v1.2.3", "1.2", "01.2.3") if semver.parse_strict(text)] == [
        "1.2.3",
        "v1.2.3",
    ]


def test_versions_are_ordered_by_number_and_releases_come_last() -> None:
    ordered = ["1.0.0-1", "1.0.0-2", "1.0.0-10", "1.0.0-a", "1.0.0-a.1", "1.0.0", "1.0.1", "1.10.0"]
    versions = [version for text in reversed(ordered) if (version := semver.parse(text))]
    assert [each.text for each in sorted(versions, key=lambda each: each.rank)] == ordered


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("1.2.3", "1.2.3 v1.2.3 1.2.3+b", "1.2.4 1.2.3-rc.1"),
        ("1.2", "1.2.0 1.2.9", "1.3.0 1.1.9"),
        ("1.x", "1.0.0 1.9.9", "2.0.0 0.9.0"),
        ("*", "0.0.0 9.9.9", "1.0.0-rc.1"),
        ("", "0.0.1 9.9.9", "1.0.0-rc.1"),
        (">1", "2.0.0", "1.0.0 1.9.9"),
        (">1.2", "1.3.0 2.0.0", "1.2.9"),
        ("<=1.2", "1.2.9 1.1.0", "1.3.0"),
        (">=1.2 <2", "1.2.0 1.9.9", "1.1.9 2.0.0"),
        (">=1.2,<2", "1.2.0 1.9.9", "1.1.9 2.0.0"),
        ("~1.2.3", "1.2.3 1.2.9", "1.3.0 1.2.2"),
        ("^1.2.3", "1.2.3 1.9.9", "2.0.0 1.2.2"),
        ("^0.2.3", "0.2.3 0.2.9", "0.3.0"),
        ("^0.0.3", "0.0.3", "0.0.4"),
        ("!=1.2.x", "1.3.0 2.2.0", "1.2.0 1.2.9"),
        ("1.2 - 1.4", "1.2.0 1.4.9", "1.5.0 1.1.0"),
        ("<1 || >=3", "0.9.0 3.0.0", "1.0.0 2.9.9"),
        (">=1.0.0-0", "1.0.0-rc.1 1.0.0 2.0.0-alpha", "0.9.0"),
        ("^1 || >=2.0.0-0", "1.5.0 2.0.0-rc.1", "1.5.0-rc.1"),
    ],
)
def test_a_range_admits_what_it_says(text: str, inside: str, outside: str) -> None:
    allowed = semver.parse_range(text or "*")
    assert allowed is not None
    versions = [
        version for each in (inside + " " + outside).split() if (version := semver.parse(each))
    ]
    assert [each.text for each in versions if allowed.admits(each)] == inside.split()


@pytest.mark.parametrize("text", ["latest", "1.2.3.4", ">=", "==1", "1 ||", "1" * 600, "1||" * 40])
def test_other_texts_are_no_ranges(text: str) -> None:
    assert semver.parse_range(text) is None


def test_the_highest_version_in_a_range_is_found() -> None:
    allowed = semver.parse_range("^1")
    assert allowed is not None
    versions = [version for each in ("1.2.0", "1.10.0", "2.0.0") if (version := semver.parse(each))]
    assert semver.highest(versions, allowed) == semver.parse("1.10.0")
    assert semver.highest([], allowed) is None
