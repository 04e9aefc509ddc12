"""Whatever bytes come in, reading an archive ends, and with a chart or a ChartError."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gitops.errors import ChartError
from gitops.sources.charts import archive, helmignore, metadata, tar
from tests.unit.sources.charts import chart_archive, chart_files

PATHS = st.lists(st.text(min_size=1, max_size=120), min_size=1, max_size=4).map("/".join)
FILES = st.dictionaries(PATHS, st.binary(max_size=700), max_size=6)
TAR = archive._decompress(chart_archive(), "a.tgz")
CHANGE = st.tuples(st.integers(0, len(TAR) - 1), st.binary(min_size=1, max_size=12))


def try_to_unpack(data: bytes) -> None:
    try:
        metadata.read(archive.unpack(data, "a.tgz"), "a.tgz")
    except ChartError as refused:
        assert str(refused).startswith("a.tgz")


@given(st.binary(max_size=2000))
def test_any_bytes_as_an_archive(data: bytes) -> None:
    try_to_unpack(data)


@given(st.binary(max_size=2000))
def test_any_bytes_as_a_tar(data: bytes) -> None:
    try_to_unpack(archive._wrap(data) if data else b"")


@settings(max_examples=300)
@given(
    st.lists(
        st.tuples(st.integers(0, len(TAR) - 1), st.binary(min_size=1, max_size=12)), max_size=4
    )
)
def test_any_change_to_a_tar(changes: list[tuple[int, bytes]]) -> None:
    changed = bytearray(TAR)
    for at, content in changes:
        changed[at : at + len(content)] = content
    # Most changes break a checksum; these go on with the right ones.
    for start in range(0, len(changed) - 511, 512):
        total = sum(changed[start : start + 148]) + 256 + sum(changed[start + 156 : start + 512])
        if changed[start + 257 : start + 262] == b"ustar":
            changed[start + 148 : start + 156] = b"%06o\0 " % total
    try_to_unpack(archive._wrap(bytes(changed)))


@given(st.integers(0, len(chart_archive())))
def test_an_archive_cut_off_anywhere(length: int) -> None:
    try_to_unpack(chart_archive()[:length])


@given(FILES)
def test_any_files_written_are_read(files: dict[str, bytes]) -> None:
    named = {path.replace("\0", "0"): content for path, content in files.items()}
    written = tar.write(sorted(named.items()))
    assert dict(tar.files(written, "a.tar")) == named


@given(st.lists(st.text(alphabet="ab*?[]^!/\\-.&|~ ", max_size=8), max_size=4), PATHS)
def test_any_rules(lines: list[str], path: str) -> None:
    try:
        rules = helmignore.parse("\n".join(lines).encode(), ".helmignore")
    except ChartError:
        return
    assert helmignore.ignored(rules, path, False) in (True, False)


def test_a_pax_record_counts_its_own_digits() -> None:
    for length in [*range(100, 1010)]:
        name = "n" * length
        assert list(tar.files(tar.write([(name, b"x")]), "a.tar")) == [(name, b"x")]


def test_the_sound_chart_is_read() -> None:
    assert archive.unpack(archive._wrap(TAR), "a.tgz") == chart_files()
