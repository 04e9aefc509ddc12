import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from gitops.errors import ChartError, RegistryError, UsageError
from gitops.model.chart import StoredChart
from gitops.sources.charts import archive, keep
from gitops.sources.charts.pull import Failed, Puller
from gitops.sources.charts.store import Store
from gitops.sources.charts.wire import Limits
from tests.unit.sources.charts import chart_archive, chart_files, index
from tests.unit.sources.fake_registry import Answer, FakeRegistry

QUICK = Limits(attempts=2, connect=2, read=0.5, total=3, pause=0.001, longest_pause=0.05)


@pytest.fixture(autouse=True)
def _no_login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/nowhere")


@pytest.fixture
def server() -> Iterator[FakeRegistry]:
    with FakeRegistry() as made:
        yield made


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "store"))


def puller(store: Store) -> Puller:
    return Puller(store, QUICK, {"HOME": "/nowhere"})


def serve(server: FakeRegistry, *versions: str) -> str:
    """An HTTP repository with a chart in these versions; gives the chart's address."""
    entries = [
        {"version": version, "url": f"app-{version}.tgz", "digest": ""} for version in versions
    ]
    server.answer("/index.yaml", Answer(200, index("app", entries)))
    for version in versions:
        server.answer(f"/app-{version}.tgz", Answer(200, chart_archive("app", version)))
    return f"http://{server.host}/app"


def test_a_chart_comes_from_an_http_repository(server: FakeRegistry, store: Store) -> None:
    address = serve(server, "1.2.3", "2.0.0")
    made = puller(store)
    assert made.versions(address) == ("1.2.3", "2.0.0")
    pulled = made.pull(address, "1.2.3")
    assert pulled == store.find(address, "1.2.3")
    assert pulled.digest == archive.digest(chart_files())
    assert pulled.origin_digest == f"sha256:{hashlib.sha256(chart_archive()).hexdigest()}"
    assert (pulled.version, pulled.app_version) == ("1.2.3", "4.5")


def test_a_chart_comes_from_an_oci_registry(server: FakeRegistry, store: Store) -> None:
    address = f"oci://{server.host}/team/app"
    digest = server.push("team/app", "latest", chart_archive())
    server.answer("/v2/team/app/tags/list", Answer(200, b'{"tags": ["latest"]}'))
    assert puller(store).versions(address) == ("latest",)
    pulled = puller(store).pull(address, "latest")
    assert (pulled.version, pulled.origin_digest) == ("1.2.3", digest)
    assert {store.find(address, each) for each in ("latest", "1.2.3", digest)} == {pulled}


def test_one_chart_has_one_digest_wherever_it_comes_from(
    server: FakeRegistry, store: Store
) -> None:
    server.push("team/app", "1.2.3", chart_archive())
    one = puller(store).pull(serve(server, "1.2.3"), "1.2.3")
    other = puller(store).pull(f"oci://{server.host}/team/app", "1.2.3")
    assert (one.digest, one.path) == (other.digest, other.path)


def test_an_index_may_point_into_a_registry(server: FakeRegistry, store: Store) -> None:
    server.push("team/app", "1.2.3", chart_archive())
    entry = {"version": "1.2.3", "url": f"oci://{server.host}/team/app:1.2.3"}
    server.answer("/index.yaml", Answer(200, index("app", [entry])))
    pulled = puller(store).pull(f"http://{server.host}/app", "1.2.3")
    assert pulled == store.find(f"http://{server.host}/app", "1.2.3")


def test_a_version_that_is_not_there_names_those_that_are(
    server: FakeRegistry, store: Store
) -> None:
    address = serve(server, "1.2.3", "2.0.0")
    with pytest.raises(RegistryError) as error:
        puller(store).pull(address, "3.0.0")
    assert str(error.value) == f"{address} has no version '3.0.0'; it has 2.0.0, 1.2.3"


def test_an_archive_that_is_no_chart_is_refused_and_not_kept(
    server: FakeRegistry, store: Store
) -> None:
    address = serve(server, "1.2.3")
    server.answer("/app-1.2.3.tgz", Answer(200, b"<html>"))
    with pytest.raises(ChartError, match=r"/app-1\.2\.3\.tgz is not a gzip archive"):
        puller(store).pull(address, "1.2.3")
    assert keep.listing(store) == ()


def test_what_is_no_address_is_refused(store: Store) -> None:
    with pytest.raises(UsageError, match=r"^'app' is not the address of a chart"):
        puller(store).pull("app", "1.2.3")
    with pytest.raises(UsageError, match=r"^'app' is not the address of a chart"):
        puller(store).versions("app")


def test_many_charts_come_in_the_order_asked_for(server: FakeRegistry, store: Store) -> None:
    address = serve(server, "1.0.0", "2.0.0")
    registry = f"oci://{server.host}/team/app"
    server.push("team/app", "3.0.0", chart_archive("app", "3.0.0"))
    heard: list[object] = []
    wanted = [(address, "2.0.0"), (registry, "3.0.0"), (address, "9.9.9"), (address, "1.0.0")]
    outcomes = puller(store).pull_all(wanted, told=heard.append)
    assert outcomes == (
        store.find(address, "2.0.0"),
        store.find(registry, "3.0.0"),
        Failed(address, "9.9.9", f"{address} has no version '9.9.9'; it has 2.0.0, 1.0.0"),
        store.find(address, "1.0.0"),
    )
    assert all(isinstance(outcomes[each], StoredChart) for each in (0, 1, 3))
    assert sorted(map(repr, heard)) == sorted(map(repr, outcomes))
    assert server.paths.count("/index.yaml") == 1


def test_what_is_here_at_an_exact_version_is_not_fetched(
    server: FakeRegistry, store: Store
) -> None:
    wanted = [(serve(server, "1.2.3"), "1.2.3")]
    (held,) = puller(store).pull_all(wanted)
    seen = len(server.asked)
    assert puller(store).pull_all(wanted) == (held,)
    assert len(server.asked) == seen
    assert puller(store).pull_all(wanted, again=True) == (held,)
    assert len(server.asked) == seen + 2


def test_a_damaged_chart_is_fetched_again(server: FakeRegistry, store: Store) -> None:
    wanted = [(serve(server, "1.2.3"), "1.2.3")]
    (held,) = puller(store).pull_all(wanted)
    assert isinstance(held, StoredChart)
    Path(held.path).write_bytes(bytes(Path(held.path).stat().st_size))
    assert puller(store).pull_all(wanted) == (held,)
    assert store.intact(held)


def test_a_tag_that_moves_is_always_fetched(server: FakeRegistry, store: Store) -> None:
    wanted = [(f"oci://{server.host}/team/app", "latest")]
    server.push("team/app", "latest", chart_archive("app", "1.0.0"))
    puller(store).pull_all(wanted)
    server.push("team/app", "latest", chart_archive("app", "2.0.0"))
    (moved,) = puller(store).pull_all(wanted)
    assert isinstance(moved, StoredChart)
    assert moved.version == "2.0.0"


def test_a_cache_that_cannot_be_written_is_an_outcome(
    server: FakeRegistry, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "store").write_bytes(b"")
    (outcome,) = puller(store).pull_all([(serve(server, "1.2.3"), "1.2.3")])
    assert isinstance(outcome, Failed)
    assert "cannot be written: " in outcome.reason


def test_nothing_asked_for_gives_nothing(store: Store) -> None:
    assert puller(store).pull_all([]) == ()
