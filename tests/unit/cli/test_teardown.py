"""`gitops teardown` is not done by mistake."""

import io

import pytest

from gitops.cli import main


class Terminal(io.StringIO):
    """Somebody who types."""

    def isatty(self) -> bool:
        return True


def refused(monkeypatch: pytest.MonkeyPatch, typed: str, *arguments: str) -> int:
    monkeypatch.setattr("sys.stdin", Terminal(typed))
    return main.main(["teardown", "infra", *arguments])


@pytest.mark.parametrize("typed", ["apps\n", "infra\nyes\n", "infra\ninfra\n", "\n", ""])
def test_it_wants_the_name_twice(
    typed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(monkeypatch, typed) == 2
    assert "that was something else; nothing was done" in capsys.readouterr().err


def test_without_a_terminal_it_wants_the_name_as_an_option(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("infra\nwipe infra\n"))
    assert main.main(["teardown", "infra"]) == 2
    assert "--wipe infra says that it is meant" in capsys.readouterr().err


def test_another_name_is_not_meant(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(monkeypatch, "", "--wipe", "apps") == 2
    assert "--wipe names apps, and the cluster is infra" in capsys.readouterr().err
