"""The repository passes its own check, on a machine that has no chart."""

from pathlib import Path

import pytest

from gitops.cli.main import main
from tests.repository import manifests


def test_the_repository_passes_its_own_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITOPS_CACHE", str(tmp_path))
    code = main(["check", "--repo", str(manifests.ROOT)])
    assert code == 0, capsys.readouterr().out
