"""The machine on which a refused repository is looked at.

A fixture is a folder: a repository, the report in `expected.txt`, and in `machine/` what is there
besides the repository, if that matters:

- `command.txt`: what is asked, instead of `gitops check --no-cache`;
- `charts/NAME`: a chart that the store holds as oci://example.org/NAME;
- `programs/NAME`: a program that is found before all others;
- `cache` and `config`: what $GITOPS_CACHE and $XDG_CONFIG_HOME hold.

What no commit can hold is made by a function of `made`, named like the fixture.
"""

import os
import re
import shlex
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path

import pytest

from gitops.cli import main
from gitops.sources.charts import keep
from gitops.sources.charts.store import Store
from tests.refused import made

EXPECTED = "expected.txt"
MACHINE = "machine"
_COVERED = re.compile(r"\S+: (?:\d+ \w+ \(.*\), )*\d+ objects?\n")
_COUNTED = re.compile(r"(?:no findings|\d+ (?:error|warning|note)s?\b.*)\n")


def fixtures(test: str) -> list[Path]:
    """The fixtures beside a test."""
    return sorted(path.parent for path in Path(test).parent.glob(f"*/{EXPECTED}"))


def expect(fixture: Path, report: str) -> str:
    """The report that is expected. With GITOPS_REWRITE_GOLDEN set, it is written down first."""
    if os.environ.get("GITOPS_REWRITE_GOLDEN"):
        fixture.joinpath(EXPECTED).write_text(report, "utf-8")
    return fixture.joinpath(EXPECTED).read_text("utf-8")


def report(
    fixture: Path,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    files: Mapping[str, str] | None = None,
) -> tuple[int, str]:
    """What gitops gives and reports of a fixture, without what was covered; of `files` it gets
    those that it has not."""
    alone, machine = _built(fixture, folder, files or {})
    with _at(alone, machine):
        code = main.main(_command(machine))
    told = capsys.readouterr().out.replace(str(machine), f"/{MACHINE}")
    lines = told.splitlines(keepends=True)
    return code, "".join(takewhile(lambda line: not _ends(line), lines))


def _ends(line: str) -> bool:
    return bool(_COVERED.fullmatch(line) or _COUNTED.fullmatch(line))


def _built(fixture: Path, folder: Path, files: Mapping[str, str]) -> tuple[Path, Path]:
    """The repository, which lies alone, and the machine."""
    away = shutil.ignore_patterns(EXPECTED, MACHINE)
    alone = shutil.copytree(fixture, folder / "repository", symlinks=True, ignore=away)
    machine = folder / MACHINE
    if fixture.joinpath(MACHINE).is_dir():
        shutil.copytree(fixture / MACHINE, machine)
    machine.mkdir(exist_ok=True)
    for chart in machine.glob("charts/*"):
        store = Store(str(machine / "cache" / "charts"))
        keep.import_chart(str(chart), f"oci://example.org/{chart.name}", store)
    for path, text in files.items():
        if not alone.joinpath(path).exists():
            alone.joinpath(path).parent.mkdir(exist_ok=True)
            alone.joinpath(path).write_text(text, "utf-8")
    if fixture.name in made.MADE:
        made.MADE[fixture.name](alone, machine)
    return alone, machine


@contextmanager
def _at(repository: Path, machine: Path) -> Iterator[None]:
    """In the repository, as somebody with nothing but this machine."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("SOPS_AGE_KEY", "SOPS_AGE_KEY_FILE"):
            patch.delenv(name, raising=False)
        patch.setenv("HOME", str(machine))
        patch.setenv("XDG_CONFIG_HOME", str(machine / "config"))
        patch.setenv("GITOPS_CACHE", str(machine / "cache"))
        patch.setenv("PATH", str(machine / "programs"), prepend=os.pathsep)
        patch.chdir(repository)
        yield


def _command(machine: Path) -> list[str]:
    asked = machine / "command.txt"
    text = asked.read_text("utf-8") if asked.exists() else "gitops check --no-cache"
    program, *arguments = shlex.split(text)
    assert program == "gitops"
    return arguments
