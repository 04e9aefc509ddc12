"""What rules are told: what they read beside others counts as read."""

import msgspec
import pytest

from gitops.cli import knowing
from gitops.sources import beside
from gitops.sources.recording import RecordingTree
from gitops.sources.tree import MemoryTree

FILES = {"a.yaml": "a: 1\n", "b.yaml": ""}


def test_what_a_copy_reads_beside_counts_as_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "begin", _elsewhere)
    tree = RecordingTree(MemoryTree(FILES))
    result = knowing.begin(tree, lambda: b"found")
    assert result() == b"found"
    assert [path for path, _ in tree.reads.contents] == ["a.yaml"]
    assert [path for path, _ in tree.reads.listings] == [""]


def _elsewhere(work: object) -> object:
    """A copy that reads, of which this process sees the answer alone."""
    copy = RecordingTree(MemoryTree(FILES))
    copy.read("a.yaml")
    copy.names("")
    answer = msgspec.msgpack.encode((b"found", copy.reads))
    return lambda: answer


def test_what_is_read_when_asked_for_counts_as_read() -> None:
    tree = RecordingTree(MemoryTree(FILES))
    assert knowing.begin(tree, lambda: tree.read("a.yaml"))() == b"a: 1\n"
    assert [path for path, _ in tree.reads.contents] == ["a.yaml"]
