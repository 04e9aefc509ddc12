"""Small repositories, each with one mistake and named after it; `expected.txt` is the report."""

import re
import shutil
from itertools import takewhile
from pathlib import Path

import pytest

from gitops.cli import main

HERE = Path(__file__).parent
ABSENT = re.compile(r"^\S+ note schema/absent: .*\n(?:  .*\n)*", re.M)
"""Hardly any of these repositories holds the definitions of its kinds; `schema-…` are about it."""

REPOSITORIES = sorted(path.parent for path in HERE.glob("*/expected.txt"))


@pytest.mark.parametrize("repository", REPOSITORIES, ids=lambda path: path.name)
def test_the_mistake_is_reported_and_nothing_else(
    repository: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Charts and definitions that somebody keeps on this machine are not part of the test.
    monkeypatch.setenv("GITOPS_CACHE", str(tmp_path / "cache"))
    expected = repository.joinpath("expected.txt").read_text("utf-8")
    # Below our own repository, `--repo` would mean all of it.
    alone = shutil.copytree(repository, tmp_path / "repository", symlinks=True)
    code = main.main(["check", "--repo", str(alone), "--no-cache"])
    report = capsys.readouterr().out
    mistakes = _mistakes(report)
    if not repository.name.startswith("schema-"):
        mistakes, expected = ABSENT.sub("", mistakes), ABSENT.sub("", expected)
    assert mistakes == expected
    assert code == (1 if " error " in expected else 0)


def _mistakes(report: str) -> str:
    """The report up to the lines that tell how much was covered."""
    lines = report.splitlines(keepends=True)
    return "".join(takewhile(lambda line: not line.startswith("test: "), lines))
