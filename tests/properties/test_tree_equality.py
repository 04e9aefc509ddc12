"""A commit reads the same from Git as from a clean checkout of it, and no path leads out."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gitops.errors import PathError
from gitops.sources.disk import DiskTree
from gitops.sources.git import GitTree
from gitops.sources.tree import SourceTree
from tests.repositories import Repository

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

NAMES = [
    "a",
    "b",
    "a b",
    "-n",
    '"q"',
    "ü",
    "日本",
    "tab\t",
    "new\nline",
    "back\\slash",
    "*",
    "x.git",
]
PARTS = st.sampled_from([*NAMES, "..", ".", "", "secret", ".git", "\0", "\udcff"])
TARGETS = st.lists(st.sampled_from([*NAMES, "..", ".", "secret", "\udcff"]), min_size=1, max_size=5)
PATHS = st.lists(PARTS, min_size=1, max_size=5).map("/".join)
FILES = st.dictionaries(
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map("/".join),
    st.tuples(st.binary(max_size=30), st.booleans()) | TARGETS.map("/".join),
    max_size=12,
)
SECRET = b"outside of the tree"


@contextmanager
def committed(files: dict[str, tuple[bytes, bool] | str]) -> Iterator[tuple[DiskTree, GitTree]]:
    """The same files as a working tree and as a commit; text stands for a link's target."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "secret").write_bytes(SECRET)
        repository = Repository(Path(folder, "repository"))
        for path, content in files.items():
            try:
                match content:
                    case str():
                        repository.link(path, content)
                    case data, executable:
                        repository.write(path, data, executable)
            except OSError:
                continue  # A file stands where a folder is wanted, or the other way round.
        commit = repository.commit()
        yield DiskTree(repository.path), GitTree(repository.path, commit)


def answer(ask: Callable[[str], object], path: str) -> object:
    """What is said about a path; a refusal counts by its type."""
    try:
        return ask(path)
    except PathError as refusal:
        return type(refusal)


def answers(tree: SourceTree, path: str) -> list[object]:
    return [answer(ask, path) for ask in (tree.kind, tree.read, tree.names)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FILES, st.lists(PATHS, max_size=20))
def test_git_and_disk_give_the_same_answers(
    files: dict[str, tuple[bytes, bool] | str], paths: list[str]
) -> None:
    with committed(files) as (disk, git):
        for path in ["", *files, *paths]:
            said = answers(git, path)
            assert answers(disk, path) == said
            assert SECRET not in said
            assert disk.is_link(path) == git.is_link(path)
