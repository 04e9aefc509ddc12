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


def test_links_are_no_locks(tmp_path: Path) -> None:
    folder = tmp_path / "gitops.lock.d/c/ns"
    folder.mkdir(parents=True)
    folder.joinpath("one.yaml").write_text("1")
    folder.joinpath("two.yaml").symlink_to("/etc/hostname")
    for name in ("round", "about", "again"):  # each leads to all of them: 3 ** 40 ways
        folder.joinpath(name).symlink_to(".")
    os.mkfifo(folder / "three.yaml")
    assert lockfiles.read(DiskTree(str(tmp_path))) == {ONE: b"1"}
    os.rename(tmp_path / "gitops.lock.d", tmp_path / "elsewhere")
    tmp_path.joinpath("gitops.lock.d").symlink_to("elsewhere")
    assert lockfiles.read(DiskTree(str(tmp_path))) == {}


def test_a_lock_that_cannot_be_read_counts_as_empty(tmp_path: Path) -> None:
    path = tmp_path / ONE
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        file.truncate(65 << 20)
    assert lockfiles.read(DiskTree(str(tmp_path))) == {ONE: b""}


@pytest.mark.parametrize(
    "path",
    [
        "gitops.lock.d/../up/ns/one.yaml",
        "gitops.lock.d/c/../../../../up.yaml",
        "gitops.lock.d/linked/ns/one.yaml",
    ],
)
def test_nothing_is_written_elsewhere(tmp_path: Path, path: str) -> None:
    root = tmp_path / "repository"
    (root / "gitops.lock.d").mkdir(parents=True)
    (root / "gitops.lock.d/linked").symlink_to(tmp_path)
    with pytest.raises(ToolError, match="leads elsewhere"):
        lockfiles.write(str(root), {ONE: "1", path: "1"})
    assert sorted(os.listdir(tmp_path)) == ["repository"]
    assert sorted(os.listdir(root / "gitops.lock.d")) == ["linked"]


def test_a_repository_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "gitops.lock.d").write_bytes(b"")
    with pytest.raises(ToolError, match=r"gitops\.lock\.d.* cannot be written: "):
        lockfiles.write(str(tmp_path), {ONE: ""})
