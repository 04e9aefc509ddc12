import os
import threading
from pathlib import Path

import pytest

from gitops.errors import CacheError, ChartError, UsageError
from gitops.model.chart import StoredChart
from gitops.sources.charts import archive
from gitops.sources.charts.store import Store, split
from tests.unit.sources.charts import chart_files

ADDRESS = "oci://registry.example/team/app"
DAY = 24 * 60 * 60


def packed(version: str = "1.2.3", address: str = ADDRESS) -> tuple[StoredChart, bytes]:
    files = chart_files("app", version)
    return StoredChart(address, version, archive.digest(files), "4.5"), archive.pack("app", files)


def test_what_was_added_is_found_by_address_and_version(tmp_path: Path) -> None:
    chart, content = packed()
    added = Store(str(tmp_path)).add(chart, content)
    assert Store(str(tmp_path)).find(ADDRESS, "1.2.3") == added
    assert Path(added.path).read_bytes() == content
    assert (added.address, added.version, added.digest, added.app_version) == (
        ADDRESS,
        "1.2.3",
        chart.digest,
        "4.5",
    )


def test_other_references_lead_to_the_same_chart(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    digest = f"sha256:{'a' * 64}"
    chart, content = packed()
    added = store.add(chart, content, "latest", digest)
    assert store.find(ADDRESS, "latest") == store.find(ADDRESS, digest) == added
    assert store.versions(ADDRESS) == ("1.2.3", "latest")


def test_what_is_absent_is_none(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "nowhere"))
    assert store.find(ADDRESS, "1.2.3") is None
    assert store.versions(ADDRESS) == ()
    assert store.entries() == ()
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("address", ["", "app", "oci://host", "oci://h/../x", "file:///x/y", "o\0"])
def test_what_is_no_address_is_absent(tmp_path: Path, address: str) -> None:
    store = Store(str(tmp_path))
    assert store.find(address, "1.2.3") is None
    assert store.versions(address) == ()


@pytest.mark.parametrize("version", ["", "../../x", "a/b", "@1", "sha256:abc", "\0"])
def test_what_is_no_version_is_absent(tmp_path: Path, version: str) -> None:
    store = Store(str(tmp_path))
    store.add(*packed())
    assert store.find(ADDRESS, version) is None


def test_a_chart_may_lie_below_another_ones_address(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    store.add(*packed())
    store.add(*packed("2.0.0", f"{ADDRESS}/sub"))
    assert store.versions(ADDRESS) == ("1.2.3",)
    assert store.versions(f"{ADDRESS}/sub/") == ("2.0.0",)


def test_one_content_is_stored_once(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    one = store.add(*packed())
    other = store.add(*packed(address="https://charts.example/app"))
    assert one.path == other.path
    assert len(list((tmp_path / "archives").rglob("*.tgz"))) == 1


def test_what_cannot_be_kept_is_refused(tmp_path: Path) -> None:
    chart, content = packed(address="registry.example/app")
    with pytest.raises(ChartError, match=r"^'registry.example/app' at '1.2.3' cannot be kept"):
        Store(str(tmp_path)).add(chart, content)
    assert os.listdir(tmp_path) == []


def test_a_shortened_archive_is_absent_with_a_warning(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    path = Path(store.add(*packed()).path)
    path.write_bytes(path.read_bytes()[:-1])
    assert store.find(ADDRESS, "1.2.3") is None
    assert store.warnings == (f"{path} is damaged: pull or import its chart again",)


def test_a_changed_archive_is_not_intact_and_then_absent_until_added_again(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    added = store.add(*packed())
    assert store.intact(added)
    path = Path(added.path)
    path.write_bytes(path.read_bytes().replace(b"ConfigMap", b"configMap"))
    assert not store.intact(added)
    assert store.find(ADDRESS, "1.2.3") is None
    assert store.warnings == (f"{path} is damaged: pull or import {ADDRESS} again",)
    store.add(*packed())
    assert store.find(ADDRESS, "1.2.3") == added
    assert store.intact(added)


def test_a_damaged_index_file_is_absent_with_a_warning(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    store.add(*packed())
    (index,) = (tmp_path / "index").rglob("@*.json")
    index.write_bytes(b'{"address": 1}')
    assert store.find(ADDRESS, "1.2.3") is None
    assert store.warnings == (f"{index} is damaged: pull or import its chart again",)
    assert store.entries() == ()


def test_a_lost_archive_is_absent(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    os.unlink(store.add(*packed()).path)
    assert store.find(ADDRESS, "1.2.3") is None
    assert store.versions(ADDRESS) == ()


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    now = [1_000_000_000.0]
    size = len(packed()[1])
    store = Store(str(tmp_path), room=2 * size, clock=lambda: now[0])
    for version in ("1.0.0", "2.0.0", "3.0.0"):
        path = store.add(*packed(version)).path
        os.utime(path, (now[0], now[0]))
        now[0] += 2 * DAY
    assert store.find(ADDRESS, "1.0.0") is None
    now[0] += 2 * DAY
    assert store.find(ADDRESS, "2.0.0")
    store.add(*packed("4.0.0"))
    assert store.versions(ADDRESS) == ("2.0.0", "4.0.0")
    assert [entry.version for entry in store.entries()] == ["2.0.0", "4.0.0"]


def test_what_another_process_may_be_reading_stays(tmp_path: Path) -> None:
    store = Store(str(tmp_path), room=1)
    store.add(*packed("1.0.0"))
    store.add(*packed("2.0.0"))
    assert store.versions(ADDRESS) == ("1.0.0", "2.0.0")


def test_a_cache_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "archives").write_bytes(b"")
    with pytest.raises(CacheError, match=r"cannot be written"):
        Store(str(tmp_path)).add(*packed())
    assert Store(str(tmp_path)).find(ADDRESS, "1.2.3") is None


def test_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    versions = [f"{number}.0.0" for number in range(12)]

    def fill() -> None:
        for version in versions:
            Store(str(tmp_path)).add(*packed(version), "latest")

    threads = [threading.Thread(target=fill) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store = Store(str(tmp_path))
    assert store.versions(ADDRESS) == (*sorted(versions), "latest")
    assert all(store.intact(chart) for chart in map(store.find, [ADDRESS] * 12, versions) if chart)
    assert store.warnings == ()
    assert not [name for name in tmp_path.rglob("*") if name.name.startswith(".tmp")]


def test_an_address_splits_into_repository_and_name() -> None:
    assert split("https://charts.example/stable/app") == ("https://charts.example/stable", "app")
    with pytest.raises(UsageError, match=r"^'app' is not the address of a chart; write oci://"):
        split("app")
