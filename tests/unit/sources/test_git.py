"""Revisions as a source."""

import os
import shutil
from pathlib import Path

import pytest

from gitops.errors import EscapingPath, MissingPath, RevisionError, UnreadablePath
from gitops.sources import checkout, git, process
from gitops.sources.git import GitTree
from gitops.sources.tree import Kind
from tests.repositories import Repository

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


def test_a_revision_is_read_whatever_the_working_tree_holds(repository: Repository) -> None:
    repository.write("a/file", b"before")
    first = repository.commit()
    repository.write("a/file", b"after")
    repository.write("a/new", b"")
    repository.commit()
    repository.write("a/file", b"not committed")
    tree = GitTree(repository.path, first)
    assert tree.commit == first
    assert tree.read("a/file") == b"before"
    assert tree.names("a") == ("file",)
    assert GitTree(repository.path, "HEAD").read("a/file") == b"after"


def test_kinds_tell_files_folders_and_nothing(repository: Repository) -> None:
    repository.write("a/file", b"")
    tree = GitTree(repository.path, repository.commit())
    found = [tree.kind(path) for path in ("", "a", "a/file", "a/none", "a/file/below", "none/none")]
    assert found == [Kind.FOLDER, Kind.FOLDER, Kind.FILE, None, None, None]


def test_reads_that_cannot_be_are_typed(repository: Repository) -> None:
    repository.write("a/file", b"")
    tree = GitTree(repository.path, repository.commit())
    with pytest.raises(UnreadablePath, match="a is a folder"):
        tree.read("a")
    with pytest.raises(UnreadablePath, match="a/file is a file"):
        tree.names("a/file")
    with pytest.raises(MissingPath):
        tree.read("a/none")
    with pytest.raises(EscapingPath):
        tree.read("../a")


def test_links_are_followed_inside_the_tree_only(repository: Repository) -> None:
    repository.write("real/file", b"text")
    repository.link("folder", "real")
    repository.link("out", "../outside")
    repository.link("absolute", "/etc/hosts")
    repository.link("loop", "loop/x")
    repository.link("dangling", "nowhere")
    tree = GitTree(repository.path, repository.commit())
    assert tree.read("folder/file") == b"text"
    assert tree.is_link("folder")
    assert not tree.is_link("folder/file")
    for path in ("out", "absolute"):
        with pytest.raises(EscapingPath):
            tree.kind(path)
    with pytest.raises(UnreadablePath, match="circles"):
        tree.read("loop")
    with pytest.raises(MissingPath):
        tree.read("dangling")


def test_a_submodule_is_not_there(repository: Repository) -> None:
    repository.write("file", b"")
    repository.submodule("vendor/charts")
    tree = GitTree(repository.path, repository.commit())
    assert tree.kind("vendor/charts") is None
    assert tree.names("vendor") == ()
    with pytest.raises(MissingPath, match="submodule"):
        tree.read("vendor/charts")


def test_names_that_are_not_utf8_are_left_out_and_told(repository: Repository) -> None:
    repository.write("good", b"")
    repository.write(b"bad\xff", b"")
    tree = GitTree(repository.path, repository.commit())
    assert tree.names("") == ("good",)
    assert tree.unnamed == ("bad\\udcff",)


def test_a_tree_made_by_hand_shows_no_forbidden_names(repository: Repository) -> None:
    repository.write("good", b"")
    repository.commit()
    tree = GitTree(repository.path, repository.commit_tree_with(".git"))
    assert tree.names("") == ()
    assert tree.kind(".git") is None


@pytest.mark.parametrize("revision", ["", "--help", "-n", "nothing", "HEAD:file", "\0"])
def test_a_revision_that_git_does_not_know_is_told(repository: Repository, revision: str) -> None:
    repository.write("file", b"")
    repository.commit()
    with pytest.raises(RevisionError, match="name a branch, a tag or a commit"):
        GitTree(repository.path, revision)


def test_a_folder_without_git_is_told(tmp_path: Path) -> None:
    with pytest.raises(RevisionError, match="cannot be read as a Git repository"):
        GitTree(str(tmp_path), "HEAD")


def test_a_hook_that_names_another_repository_is_not_obeyed(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.write("file", b"mine")
    commit = repository.commit()
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "other" / "index"))
    assert GitTree(repository.path, "HEAD").commit == commit


def test_an_object_that_the_clone_lacks_is_unreadable(repository: Repository) -> None:
    repository.write("lost", b"lost")
    repository.write("kept", b"kept")
    commit = repository.commit()
    repository.lose("lost")
    tree = GitTree(repository.path, commit)
    with pytest.raises(UnreadablePath, match="this clone lacks"):
        tree.read("lost")
    assert tree.read("kept") == b"kept"


def test_a_huge_file_is_refused_and_its_neighbours_are_read(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git, "_LARGEST", 100)
    for name in "abc":
        repository.write(name, name.encode() * (101 if name == "b" else 1))
    tree = GitTree(repository.path, repository.commit())
    for _ in range(2):
        assert (tree.read("a"), tree.read("c")) == (b"a", b"c")
        with pytest.raises(UnreadablePath, match="too large"):
            tree.read("b")


def test_reads_are_right_when_little_can_be_held(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git, "_HELD", 25)
    contents = {f"file{number}": bytes([number]) * 10 for number in range(8)}
    for name, content in contents.items():
        repository.write(name, content)
    tree = GitTree(repository.path, repository.commit())
    for _ in range(3):
        assert {name: tree.read(name) for name in tree.names("")} == contents


def test_reading_goes_on_after_the_program_was_killed(repository: Repository) -> None:
    repository.write("file", b"text")
    tree = GitTree(repository.path, repository.commit())
    assert tree.read("file") == b"text"
    tree.close()
    assert tree.read("file") == b"text"


def test_a_partial_clone_is_never_completed_from_the_network(
    repository: Repository, tmp_path: Path
) -> None:
    repository.write("file", b"text")
    commit = repository.commit()
    process.run(["git", "-C", repository.path, "config", "uploadpack.allowFilter", "true"])
    partial = str(tmp_path / "partial")
    origin = f"file://{repository.path}"
    process.run(["git", "clone", "-q", "--no-checkout", "--filter=blob:none", origin, partial])
    with pytest.raises(UnreadablePath, match="this clone lacks"):
        GitTree(partial, commit).read("file")


def test_the_toplevel_is_the_nearest_folder_with_git(repository: Repository) -> None:
    repository.write("a/b/file", b"")
    assert checkout.toplevel(os.path.join(repository.path, "a", "b")) == repository.path
    assert checkout.toplevel("/") is None


def test_head_is_none_before_the_first_commit(repository: Repository, tmp_path: Path) -> None:
    assert git.head(repository.path) is None
    assert git.head(str(tmp_path)) is None
    repository.write("file", b"")
    commit = repository.commit()
    assert git.head(repository.path) == commit


def test_remote_addresses_come_without_credentials(repository: Repository) -> None:
    repository.remote("origin", "https://user:token@example.com/fleet.git")
    repository.remote("mirror", "ssh://git@example.org/fleet")
    assert git.remote_urls(repository.path) == (
        "https://example.com/fleet.git",
        "ssh://git@example.org/fleet",
    )
