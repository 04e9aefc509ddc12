"""What a build read, and whether it would read the same again."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from gitops.errors import EscapingPath, MissingPath
from gitops.sources.disk import DiskTree
from gitops.sources.recording import Digests, ReadSet, RecordingTree, digest
from gitops.sources.tree import Kind, MemoryTree, SourceTree

FILES = {"a/one": "1", "a/two": "2", "b/three": "3"}


def recorded(use: Callable[[SourceTree], object]) -> ReadSet:
    tree = RecordingTree(MemoryTree(FILES))
    use(tree)
    return tree.reads


def matches(reads: ReadSet, files: dict[str, str]) -> bool:
    return reads.matches(Digests(MemoryTree(files)))


def test_a_recording_tree_answers_like_the_tree_below_it() -> None:
    tree = RecordingTree(MemoryTree(FILES))
    assert (tree.read("a/one"), tree.kind("a"), tree.names("a")) == (
        b"1",
        Kind.FOLDER,
        ("one", "two"),
    )
    with pytest.raises(MissingPath):
        tree.read("none")


def test_reads_are_sorted_and_hold_no_content() -> None:
    tree = RecordingTree(MemoryTree(FILES))
    for path in ("b/three", "a/one"):
        tree.read(path)
    tree.kind("none")
    assert tree.reads == ReadSet(
        (("a/one", digest(b"1")), ("b/three", digest(b"3"))), (("none", b""),), ()
    )


def test_the_same_files_match() -> None:
    assert matches(recorded(lambda tree: (tree.read("a/one"), tree.names("a"))), FILES)


def test_a_changed_file_does_not_match() -> None:
    reads = recorded(lambda tree: tree.read("a/one"))
    assert not matches(reads, {**FILES, "a/one": "other"})
    assert not matches(reads, {"a/two": "2"})


def test_what_was_not_read_does_not_count() -> None:
    reads = recorded(lambda tree: tree.read("a/one"))
    assert matches(reads, {"a/one": "1", "new": "file"})


def test_a_file_that_was_missing_and_is_there_does_not_match() -> None:
    def miss(tree: SourceTree) -> None:
        with pytest.raises(MissingPath):
            tree.read("none")

    reads = recorded(miss)
    assert matches(reads, FILES)
    assert not matches(reads, {**FILES, "none": ""})


def test_a_kind_that_changed_does_not_match() -> None:
    reads = recorded(lambda tree: (tree.kind("a"), tree.kind("none")))
    assert matches(reads, FILES)
    assert not matches(reads, {**FILES, "none": ""})
    assert not matches(reads, {"a": "a file now"})


def test_a_listing_that_changed_does_not_match() -> None:
    reads = recorded(lambda tree: tree.names("a"))
    assert matches(reads, {**FILES, "a/two": "changed", "b/four": ""})
    assert not matches(reads, {**FILES, "a/three": ""})
    assert not matches(reads, {"a/one": ""})


def test_names_that_run_together_are_told_apart() -> None:
    reads = RecordingTree(MemoryTree({"ab": "", "c": ""}))
    reads.names("")
    assert not matches(reads.reads, {"a": "", "bc": ""})


def test_a_link_that_leads_elsewhere_does_not_match(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to("/one")
    tree = RecordingTree(DiskTree(str(tmp_path)))
    with pytest.raises(EscapingPath):
        tree.read("link")
    assert tree.reads.matches(Digests(DiskTree(str(tmp_path))))
    link.unlink()
    link.symlink_to("/two")
    assert not tree.reads.matches(Digests(DiskTree(str(tmp_path))))


def test_a_file_that_becomes_a_link_to_its_like_does_not_match(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"same")
    (tmp_path / "file").write_bytes(b"same")
    tree = RecordingTree(DiskTree(str(tmp_path)))
    assert (tree.read("file"), tree.is_link("file")) == (b"same", False)
    assert tree.reads.matches(Digests(DiskTree(str(tmp_path))))
    (tmp_path / "file").unlink()
    (tmp_path / "file").symlink_to("real")
    now = RecordingTree(DiskTree(str(tmp_path)))
    assert (now.read("file"), now.is_link("file")) == (b"same", True)
    assert not tree.reads.matches(Digests(DiskTree(str(tmp_path))))


def test_a_read_set_survives_being_written_down() -> None:
    reads = recorded(lambda tree: (tree.read("a/one"), tree.kind("b"), tree.names("")))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(reads), type=ReadSet) == reads


class Counting(MemoryTree):
    reads = 0

    def read(self, path: str) -> bytes:
        self.reads += 1
        return super().read(path)


def test_files_are_hashed_once_for_all_read_sets() -> None:
    reads = recorded(lambda tree: (tree.read("a/one"), tree.read("a/two")))
    tree = Counting(FILES)
    digests = Digests(tree)
    assert all(reads.matches(digests) for _ in range(70))
    assert tree.reads == 2
