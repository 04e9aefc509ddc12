"""The working tree as a source."""

import os
import socket
from pathlib import Path

import pytest

from gitops.errors import EscapingPath, MissingPath, UnreadablePath
from gitops.sources.disk import DiskTree
from gitops.sources.tree import Kind


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    return folder


def write(root: Path, path: str, text: str = "") -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


def test_a_file_is_read_and_a_folder_is_listed_sorted(root: Path) -> None:
    write(root, "a/two.yaml", "2")
    write(root, "a/one.yaml", "1")
    tree = DiskTree(str(root))
    assert tree.read("a/one.yaml") == b"1"
    assert tree.names("a") == ("one.yaml", "two.yaml")
    assert tree.names("") == ("a",)


def test_kinds_tell_files_folders_and_nothing(root: Path) -> None:
    write(root, "a/file")
    tree = DiskTree(str(root))
    found = [tree.kind(path) for path in ("", "a", "a/file", "a/none", "a/file/below", "none/none")]
    assert found == [Kind.FOLDER, Kind.FOLDER, Kind.FILE, None, None, None]


def test_listing_a_folder_first_does_not_change_the_answers(root: Path) -> None:
    write(root, "a/file")
    (root / "a" / "link").symlink_to("file")
    tree = DiskTree(str(root))
    tree.names("a")
    found = [tree.kind(path) for path in ("a/file", "a/link", "a/none")]
    assert found == [Kind.FILE, Kind.FILE, None]


def test_a_tree_is_a_snapshot(root: Path) -> None:
    write(root, "a", "before")
    tree = DiskTree(str(root))
    tree.names("")
    tree.read("a")
    write(root, "a", "after")
    write(root, "b")
    assert tree.read("a") == b"before"
    assert tree.names("") == ("a",)
    assert tree.kind("b") is None


def test_links_inside_the_tree_are_followed(root: Path) -> None:
    write(root, "real/deep/file", "text")
    (root / "folder").symlink_to("real/deep")
    (root / "real" / "up").symlink_to("../folder/./file")
    tree = DiskTree(str(root))
    assert tree.read("folder/file") == b"text"
    assert tree.read("real/up") == b"text"
    assert tree.names("folder") == ("file",)
    assert tree.kind("real/up") is Kind.FILE
    assert [tree.is_link(path) for path in ("folder", "real/up", "folder/file")] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("target", ["..", "../outside", "/etc/hosts", "sub/../../outside"])
def test_a_link_out_of_the_tree_is_refused(root: Path, target: str) -> None:
    write(root, "sub/file")
    write(root.parent, "outside", "secret")
    (root / "link").symlink_to(target)
    tree = DiskTree(str(root))
    for ask in (tree.kind, tree.read, tree.names):
        with pytest.raises(EscapingPath):
            ask("link")


def test_a_link_that_leaves_and_comes_back_is_refused(root: Path) -> None:
    write(root, "file")
    (root / "link").symlink_to("../repository/file")
    with pytest.raises(EscapingPath):
        DiskTree(str(root)).read("link")


def test_an_absolute_link_into_the_tree_is_refused(root: Path) -> None:
    write(root, "file")
    (root / "link").symlink_to(root / "file")
    with pytest.raises(EscapingPath):
        DiskTree(str(root)).read("link")


def test_a_path_that_climbs_out_is_refused(root: Path) -> None:
    write(root.parent, "outside", "secret")
    tree = DiskTree(str(root))
    for path in ("..", "../outside", "a/../../outside"):
        write(root, "a/file")
        with pytest.raises(EscapingPath):
            tree.read(path)


def test_a_loop_of_links_ends(root: Path) -> None:
    (root / "a").symlink_to("b")
    (root / "b").symlink_to("a")
    (root / "self").symlink_to("self/x")
    tree = DiskTree(str(root))
    for path in ("a", "a/file", "self", "self/x/x"):
        assert tree.kind(path) is None
        with pytest.raises(UnreadablePath, match="circles"):
            tree.read(path)


def test_a_dangling_link_is_missing(root: Path) -> None:
    (root / "link").symlink_to("nowhere")
    tree = DiskTree(str(root))
    assert tree.kind("link") is None
    assert tree.names("") == ("link",)
    with pytest.raises(MissingPath):
        tree.read("link")


def test_a_link_through_a_file_is_missing(root: Path) -> None:
    write(root, "file")
    (root / "link").symlink_to("file/../file")
    with pytest.raises(MissingPath):
        DiskTree(str(root)).read("link")


def test_a_folder_is_not_read_and_a_file_is_not_listed(root: Path) -> None:
    write(root, "a/file")
    tree = DiskTree(str(root))
    for path in ("", "a"):
        with pytest.raises(UnreadablePath, match="is a folder"):
            tree.read(path)
    with pytest.raises(UnreadablePath, match="is a file"):
        tree.names("a/file")


def test_a_pipe_and_a_socket_are_refused_without_waiting(root: Path) -> None:
    os.mkfifo(root / "pipe")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(root / "socket"))
        tree = DiskTree(str(root))
        for path in ("pipe", "socket"):
            assert tree.kind(path) is None
            with pytest.raises(UnreadablePath):
                tree.read(path)


def test_a_huge_file_is_refused_unread(root: Path) -> None:
    with (root / "huge").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(UnreadablePath, match="larger than"):
        DiskTree(str(root)).read("huge")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_unreadable(root: Path) -> None:
    write(root, "file")
    write(root, "folder/file")
    (root / "file").chmod(0)
    (root / "folder").chmod(0)
    tree = DiskTree(str(root))
    for path in ("file", "folder/file"):
        with pytest.raises(UnreadablePath, match="Permission denied"):
            tree.read(path)
    with pytest.raises(UnreadablePath, match="Permission denied"):
        tree.names("folder")
    (root / "folder").chmod(0o700)


def test_a_name_that_is_not_utf8_is_left_out_and_told(root: Path) -> None:
    write(root, "folder/good")
    with open(os.fsencode(root) + b"/folder/bad\xff", "wb"):
        pass
    tree = DiskTree(str(root))
    assert tree.names("folder") == ("good",)
    assert tree.unnamed == ("folder/bad\\udcff",)
    with pytest.raises(MissingPath):
        tree.read("folder/bad\udcff")


@pytest.mark.parametrize("path", ["a\0b", "\ud800", "a/" * 5000, "n" * 300, "a//../\0"])
def test_a_path_that_cannot_be_is_missing(root: Path, path: str) -> None:
    tree = DiskTree(str(root))
    assert tree.kind(path) is None
    for ask in (tree.read, tree.names):
        with pytest.raises(MissingPath):
            ask(path)


def test_gits_own_files_are_not_there(root: Path) -> None:
    write(root, ".git/config", "[remote]")
    write(root, "sub/.git", "gitdir: ../.git")
    write(root, "sub/x.git", "kept")
    tree = DiskTree(str(root))
    assert tree.names("") == ("sub",)
    assert tree.names("sub") == ("x.git",)
    assert tree.read("sub/x.git") == b"kept"
    for path in (".git", ".git/config", "sub/.git"):
        assert tree.kind(path) is None
        with pytest.raises(MissingPath):
            tree.read(path)


def test_a_root_that_does_not_exist_is_missing(root: Path) -> None:
    tree = DiskTree(str(root / "none"))
    assert tree.kind("") is None
    with pytest.raises(MissingPath, match="the repository does not exist"):
        tree.names("")


def test_a_root_may_be_reached_through_a_link(root: Path) -> None:
    write(root, "file", "text")
    (root.parent / "alias").symlink_to(root)
    assert DiskTree(str(root.parent / "alias")).read("file") == b"text"
