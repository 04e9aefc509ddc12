import errno
import os
import stat
import threading
from pathlib import Path

import pytest

from gitops.errors import CacheError
from gitops.sources import cachedir


def test_the_folder_is_the_one_the_user_chose() -> None:
    assert cachedir.folder({"GITOPS_CACHE": "/a", "XDG_CACHE_HOME": "/b", "HOME": "/c"}) == "/a"


def test_the_folder_follows_xdg_and_then_home() -> None:
    assert cachedir.folder({"XDG_CACHE_HOME": "/b", "HOME": "/c"}) == "/b/gitops"
    assert cachedir.folder({"HOME": "/c"}) == "/c/.cache/gitops"


def test_a_relative_xdg_folder_counts_as_unset() -> None:
    assert cachedir.folder({"XDG_CACHE_HOME": "b", "HOME": "/c"}) == "/c/.cache/gitops"


def test_written_bytes_are_read_back(tmp_path: Path) -> None:
    path = str(tmp_path / "a" / "b")
    cachedir.write(path, b"old")
    cachedir.write(path, b"new")
    assert cachedir.read(path) == b"new"
    assert os.listdir(tmp_path / "a") == ["b"]


def test_new_folders_belong_to_their_owner_alone(tmp_path: Path) -> None:
    cachedir.write(str(tmp_path / "a" / "b" / "c"), b"")
    modes = [stat.S_IMODE(os.stat(tmp_path / name).st_mode) for name in ("a", "a/b", "a/b/c")]
    assert modes == [0o700, 0o700, 0o600]


def test_what_is_absent_reads_as_none(tmp_path: Path) -> None:
    assert cachedir.read(str(tmp_path / "nothing")) is None


def test_a_full_disk_is_an_error_that_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tmp_path / "entry")
    cachedir.write(path, b"old")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CacheError) as error:
        cachedir.write(path, b"new")
    assert str(error.value) == (
        f"{path} cannot be written: No space left on device; make room there, "
        "or set GITOPS_CACHE to a folder that can be written"
    )
    assert cachedir.read(path) == b"old"
    assert os.listdir(tmp_path) == ["entry"]


def test_a_file_where_a_folder_should_be_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(CacheError, match="cannot be written: File exists"):
        cachedir.write(str(tmp_path / "a" / "b"), b"")


def test_an_interruption_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        cachedir.write(str(tmp_path / "entry"), b"new")
    assert os.listdir(tmp_path) == []


def test_readers_never_see_half_a_file(tmp_path: Path) -> None:
    path = str(tmp_path / "entry")
    versions = [bytes([number]) * 200_000 for number in range(8)]
    writers = [threading.Thread(target=cachedir.write, args=(path, each)) for each in versions]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        assert cachedir.read(path) in (None, *versions)
    for writer in writers:
        writer.join()
    assert cachedir.read(path) in versions
