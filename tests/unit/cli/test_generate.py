"""`gitops generate` on a repository of its own."""

from pathlib import Path

import pytest

from gitops.cli import main
from gitops.power import nut
from tests import estates

SETTINGS = "kubernetes/clusters/one/cluster-settings.yaml"


def repository(folder: Path, text: str = estates.TEXT) -> Path:
    (folder / "fleet.yaml").write_text(text, "utf-8")
    return folder


def test_files_are_written_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = str(repository(tmp_path))
    assert main.main(["generate", "--repo", root]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "written bootstrap/clusters/one/values.yaml",
        "written bootstrap/clusters/two/values.yaml",
        "written kubernetes/clusters/one/cluster-settings.yaml",
        "written kubernetes/clusters/two/cluster-settings.yaml",
        *(f"written {path}" for path in sorted(nut.files(estates.loaded().estate))),
    ]
    assert main.main(["generate", "--repo", root]) == 0
    assert main.main(["generate", "--repo", root, "--check"]) == 0


def test_a_check_writes_nothing_and_fails(tmp_path: Path) -> None:
    root = repository(tmp_path)
    assert main.main(["generate", "--repo", str(root), "--check"]) == 1
    assert not (root / SETTINGS).exists()


def test_nothing_is_derived_from_facts_that_contradict_each_other(tmp_path: Path) -> None:
    root = repository(tmp_path, estates.changed(("mesh-port: 32380", "mesh-port: 32379")))
    assert main.main(["generate", "--repo", str(root)]) == 1
    assert not (root / SETTINGS).exists()


def test_without_facts_there_is_nothing_to_derive(tmp_path: Path) -> None:
    assert main.main(["generate", "--repo", str(tmp_path)]) == 2
