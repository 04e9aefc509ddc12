"""The verb `test`, without running what it runs."""

import sys
from collections.abc import Sequence

import pytest

from gitops.cli import test
from gitops.sources import process
from tests.architecture import project


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What was started, without the Python before it; mypy fails."""
    commands: list[list[str]] = []

    def show(arguments: Sequence[str], *, folder: str) -> int:
        assert folder == str(project.ROOT)
        assert arguments[:2] == [sys.executable, "-P"]
        commands.append(list(arguments[2:]))
        return int("mypy" in arguments)

    monkeypatch.setattr(process, "show", show)
    return commands


def test_every_step_runs_although_one_fails(
    started: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert test.run([]) == 1
    assert [tuple(command) for command in started] == list(test.STEPS.values())
    assert capsys.readouterr().out.splitlines() == [
        "== lint",
        "== format",
        "== types",
        "== imports",
        "== tests",
        "gitops test: lint ok, format ok, types FAILED, imports ok, tests ok",
    ]


def test_options_go_to_pytest_which_then_runs_alone(started: list[list[str]]) -> None:
    assert test.run(["-k", "launcher"]) == 0
    assert started == [[*test.STEPS["tests"], "-k", "launcher"]]
