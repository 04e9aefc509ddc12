"""Small repositories, each with one mistake and named after it; `expected.txt` is the report."""

import shutil
from itertools import takewhile
from pathlib import Path

import pytest

from gitops.cli import main

HERE = Path(__file__).parent
REPOSITORIES = sorted(path.parent for path in HERE.glob("*/expected.txt"))


@pytest.mark.parametrize("repository", REPOSITORIES, ids=lambda path: path.name)
def test_the_mistake_is_reported_and_nothing_else(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = repository.joinpath("expected.txt").read_text("utf-8")
    # Below our own repository, `--repo` would mean all of it.
    alone = shutil.copytree(repository, tmp_path / "repository", symlinks=True)
    code = main.main(["check", "--repo", str(alone), "--no-cache"])
    report = capsys.readouterr().out
    assert _mistakes(report) == expected
    assert code == (1 if " error " in expected else 0)


def _mistakes(report: str) -> str:
    """The report up to the lines that tell how much was covered."""
    lines = report.splitlines(keepends=True)
    return "".join(takewhile(lambda line: not line.startswith("test: "), lines))
