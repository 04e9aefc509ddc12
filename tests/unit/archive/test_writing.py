"""Writing a run to cartridges in folders, with everything that goes wrong."""

import datetime
from pathlib import Path

import pytest

from gitops.archive import catalogue
from gitops.archive.catalogue import Verified, Written
from gitops.errors import TapeError
from tests.tapes import DAY, Site

ALL = ["0000", "0001", "0002"]
WHOLE = {"GIT001L6": ALL, "GIT001L7": ALL}


def test_a_run_is_on_a_cartridge_of_each_generation_and_was_read_back(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write()
    assert site.present() == WHOLE
    assert site.drive.done[:6] == [
        "load GIT001L6",
        "begin GIT001L6",
        "write GIT001L6 1 0000",
        "read GIT001L6 1",
        "write GIT001L6 2 0001",
        "read GIT001L6 2",
    ]
    label = site.ledger.state["GIT001L6"].label
    assert label is not None
    assert label.until == DAY + datetime.timedelta(days=1827)


def test_a_run_that_is_whole_is_not_written_again(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write()
    site.drive.done.clear()
    site.write()
    assert site.drive.done == []


class Killed(BaseException):
    """The machine goes away."""


def test_a_run_goes_on_wherever_it_was_cut_off(tmp_path: Path) -> None:
    site = Site(tmp_path / "whole")
    site.write()
    steps = len(site.drive.done)
    for last in range(steps):
        cut = Site(tmp_path / str(last))
        left = [last]

        def die(what: str, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise Killed

        cut.drive.before = die
        with pytest.raises(Killed):
            cut.write()
        cut.drive.before = lambda what: None
        cut.write()
        assert cut.present() == WHOLE, last
        written = [each for each in cut.ledger.lines if isinstance(each, Written)]
        assert len(written) == 6, last


def test_a_line_that_was_cut_off_tells_of_nothing(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write()
    for end in range(len(site.ledger.content)):
        lines = list(catalogue.decoded(site.ledger.content[:end]))
        assert lines == site.ledger.lines[: len(lines)]


def test_a_cartridge_that_ends_early_is_followed_by_another(tmp_path: Path) -> None:
    """Each part is one block of 10240 bytes on tape."""
    site = Site(tmp_path, room=25_000)
    site.write()
    assert site.present() == {
        "GIT001L6": ["0000", "0001"],
        "GIT001L7": ["0000", "0001"],
        "GIT002L6": ["0002"],
        "GIT002L7": ["0002"],
    }
    assert "GIT001L6 is full before 0002 was written" in site.told


def test_what_cannot_be_read_back_is_written_elsewhere_all_of_it(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.drive.unreadable.add(("GIT001L6", 2))
    site.write()
    assert site.present() == {"GIT001L7": ALL, "GIT002L6": ["0001", "0000", "0002"]}
    assert site.ledger.state["GIT001L6"].condemned == (
        "position 2 cannot be read: Input/output error"
    )


def test_a_cartridge_that_says_it_is_another_is_not_written(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write()
    site.drive.swapped["GIT002L6"] = "GIT001L6"
    with pytest.raises(TapeError) as caught:
        site.write(DAY + datetime.timedelta(days=7))
    assert str(caught.value) == "the cartridge in the drive says it is GIT001L6, not GIT002L6"
    assert site.verify("GIT001L6") == []


def test_a_cartridge_that_nobody_knows_of_is_not_written(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.drive.load("GIT001L6")
    site.drive.begin("GIT001L6")
    with pytest.raises(TapeError, match=r"^GIT001L6 bears a label, and the catalogue knows"):
        site.write()


def test_with_no_cartridge_left_nothing_is_overwritten(tmp_path: Path) -> None:
    site = Site(tmp_path)
    for week in range(3):
        site.write(DAY + datetime.timedelta(days=7 * week))
    with pytest.raises(TapeError, match=r"^no cartridge of LTO-6 is free on 2026-12-20: "):
        site.write(DAY + datetime.timedelta(days=21))
    assert site.verify("GIT001L6", "GIT002L6", "GIT003L6") == []


def test_a_cartridge_is_verified_as_a_whole(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write()
    path = tmp_path / "tapes" / "GIT001L7" / "0002"
    content = bytearray(path.read_bytes())
    content[600] ^= 1
    path.write_bytes(content)
    assert site.verify("GIT001L6") == []
    assert site.verify("GIT001L7") == ["position 2 holds something else: b/c"]
    assert not site.ledger.state["GIT001L7"].is_free(datetime.date.max)


def test_files_that_changed_since_are_written_again(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write()
    (site.stage / "d").write_bytes(b"longer than before" * 50)
    site.write()
    assert site.present()["GIT001L6"] == [*ALL, "0002"]


def test_what_was_written_and_not_read_back_is_read_first(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write()
    unread = Verified("GIT001L6", 1, DAY)
    kept = [each for each in site.ledger.lines if each != unread]
    site.ledger.content = b"".join(map(catalogue.encoded, kept))
    site.drive.done.clear()
    site.write()
    assert site.drive.done == ["load GIT001L6", "read GIT001L6 1"]
    assert site.ledger.lines[-1] == unread
