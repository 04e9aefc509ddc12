"""The cache of build results."""

import os
import time
from pathlib import Path

import pytest

from gitops.model.finding import Severity
from gitops.sources.cache import Cache, NoCache

MEGABYTE = 1 << 20


def entries(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name != "ledger")


def test_what_is_put_can_be_got_by_another_run(tmp_path: Path) -> None:
    folder = str(tmp_path / "new" / "cache")
    cache = Cache(folder, MEGABYTE)
    assert cache.get("unit", "key") is None
    cache.put("unit", "key", b"data")
    cache.put("unit", "empty", b"")
    later = Cache(folder, MEGABYTE)
    assert (later.get("unit", "key"), later.get("unit", "empty")) == (b"data", b"")
    assert later.notes() == ()


def test_kinds_and_keys_do_not_get_in_each_others_way(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path), MEGABYTE)
    cache.put("a", "key", b"1")
    cache.put("b", "key", b"2")
    cache.put("a", "key/../\0 of any text ü", b"3")
    assert [
        cache.get("a", "key"),
        cache.get("b", "key"),
        cache.get("a", "key/../\0 of any text ü"),
    ] == [
        b"1",
        b"2",
        b"3",
    ]


def test_putting_again_replaces(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path), MEGABYTE)
    cache.put("unit", "key", b"old")
    cache.put("unit", "key", b"new")
    assert cache.get("unit", "key") == b"new"
    assert len(entries(tmp_path)) == 1


def test_only_the_owner_may_read(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path / "cache"), MEGABYTE)
    cache.put("unit", "key", b"data")
    assert (tmp_path / "cache").stat().st_mode & 0o077 == 0


def test_a_damaged_entry_is_missed_and_removed(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path), MEGABYTE)
    cache.put("unit", "key", b"data")
    (entry,) = entries(tmp_path)
    entry.write_bytes(entry.read_bytes()[:-1])
    assert cache.get("unit", "key") is None
    assert entries(tmp_path) == []


def test_an_entry_under_anothers_name_is_missed(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path), MEGABYTE)
    cache.put("unit", "one", b"1")
    cache.put("unit", "two", b"2")
    one, two = entries(tmp_path)
    content = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(content)
    assert (cache.get("unit", "one"), cache.get("unit", "two")) == (None, None)


def test_it_stays_below_its_limit_and_keeps_what_was_used_last(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path), MEGABYTE)
    data = os.urandom(10_000)
    for number in range(300):
        cache.put("unit", str(number), data)
        for path in entries(tmp_path):  # Time goes by.
            status = path.stat()
            os.utime(path, (status.st_atime, status.st_mtime - 10))
    held = [number for number in range(300) if cache.get("unit", str(number))]
    size = sum(-(-path.stat().st_size // 4096) * 4096 for path in entries(tmp_path))
    assert MEGABYTE // 2 < size <= MEGABYTE
    assert held == list(range(held[0], 300))


def test_reading_renews_an_entry(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path), MEGABYTE)
    cache.put("unit", "key", b"data")
    (entry,) = entries(tmp_path)
    os.utime(entry, (0, 0))
    cache.get("unit", "key")
    assert time.time() - entry.stat().st_mtime < 60


def test_what_would_fill_the_cache_alone_is_not_kept(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path), MEGABYTE)
    cache.put("unit", "key", b"x" * (MEGABYTE // 8))
    assert cache.get("unit", "key") is None
    assert cache.notes() == ()


def test_leftovers_of_a_killed_writer_go(tmp_path: Path) -> None:
    left = tmp_path / ".tmp-left"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    cache = Cache(str(tmp_path), MEGABYTE)
    for number in range(40):
        cache.put("unit", str(number), b"x" * 4000)
    assert not left.exists()


def test_a_folder_that_cannot_be_written_ends_writing_with_one_note(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    cache = Cache(str(tmp_path / "file" / "cache"), MEGABYTE)
    cache.put("unit", "one", b"1")
    cache.put("unit", "two", b"2")
    assert cache.get("unit", "one") is None
    (note,) = cache.notes()
    assert (note.rule, note.severity) == ("cache/off", Severity.NOTE)
    assert note.message == (
        f"nothing can be kept in the cache {tmp_path}/file/cache: Not a directory"
    )


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no full disk to offer")
def test_a_full_disk_leaves_no_half_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(str(tmp_path), MEGABYTE)
    cache.put("unit", "kept", b"data")

    def full(path: str, mode: str = "r") -> object:
        return open(
            "/dev/full" if path.startswith(str(tmp_path)) and "x" in mode else path,
            mode.replace("x", "w"),
        )

    monkeypatch.setattr("gitops.sources.cache.open", full, raising=False)
    cache.put("unit", "lost", b"data")
    monkeypatch.undo()
    assert [note.message for note in cache.notes()] == [
        f"nothing can be kept in the cache {tmp_path}: No space left on device"
    ]
    assert cache.get("unit", "kept") == b"data"
    assert len(entries(tmp_path)) == 1


def test_an_entry_is_missed_where_a_folder_stands(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path), MEGABYTE)
    cache.put("unit", "key", b"data")
    (entry,) = entries(tmp_path)
    entry.unlink()
    entry.mkdir()
    assert cache.get("unit", "key") is None
    cache.put("unit", "key", b"data")
    assert len(cache.notes()) == 1


def test_no_cache_keeps_nothing() -> None:
    cache = NoCache()
    cache.put("unit", "key", b"data")
    assert cache.get("unit", "key") is None
    assert cache.notes() == ()
