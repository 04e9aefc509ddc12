import os
from pathlib import Path

import pytest

from gitops.errors import ToolError
from gitops.sources.charts import lockfiles
from gitops.sources.charts.lockfiles import Changes
from gitops.sources.disk import DiskTree
from gitops.sources.tree import MemoryTree

ONE, TWO = "gitops.lock.d/c/ns/one.yaml", "gitops.lock.d/c/ns/two.yaml"


def test_every_yaml_file_below_the_folder_is_read() -> None:
    tree = MemoryTree({TWO: "2", ONE: "1", "gitops.lock.d/README.md": "", "x.yaml": ""})
    assert lockfiles.read(tree) == {ONE: b"1", TWO: b"2"}
    assert lockfiles.read(MemoryTree({"x.yaml": ""})) == {}


def test_what_is_written_is_read(tmp_path: Path) -> None:
    changes = lockfiles.write(str(tmp_path), {TWO: "2\n", ONE: "1\n"})
    assert changes == Changes((ONE, TWO), ())
    assert lockfiles.read(DiskTree(str(tmp_path))) == {ONE: b"1\n", TWO: b"2\n"}


def test_what_is_the_same_is_not_written_again(tmp_path: Path) -> None:
    lockfiles.write(str(tmp_path), {ONE: "1\n", TWO: "2\n"})
    before = os.stat(tmp_path / ONE).st_ino
    assert lockfiles.write(str(tmp_path), {ONE: "1\n", TWO: "3\n"}) == Changes((TWO,), ())
    assert os.stat(tmp_path / ONE).st_ino == before


def test_orphans_go_with_the_folders_they_leave_empty(tmp_path: Path) -> None:
    other = "gitops.lock.d/c/other/app.yaml"
    lockfiles.write(str(tmp_path), {ONE: "", other: ""})
    missing = "gitops.lock.d/c/ns/missing.yaml"
    assert lockfiles.write(str(tmp_path), {}, [missing, ONE]) == Changes((), (ONE,))
    assert sorted(os.listdir(tmp_path / "gitops.lock.d/c")) == ["other"]
    lockfiles.write(str(tmp_path), {}, [other])
    assert os.listdir(tmp_path) == []


def test_a_repository_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "gitops.lock.d").write_bytes(b"")
    with pytest.raises(ToolError, match=r"gitops\.lock\.d.* cannot be written: "):
        lockfiles.write(str(tmp_path), {ONE: ""})
