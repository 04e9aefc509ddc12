import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from gitops.errors import RegistryError
from gitops.sources.charts import oci
from gitops.sources.charts.wire import Limits
from tests.unit.sources.charts import chart_archive
from tests.unit.sources.fake_registry import Answer, FakeRegistry

NAME = "team/app"
QUICK = Limits(attempts=3, connect=2, read=0.5, total=3, pause=0.001, longest_pause=0.05)


@pytest.fixture(autouse=True)
def _no_login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/nowhere")


@pytest.fixture
def registry() -> Iterator[FakeRegistry]:
    with FakeRegistry() as made:
        yield made


def repository(registry: FakeRegistry, home: str = "/nowhere") -> oci.Repository:
    return oci.Repository(f"{registry.host}/{NAME}", QUICK, {"HOME": home})


def log_in(home: Path, registry: FakeRegistry, text: str) -> None:
    registry.login = text
    (home / ".docker").mkdir()
    auth = registry._basic().removeprefix("Basic ")
    config = {"auths": {registry.host: {"auth": auth}}}
    (home / ".docker/config.json").write_text(json.dumps(config))


def test_a_chart_is_fetched_by_version(registry: FakeRegistry) -> None:
    digest = registry.push(NAME, "1.2.3", chart_archive())
    assert repository(registry).fetch("1.2.3") == oci.Fetched(chart_archive(), digest)
    assert registry.paths[0] == "/v2/team/app/manifests/1.2.3"
    assert "application/vnd.oci.image.manifest.v1+json" in registry.asked[0].accept


def test_a_plus_is_an_underscore_in_tags(registry: FakeRegistry) -> None:
    registry.push(NAME, "1.2.3_build", chart_archive())
    registry.answer(f"/v2/{NAME}/tags/list", Answer(200, b'{"tags": ["1.2.3_build", "2.0.0"]}'))
    assert repository(registry).fetch("1.2.3+build").archive == chart_archive()
    assert repository(registry).tags() == ("1.2.3+build", "2.0.0")


def test_a_chart_is_fetched_by_digest(registry: FakeRegistry) -> None:
    digest = registry.push(NAME, "1.2.3", chart_archive())
    assert repository(registry).fetch(digest).digest == digest


def test_tags_are_read_page_by_page_without_signatures(registry: FakeRegistry) -> None:
    signature = f"sha256-{'a' * 64}.sig"
    first = f"/v2/{NAME}/tags/list"
    link = {"Link": f'<{first}?last=1.0.0>; rel="next"'}
    registry.answer(first, Answer(200, b'{"tags": ["1.0.0"]}', link))
    body = json.dumps({"tags": ["2.0.0", signature]}).encode()
    registry.answer(f"{first}?last=1.0.0", Answer(200, body))
    assert repository(registry).tags() == ("1.0.0", "2.0.0")


def test_pages_without_end_are_an_error(
    registry: FakeRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gitops.sources.charts.wire._MOST_REQUESTS", 5)
    path = f"/v2/{NAME}/tags/list"
    registry.answer(path, Answer(200, b'{"tags": ["1.0.0"]}', {"Link": f'<{path}>; rel="next"'}))
    with pytest.raises(RegistryError, match=r"one page after another without end"):
        repository(registry).tags()
    assert len(registry.asked) == 5


def test_a_token_is_fetched_when_the_registry_asks_for_one(registry: FakeRegistry) -> None:
    registry.push(NAME, "1.2.3", chart_archive())
    registry.token = "anonymous"
    assert repository(registry).fetch("1.2.3").archive == chart_archive()
    assert registry.paths[:3] == [
        "/v2/team/app/manifests/1.2.3",
        "/token?service=fake&scope=pull",
        "/v2/team/app/manifests/1.2.3",
    ]
    # The blob comes with the token at once.
    assert len(registry.asked) == 4
    assert registry.asked[3].authorization == "Bearer anonymous"


def test_the_token_is_fetched_with_the_login_of_docker(
    registry: FakeRegistry, tmp_path: Path
) -> None:
    registry.push(NAME, "1.2.3", chart_archive())
    registry.token = "personal"
    log_in(tmp_path, registry, "user:word")
    assert repository(registry, str(tmp_path)).fetch("1.2.3").archive == chart_archive()


def test_a_login_is_sent_itself_where_the_registry_wants_that(
    registry: FakeRegistry, tmp_path: Path
) -> None:
    registry.push(NAME, "1.2.3", chart_archive())
    registry.token, registry.challenge = "unused", "Basic"
    log_in(tmp_path, registry, "user:word")
    assert repository(registry, str(tmp_path)).fetch("1.2.3").archive == chart_archive()
    assert not [path for path in registry.paths if path.startswith("/token")]


@pytest.mark.parametrize("challenge", ["Bearer", "Basic", "Digest"])
def test_no_access_says_how_to_log_in(registry: FakeRegistry, challenge: str) -> None:
    registry.push(NAME, "1.2.3", chart_archive())
    registry.token, registry.login, registry.challenge = "personal", "user:word", challenge
    with pytest.raises(RegistryError) as error:
        repository(registry).fetch("1.2.3")
    assert str(error.value) == (
        f"http://{registry.host}/v2/team/app/manifests/1.2.3 answered 401; log in with "
        "`docker login` for OCI registries, or use ~/.netrc for others"
    )


def test_credentials_that_cannot_be_read_are_named(registry: FakeRegistry, tmp_path: Path) -> None:
    (tmp_path / ".docker").mkdir()
    (tmp_path / ".docker/config.json").write_text("{")
    with pytest.raises(RegistryError, match=r"config\.json cannot be read: Expecting property"):
        repository(registry, str(tmp_path))


def test_what_is_not_there_says_what_to_check(registry: FakeRegistry) -> None:
    with pytest.raises(RegistryError) as error:
        repository(registry).fetch("9.9.9")
    assert str(error.value) == (
        f"http://{registry.host}/v2/team/app/manifests/9.9.9 answered 404; "
        "check the address and the version"
    )
    assert len(registry.asked) == 1


def test_another_manifest_than_the_one_asked_for_is_refused(registry: FakeRegistry) -> None:
    registry.push(NAME, "1.2.3", chart_archive())
    wanted = f"sha256:{'a' * 64}"
    other = registry._answers[f"/v2/{NAME}/manifests/1.2.3"][0]
    registry.answer(f"/v2/{NAME}/manifests/{wanted}", other)
    with pytest.raises(RegistryError, match=f"app:{wanted}: the registry answers with sha256:"):
        repository(registry).fetch(wanted)


def test_another_archive_than_the_manifest_names_is_refused(registry: FakeRegistry) -> None:
    registry.push(NAME, "1.2.3", chart_archive())
    (blob,) = [path for path in registry._answers if "/blobs/" in path]
    registry.answer(blob, Answer(200, b"something else"))
    with pytest.raises(RegistryError, match=r"app:1\.2\.3: the archive was damaged on the way"):
        repository(registry).fetch("1.2.3")


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (b"junk", "is not an artifact with layers, so it is no chart"),
        (b"[]", "is not an artifact with layers, so it is no chart"),
        (b'{"manifests": []}', "is not an artifact with layers, so it is no chart"),
        (b'{"layers": []}', "is no chart: it holds nothing"),
        (b'{"layers": [{"mediaType": "a/b", "digest": "sha256:1"}]}', "no chart: it holds a/b"),
    ],
)
def test_an_artifact_that_is_no_chart_is_refused(
    registry: FakeRegistry, manifest: bytes, message: str
) -> None:
    registry.answer(f"/v2/{NAME}/manifests/1.2.3", Answer(200, manifest))
    with pytest.raises(RegistryError, match=message):
        repository(registry).fetch("1.2.3")


@pytest.mark.parametrize(
    "media_type", ["application/tar+gzip", "application/vnd.oci.image.layer.v1.tar+gzip"]
)
def test_archives_of_other_tools_are_taken(registry: FakeRegistry, media_type: str) -> None:
    registry.push(NAME, "1.2.3", chart_archive(), media_type)
    assert repository(registry).fetch("1.2.3").archive == chart_archive()


def test_hosts_are_known_with_and_without_a_port() -> None:
    made = {
        host: oci.Repository(f"{host}/a/b", QUICK, {"HOME": "/nowhere"})._where.manifest_url("1")
        for host in ("registry.example", "localhost", "docker.io", "host:5000")
    }
    assert made == {
        "registry.example": "registry.example/v2/a/b/manifests/1",
        "localhost": "localhost:80/v2/a/b/manifests/1",
        "docker.io": "registry-1.docker.io/v2/a/b/manifests/1",
        "host:5000": "host:5000/v2/a/b/manifests/1",
    }


def test_only_loopback_is_asked_without_tls() -> None:
    schemes = {
        host: oci.Repository(f"{host}/a", QUICK, {"HOME": "/nowhere"})._registry.prefix
        for host in ("localhost:5000", "127.0.0.1", "registry.example", "127.evil.example")
    }
    assert schemes == {
        "localhost:5000": "http",
        "127.0.0.1": "http",
        "registry.example": "https",
        "127.evil.example": "https",
    }
