import os
from pathlib import Path

import pytest

from gitops.errors import ChartError
from gitops.sources.charts import archive, folder
from gitops.sources.disk import DiskTree
from gitops.sources.tree import MemoryTree
from tests.unit.sources.charts import chart_files


def on_disk(root: Path, files: dict[str, bytes]) -> DiskTree:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    return DiskTree(str(root))


def test_all_files_of_a_folder_belong_to_its_chart() -> None:
    assert folder.files(MemoryTree(chart_files()), "c") == chart_files()


def test_what_helmignore_names_does_not() -> None:
    extra = {".helmignore": b"ci/\n*.tmp\n", "ci/values.yaml": b"", "a.tmp": b"", "ci.yaml": b""}
    found = folder.files(MemoryTree({**chart_files(), **extra}), "c")
    assert set(found) == {*chart_files(), ".helmignore", "ci.yaml"}


def test_links_inside_the_chart_are_followed(tmp_path: Path) -> None:
    tree = on_disk(tmp_path, chart_files())
    os.symlink("values.yaml", tmp_path / "more.yaml")
    os.symlink("templates", tmp_path / "t")
    assert folder.files(tree, "c") == {
        **chart_files(),
        "more.yaml": chart_files()["values.yaml"],
        "t/configmap.yaml": chart_files()["templates/configmap.yaml"],
    }


def test_a_link_out_of_the_chart_is_refused(tmp_path: Path) -> None:
    tree = on_disk(tmp_path / "chart", chart_files())
    (tmp_path / "secret").write_bytes(b"")
    os.symlink("../secret", tmp_path / "chart" / "LICENSE")
    with pytest.raises(ChartError, match=r"^c: LICENSE leads out"):
        folder.files(tree, "c")


def test_links_that_lead_round_in_circles_are_refused(tmp_path: Path) -> None:
    tree = on_disk(tmp_path, chart_files())
    for name in ("one", "two"):
        os.symlink("..", tmp_path / "templates" / name)
    with pytest.raises(ChartError, match=r"^c"):
        folder.files(tree, "c")


def test_a_pipe_is_refused(tmp_path: Path) -> None:
    tree = on_disk(tmp_path, chart_files())
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ChartError, match=r"^c: pipe"):
        folder.files(tree, "c")


def test_limits_are_those_of_helm(monkeypatch: pytest.MonkeyPatch) -> None:
    large = MemoryTree({**chart_files(), "big": bytes(archive.LARGEST_FILE + 1)})
    with pytest.raises(ChartError, match=r"^c/big is larger than 5242880 bytes$"):
        folder.files(large, "c")
    monkeypatch.setattr(folder, "LARGEST_CHART", 20)
    with pytest.raises(ChartError, match=r"^c is larger than 20 bytes$"):
        folder.files(MemoryTree(chart_files()), "c")
