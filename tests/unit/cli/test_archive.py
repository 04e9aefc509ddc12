"""`gitops archive` with folders for cartridges."""

from pathlib import Path

import pytest

from gitops.cli import main
from tests import estates


@pytest.fixture(name="root")
def _root(tmp_path: Path) -> Path:
    (tmp_path / "fleet.yaml").write_text(estates.TEXT, "utf-8")
    (tmp_path / "stage").mkdir()
    (tmp_path / "stage" / "dump").write_bytes(b"content")
    return tmp_path


def archive(root: Path, what: str, *more: str) -> int:
    options = ("--repo", str(root), "--catalogue", str(root / "catalogue"))
    return main.main(["archive", what, *more, *options, "--folder", str(root / "tapes")])


def test_a_run_is_planned_written_and_verified(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = ("--date", "2026-11-29", "--stage", str(root / "stage"))
    assert archive(root, "plan", *run) == 0
    assert capsys.readouterr().out == (
        "a yearly run, 0.0 GB in 1 part\n"
        "LTO-6: 1 of 24 free cartridges: GIT001L6\n"
        "LTO-7: 1 of 24 free cartridges: GIT001L7\n"
    )
    assert archive(root, "write", *run) == 0
    assert capsys.readouterr().out == "GIT001L6 1: 0000 is there\nGIT001L7 1: 0000 is there\n"
    assert archive(root, "verify", "--date", "2026-12-01") == 0
    assert archive(root, "catalogue") == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "GIT001L7: 1 part, 7 bytes",
        "  1 0000: 1 file, read back",
    ]
    assert archive(root, "rotate", "--date", "2026-12-01") == 0
    assert capsys.readouterr().out.splitlines()[:2] == [
        "GIT001L6  kept until 2031-11-30, run 2026-11-29",
        "GIT002L6  was never written",
    ]


def test_a_cartridge_that_cannot_be_read_fails(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert archive(root, "write", "--date", "2026-11-29", "--stage", str(root / "stage")) == 0
    (root / "tapes" / "GIT001L6" / "0001").unlink()
    assert archive(root, "verify", "GIT001L6", "--date", "2026-12-01") == 1
    assert capsys.readouterr().out.splitlines()[-1] == (
        "GIT001L6: position 1 cannot be read: there is nothing at position 1"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["write", "--date", "2026-11-29"], "write needs --stage"),
        (["plan", "--date", "tomorrow"], "--date tomorrow is no day; write it like 2026-11-29"),
        (["rotate"], "rotate needs --date"),
        (["verify", "GIT9", "--date", "2026-11-29"], "the catalogue knows nothing of GIT9"),
    ],
)
def test_what_cannot_be_is_refused(
    root: Path, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert archive(root, *arguments) == 2
    assert words in capsys.readouterr().err


def test_a_catalogue_that_makes_no_sense_is_not_written_to(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "catalogue").write_text("something else\n", "utf-8")
    assert archive(root, "write", "--date", "2026-11-29", "--stage", str(root / "stage")) == 3
    assert (root / "catalogue").read_text("utf-8") == "something else\n"
