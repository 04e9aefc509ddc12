"""Tape libraries: what `mtx` prints, what it and `mt` are told, and the files around them."""

import os
import sys
from pathlib import Path

import pytest

from gitops.errors import TapeError
from gitops.model.tape import File, Part, Staged
from gitops.sources.tapes import library, stage
from gitops.sources.tapes.ledger import Ledger
from gitops.sources.tapes.library import Contents, Library

STATUS = """\
  Storage Changer /dev/sg3:1 Drives, 24 Slots ( 1 Import/Export )
Data Transfer Element 0:Full (Storage Element 3 Loaded):VolumeTag = GIT003L7
      Storage Element 1:Full :VolumeTag=GIT001L6
      Storage Element 2:Full :VolumeTag=GIT001L7
      Storage Element 3:Empty
      Storage Element 24 IMPORT/EXPORT:Full :VolumeTag=CLNU01L1
"""
EMPTY = STATUS.replace("Full (Storage Element 3 Loaded):VolumeTag = GIT003L7", "Empty")

SCRIPT = """\
#!/bin/sh
echo "$(basename "$0") $*" >>"FOLDER/calls"
case "$(basename "$0") $3" in
"mtx status") cat "FOLDER/status" ;;
"mtx load") test ! -e "FOLDER/jam" || { cat "FOLDER/jam" >&2; exit 1; } ;;
esac
"""


@pytest.fixture(name="folder")
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("mtx", "mt"):
        script = tmp_path / name
        script.write_text(SCRIPT.replace("FOLDER", str(tmp_path)), "utf-8")
        script.chmod(0o755)
    (tmp_path / "status").write_text(STATUS, "utf-8")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


def calls(folder: Path) -> list[str]:
    return (folder / "calls").read_text("utf-8").splitlines()


def test_contents_are_read_from_what_mtx_prints() -> None:
    slots = {"GIT001L6": 1, "GIT001L7": 2, "CLNU01L1": 24}
    assert library.contents(STATUS) == Contents(slots, "GIT003L7", 3)
    assert library.contents(EMPTY) == Contents(slots)


def test_a_cartridge_is_changed_for_another(folder: Path) -> None:
    Library("changer", "drive", "").load("GIT001L7")
    assert calls(folder) == [
        "mtx -f changer status",
        "mt -f drive offline",
        "mtx -f changer unload 3 0",
        "mtx -f changer load 2 0",
        "mt -f drive rewind",
        "mt -f drive setblk 0",
    ]


def test_a_cartridge_that_is_in_the_drive_stays_there(folder: Path) -> None:
    Library("changer", "drive", "").load("GIT003L7")
    assert [call for call in calls(folder) if "load" in call] == []


def test_a_cartridge_that_is_not_in_the_library_is_asked_for(folder: Path) -> None:
    with pytest.raises(TapeError, match=r"^GIT009L6 is not in the library: put it into a slot$"):
        Library("changer", "drive", "").load("GIT009L6")


def test_what_a_changer_says_is_told(folder: Path) -> None:
    (folder / "status").write_text(EMPTY, "utf-8")
    jam = (
        "mtx: Request Sense: Sense Key=Not Ready\nMOVE MEDIUM from Element Address 1 to 256 Failed"
    )
    (folder / "jam").write_text(jam, "utf-8")
    with pytest.raises(TapeError, match=r"^mtx: mtx: Request Sense: Sense Key=Not Ready\nMOVE"):
        Library("changer", "drive", "").load("GIT001L6")


def test_a_part_goes_to_its_position_and_comes_back(folder: Path) -> None:
    """A file stands for the drive: it has one position."""
    (folder / "stage").mkdir()
    (folder / "stage" / "a").write_bytes(b"content")
    drive = folder / "drive"
    tape = Library("changer", str(drive), str(folder / "stage"))
    part = Part("0000", (Staged("a", 7),))
    sha256 = "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73"
    assert tape.write(3, part) == (File("a", 7, sha256),)
    assert tape.read(3) == (File("a", 7, sha256),)
    assert calls(folder)[:2] == [f"mt -f {drive} rewind", f"mt -f {drive} fsf 3"]


def test_a_label_is_the_first_block(folder: Path) -> None:
    drive = folder / "drive"
    tape = Library("changer", str(drive), "")
    tape.begin("GIT001L6")
    assert drive.stat().st_size == 1024
    assert tape.label() == "GIT001L6"


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
def test_a_full_cartridge_is_told_from_others(folder: Path) -> None:
    (folder / "stage").mkdir()
    (folder / "stage" / "a").write_bytes(b"content")
    tape = Library("changer", "/dev/full", str(folder / "stage"))
    with pytest.raises(TapeError, match=r"^the cartridge is full$"):
        tape.write(1, Part("0000", (Staged("a", 7),)))


@pytest.mark.parametrize("content", [b"longer than staged", b"short"])
def test_a_file_that_changed_since_it_was_staged_is_not_archived(
    folder: Path, content: bytes
) -> None:
    (folder / "stage").mkdir()
    (folder / "stage" / "a").write_bytes(content)
    tape = Library("changer", str(folder / "drive"), str(folder / "stage"))
    with pytest.raises(TapeError):
        tape.write(1, Part("0000", (Staged("a", 7),)))


def test_a_stage_is_its_files_by_path(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c").write_bytes(b"12")
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "link").symlink_to("a")
    assert stage.files(str(tmp_path)) == (Staged("a", 1), Staged("b/c", 2))
    with pytest.raises(TapeError, match=r"is no folder: copy what is to be archived there first$"):
        stage.files(str(tmp_path / "none"))


def test_lines_are_added_and_what_was_cut_off_goes(tmp_path: Path) -> None:
    kept = Ledger(str(tmp_path / "catalogue"))
    assert kept.read() == b""
    kept.append(b"one\n")
    with open(tmp_path / "catalogue", "ab") as file:
        file.write(b"cut o")
    kept.append(b"two\n")
    assert kept.read() == b"one\ntwo\n"
