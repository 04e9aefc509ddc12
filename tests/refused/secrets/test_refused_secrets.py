"""What 1Password holds of the list of tests/vaults.py, and what `gitops secrets verify` says.

`wrong` and `right` are items with their fields and values, by vault.
"""

from pathlib import Path
from typing import Any

import pytest

from gitops.cli import main
from gitops.sources.onepassword import connect
from tests import estates, vaults
from tests.fake_connect import TOKEN, FakeConnect
from tests.refused import yamlcases

CASES = yamlcases.beside(__file__)


@pytest.fixture(name="root")
def _root(tmp_path: Path) -> Path:
    for path, text in {**vaults.FILES, "fleet.yaml": estates.TEXT}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    return tmp_path


def verified(held: dict[str, Any], root: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    items = {
        name: [(each["title"], each["fields"]) for each in found] for name, found in held.items()
    }
    with FakeConnect(items) as server:
        monkeypatch.setenv(connect.HOST, server.host)
        monkeypatch.setenv(connect.TOKEN, TOKEN)
        return main.main(["secrets", "verify", "--repo", str(root)])


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_mistake_is_told_and_nothing_else(
    path: Path,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert verified(yamlcases.read(path)["wrong"], root, monkeypatch) == 1
    told, _, _ = capsys.readouterr().out[:-1].rpartition("\n")
    assert f"{told}\n" == yamlcases.expected(path, told)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_only_looks_like_the_mistake_is_none(
    path: Path,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert verified(yamlcases.read(path)["right"], root, monkeypatch) == 0
    assert capsys.readouterr().out == "no findings\n"
