from pathlib import Path

import pytest

from gitops.errors import ChartError, UsageError
from gitops.sources.charts import archive, keep
from gitops.sources.charts.store import Store
from tests.unit.sources.charts import chart_archive, chart_files

ADDRESS = "oci://registry.example/team/app"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "store"))


def folder(root: Path) -> str:
    for path, content in chart_files().items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    return str(root)


def test_a_folder_and_its_archive_are_the_same_chart(tmp_path: Path, store: Store) -> None:
    (tmp_path / "a.tgz").write_bytes(chart_archive())
    one = keep.import_chart(folder(tmp_path / "c"), ADDRESS, store)
    other = keep.import_chart(str(tmp_path / "a.tgz"), f"{ADDRESS}/", store)
    assert one == other == store.find(ADDRESS, "1.2.3")
    assert (one.version, one.app_version, one.origin_digest) == ("1.2.3", "4.5", "")
    assert one.digest == archive.digest(chart_files())


def test_an_address_that_ends_differently_is_refused(tmp_path: Path, store: Store) -> None:
    path = folder(tmp_path / "c")
    with pytest.raises(UsageError) as error:
        keep.import_chart(path, "oci://registry.example/team", store)
    assert str(error.value) == (
        f"{path} is the chart 'app', but oci://registry.example/team ends differently; "
        "if it stands for oci://registry.example/team/app, say so"
    )


def test_what_is_no_address_is_refused(tmp_path: Path, store: Store) -> None:
    with pytest.raises(UsageError, match=r"^'app' is not the address of a chart"):
        keep.import_chart(folder(tmp_path / "c"), "app", store)


def test_what_is_no_chart_is_refused_by_name(tmp_path: Path, store: Store) -> None:
    (tmp_path / "values.yaml").write_bytes(b"a: 1\n")
    with pytest.raises(ChartError, match=r"values\.yaml is not a gzip archive"):
        keep.import_chart(str(tmp_path / "values.yaml"), ADDRESS, store)
    with pytest.raises(ChartError, match=r"nothing cannot be read: No such file"):
        keep.import_chart(str(tmp_path / "nothing"), ADDRESS, store)
    with pytest.raises(ChartError, match=r"holds no Chart\.yaml: it is not a chart"):
        keep.import_chart(str(tmp_path), ADDRESS, store)
    assert keep.listing(store) == ()


def test_the_listing_names_every_chart_once_with_its_references(store: Store) -> None:
    first = keep.keep(ADDRESS, chart_files(), "c", store, "sha256:" + "b" * 64, "latest")
    second = keep.keep("https://charts.example/app", chart_files("app", "2.0.0"), "c", store)
    assert keep.listing(store) == (
        keep.Held(second, (), Path(second.path).stat().st_size),
        keep.Held(first, ("latest",), Path(first.path).stat().st_size),
    )


def test_a_reference_that_moved_on_is_listed_with_its_new_chart_alone(store: Store) -> None:
    keep.keep(ADDRESS, chart_files("app", "1.0.0"), "c", store, "", "latest")
    keep.keep(ADDRESS, chart_files("app", "2.0.0"), "c", store, "", "latest")
    held = [(each.chart.version, each.references) for each in keep.listing(store)]
    assert held == [("1.0.0", ()), ("2.0.0", ("latest",))]


def test_verification_finds_what_is_damaged_and_what_is_gone(store: Store) -> None:
    sound, damaged, gone = (
        keep.keep(ADDRESS, chart_files("app", version), "c", store)
        for version in ("1.0.0", "2.0.0", "3.0.0")
    )
    assert keep.verify(store) == ()
    Path(damaged.path).write_bytes(b"junk")
    Path(gone.path).unlink()
    assert keep.verify(store) == (
        keep.Damage(damaged, "its archive is damaged; pull or import it again"),
        keep.Damage(gone, "its archive is gone; pull or import it again"),
    )
    assert [held.chart for held in keep.listing(store)] == [sound]
