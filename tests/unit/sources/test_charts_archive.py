import io
import tarfile
from pathlib import Path

import pytest

from gitops.errors import ChartError
from gitops.sources.charts import archive
from tests.unit.sources.charts import chart_archive, chart_files, tgz


def test_an_archive_unpacks_without_its_first_folder() -> None:
    assert archive.unpack(chart_archive(), "a.tgz") == chart_files()


def test_what_is_packed_unpacks_to_the_same_files() -> None:
    files = {
        **chart_files(),
        "empty": b"",
        "x" * 99: b"1",
        "y" * 100: b"2",
        "folder/" * 40 + "z": b"3",
        "größe/ß": b"4" * 100_000,
    }
    assert archive.unpack(archive.pack("app", files), "a.tgz") == files


def test_another_program_reads_what_is_packed() -> None:
    files = {**chart_files(), "n" * 150: b"long", "ü" * 60: b"wide", "big": b"b" * 200_000}
    with tarfile.open(fileobj=io.BytesIO(archive.pack("app", files))) as opened:
        found = {member.name: opened.extractfile(member) for member in opened}
        contents = {name: file.read() for name, file in found.items() if file}
    assert contents == {f"app/{path}": content for path, content in files.items()}


def test_packing_does_not_depend_on_order() -> None:
    files = chart_files()
    backwards = dict(reversed(files.items()))
    assert archive.pack("app", files) == archive.pack("app", backwards)
    assert archive.digest(files) == archive.digest(backwards)


def test_the_digest_is_that_of_the_files_alone() -> None:
    once = archive.unpack(chart_archive(), "a.tgz")
    again = archive.unpack(archive.pack("other", once), "b.tgz")
    expected = "sha256:92a7c74aecfc61238ed5217df8527c5da01312b508d1561b04733ca1da170d5a"
    assert archive.digest(once) == archive.digest(again) == expected


def test_a_change_of_path_or_content_changes_the_digest() -> None:
    files = chart_files()
    moved = {**files, "notes": files["values.yaml"]}
    assert len({archive.digest(each) for each in (files, moved, {**moved, "notes": b""})}) == 3


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("app/../../etc/passwd", "a.tgz: app/../../etc/passwd leads out of the chart"),
        ("app//etc/passwd", "a.tgz: app//etc/passwd leads out of the chart"),
        ("app\\..\\x", "a.tgz: app\\..\\x leads out of the chart"),
        ("app/c:/x", "a.tgz: app/c:/x leads out of the chart"),
        ("Chart.yaml", "a.tgz: Chart.yaml lies outside the chart's own folder"),
        ("app", "a.tgz: app lies outside the chart's own folder"),
    ],
)
def test_paths_that_leave_the_chart_are_refused(name: str, message: str) -> None:
    with pytest.raises(ChartError) as error:
        archive.unpack(tgz([("app/Chart.yaml", b""), (name, b"")]), "a.tgz")
    assert str(error.value) == message


def test_a_path_that_stays_inside_is_made_plain() -> None:
    files = archive.unpack(tgz([("./app/Chart.yaml", b"1"), ("app/a/../b/./c", b"2")]), "a.tgz")
    assert files == {"app/Chart.yaml": b"1", "b/c": b"2"}


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE])
def test_links_are_refused(kind: bytes) -> None:
    link = tarfile.TarInfo("app/values.yaml")
    link.type, link.linkname = kind, "/etc/passwd"
    with pytest.raises(ChartError, match=r"^a\.tgz: app/values\.yaml is a link$"):
        archive.unpack(tgz([link]), "a.tgz")


def test_devices_are_refused() -> None:
    device = tarfile.TarInfo("app/x")
    device.type = tarfile.CHRTYPE
    with pytest.raises(ChartError, match=r"^a\.tgz: app/x is neither a file nor a folder$"):
        archive.unpack(tgz([device]), "a.tgz")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "a.tgz holds no files"),
        (b"kind: ConfigMap\n", "a.tgz is not a gzip archive, or a damaged one"),
        (chart_archive()[:-10], "a.tgz is not a gzip archive, or a damaged one"),
        (chart_archive()[:100] + b"\0\0" + chart_archive()[102:], "a.tgz is not a gzip archive"),
        (tgz([]), "a.tgz holds no files"),
        (archive._wrap(b"no tar at all" * 100), "a.tgz is not a tar archive, or a damaged one"),
        (archive._wrap(b"\0" * 3), "a.tgz holds no files"),
    ],
)
def test_junk_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(ChartError) as error:
        archive.unpack(data, "a.tgz")
    assert str(error.value).startswith(message)


def test_a_file_beyond_the_end_is_refused() -> None:
    whole = archive._decompress(tgz([("app/x", b"x" * 3000)]), "a.tgz")
    with pytest.raises(ChartError, match=r"^a\.tgz is cut off in the middle of a file$"):
        archive.unpack(archive._wrap(whole[:2048]), "a.tgz")


def test_a_file_beyond_the_limit_of_helm_is_refused() -> None:
    data = tgz([("app/x", bytes(archive.LARGEST_FILE + 1))])
    with pytest.raises(ChartError, match=r"^a\.tgz: app/x is larger than 5242880 bytes$"):
        archive.unpack(data, "a.tgz")


def test_a_bomb_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST_CHART", 10_000)
    monkeypatch.setattr(archive, "_HEADERS", 10_000)
    for files in (1, 4):
        data = tgz((f"app/{number}", bytes(12_000 // files)) for number in range(files * 2))
        with pytest.raises(ChartError, match=r"^a\.tgz unpacks to more than 10000 bytes$"):
            archive.unpack(data, "a.tgz")


def test_more_entries_than_any_chart_has_are_refused() -> None:
    data = tgz((f"app/{number}", b"") for number in range(20_001))
    with pytest.raises(ChartError, match=r"^a\.tgz holds more than 20000 entries$"):
        archive.unpack(data, "a.tgz")


def test_pax_and_gnu_names_are_understood(tmp_path: Path) -> None:
    names = ["app/" + "d/" * 60 + "f", "app/" + "n" * 200, "app/ä"]
    for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT):
        buffer = io.BytesIO()
        usable = [name for name in names if form != tarfile.USTAR_FORMAT or "nn" not in name]
        with tarfile.open(fileobj=buffer, mode="w:gz", format=form) as opened:
            for name in usable:
                opened.addfile(tarfile.TarInfo(name))
        found = archive.unpack(buffer.getvalue(), "a.tgz")
        assert set(found) == {name.removeprefix("app/") for name in usable}
