import hashlib
from collections.abc import Iterator

import pytest

from gitops.errors import RegistryError
from gitops.sources.charts import http
from gitops.sources.charts.http import Listed
from gitops.sources.charts.wire import Limits
from tests.unit.sources.charts import chart_archive, index
from tests.unit.sources.fake_registry import Answer, FakeRegistry

QUICK = Limits(attempts=2, connect=2, read=0.5, total=3, pause=0.001, longest_pause=0.05)


@pytest.fixture
def server() -> Iterator[FakeRegistry]:
    with FakeRegistry() as made:
        yield made


def repository(server: FakeRegistry, text: bytes) -> http.Repository:
    server.answer("/stable/index.yaml", Answer(200, text))
    return http.Repository(f"http://{server.host}/stable", QUICK)


def test_addresses_are_relative_to_the_index(server: FakeRegistry) -> None:
    entries = [
        {"version": "1.0.0", "url": "app-1.0.0.tgz", "digest": "aa"},
        {"version": "2.0.0", "url": "charts/app-2.0.0.tgz", "digest": "sha256:bb"},
        {"version": "3.0.0", "url": "/app-3.0.0.tgz"},
        {"version": "4.0.0", "url": "https://cdn.example/app-4.0.0.tgz"},
        {"version": "5.0.0", "url": "oci://registry.example/app:5.0.0"},
    ]
    base = f"http://{server.host}"
    assert repository(server, index("app", entries)).listed("app") == {
        "1.0.0": Listed("1.0.0", f"{base}/stable/app-1.0.0.tgz", "aa"),
        "2.0.0": Listed("2.0.0", f"{base}/stable/charts/app-2.0.0.tgz", "bb"),
        "3.0.0": Listed("3.0.0", f"{base}/app-3.0.0.tgz", ""),
        "4.0.0": Listed("4.0.0", "https://cdn.example/app-4.0.0.tgz", ""),
        "5.0.0": Listed("5.0.0", "oci://registry.example/app:5.0.0", ""),
    }


def test_the_index_is_fetched_once(server: FakeRegistry) -> None:
    made = repository(server, index("app", [{"version": "1.0.0", "url": "a.tgz"}]))
    made.listed("app")
    made.listed("app")
    assert server.paths == ["/stable/index.yaml"]


@pytest.mark.parametrize(
    "text",
    [
        b'{"entries": {"app": [{"version": "1.0.0", "urls": ["a.tgz"]}]}}',
        b"entries:\n    app:\n        - version: 1.0.0\n          urls: [a.tgz]\n",
        b"entries:\n  'app':\n  - {version: 1.0.0, urls: [a.tgz]}\n",
        b"entries:\n  app: [{version: 1.0.0, urls: [a.tgz]}]\n  z: []\n",
        b"entries:\n  a:\n  - &x {version: 1.0.0, urls: [a.tgz]}\n  app:\n  - *x\n",
        b"""entries:

  # app:
  b:
  - {version: '9', urls: [b]}
  app:

# comment
  - version: 1.0.0
    description: |
      x

      app:
      \ty
    urls:
    - a.tgz
    n: 1
  # comment
  - {version: bad}
  - {version: worse, urls: ["http://["]}
  - 7
  c: []
generated: x
""",
    ],
)
def test_any_way_of_writing_an_index_reads_alike(server: FakeRegistry, text: bytes) -> None:
    listed = repository(server, text).listed("app")
    assert listed == {"1.0.0": Listed("1.0.0", f"http://{server.host}/stable/a.tgz", "")}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"<html>", "is not the index of charts: it has no entries"),
        (b"entries: [", "is not the index of charts: "),
        (b"", "is not the index of charts: it has no entries"),
        (b"entries:\n  other: []\n", "has no chart 'app'; check the name and the address"),
        (b"entries: {app: 1}\n", "has no chart 'app'; check the name and the address"),
    ],
)
def test_what_is_no_index_is_an_error(server: FakeRegistry, text: bytes, message: str) -> None:
    with pytest.raises(RegistryError, match=message):
        repository(server, text).listed("app")


def test_an_index_that_is_not_there_is_an_error(server: FakeRegistry) -> None:
    with pytest.raises(RegistryError, match=r"/index\.yaml answered 404; check the address"):
        http.Repository(f"http://{server.host}", QUICK).listed("app")


def test_an_archive_must_have_the_digest_of_the_index(server: FakeRegistry) -> None:
    digest = hashlib.sha256(chart_archive()).hexdigest()
    server.answer("/a.tgz", Answer(200, chart_archive()))
    made = repository(server, b"")
    url = f"http://{server.host}/a.tgz"
    assert made.archive(Listed("1.0.0", url, digest)) == chart_archive()
    assert made.archive(Listed("1.0.0", url, "")) == chart_archive()
    with pytest.raises(RegistryError) as error:
        made.archive(Listed("1.0.0", url, "ab"))
    assert str(error.value) == (
        f"{url} has the SHA-256 {digest}, but the index of its repository promises ab: "
        "it was damaged on the way, or replaced"
    )
