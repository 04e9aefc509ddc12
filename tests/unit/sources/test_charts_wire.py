import gzip
import socket
import time
from collections.abc import Iterator

import pytest

from gitops.errors import RegistryError
from gitops.sources.charts import wire
from gitops.sources.charts.wire import Limits
from tests.unit.sources.fake_registry import Answer, FakeRegistry

QUICK = Limits(attempts=3, connect=2, read=0.3, total=2, pause=0.5, longest_pause=20, largest=1000)


@pytest.fixture
def registry() -> Iterator[FakeRegistry]:
    with FakeRegistry() as made:
        yield made


def get(registry: FakeRegistry, slept: list[float] | None = None, limits: Limits = QUICK) -> bytes:
    waits: list[float] = [] if slept is None else slept
    return wire.get(wire.session(limits, waits.append), f"http://{registry.host}/x?secret=1")


def test_a_body_is_given_as_it_is(registry: FakeRegistry) -> None:
    registry.answer("/x?secret=1", Answer(200, b"body"))
    assert get(registry) == b"body"


def test_redirects_are_followed(registry: FakeRegistry) -> None:
    registry.answer("/x?secret=1", Answer(302, b"", {"Location": "/y"}))
    registry.answer("/y", Answer(200, b"body"))
    assert get(registry) == b"body"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_pass_is_asked_again_after_longer_pauses(
    registry: FakeRegistry, status: int
) -> None:
    slept: list[float] = []
    registry.answer("/x?secret=1", Answer(status), Answer(status), Answer(200, b"body"))
    assert get(registry, slept, Limits(total=60)) == b"body"
    assert slept == [0.5, 1.0]


def test_a_registry_is_waited_for_as_long_as_it_asks(registry: FakeRegistry) -> None:
    slept: list[float] = []
    answer = Answer(429, b"", {"Retry-After": "7"})
    registry.answer("/x?secret=1", answer, Answer(200, b"body"))
    assert get(registry, slept, Limits(total=60)) == b"body"
    assert slept == [7]


@pytest.mark.parametrize("asked", ["3600", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_registry_that_asks_for_too_much_is_not_waited_for(
    registry: FakeRegistry, asked: str
) -> None:
    registry.answer("/x?secret=1", Answer(429, b"", {"Retry-After": asked}))
    with pytest.raises(RegistryError) as error:
        get(registry)
    assert str(error.value) == (
        f"http://{registry.host}/x answered 429; "
        "it wants fewer requests: try again later, or log in"
    )
    assert len(registry.asked) == 1


def test_attempts_are_bounded(registry: FakeRegistry) -> None:
    registry.answer("/x?secret=1", Answer(503, b"", {"Retry-After": "nonsense"}))
    with pytest.raises(RegistryError, match=r"/x answered 503; try again later$"):
        get(registry, limits=Limits(total=60))
    assert len(registry.asked) == 3


@pytest.mark.parametrize("status", [400, 401, 404, 410])
def test_what_will_not_pass_is_asked_once(registry: FakeRegistry, status: int) -> None:
    registry.answer("/x?secret=1", Answer(status))
    with pytest.raises(RegistryError, match=f"/x answered {status}; "):
        get(registry)
    assert len(registry.asked) == 1


def test_a_body_that_is_cut_off_is_fetched_again(registry: FakeRegistry) -> None:
    registry.answer("/x?secret=1", Answer(200, b"bo", cut=2), Answer(200, b"body"))
    assert get(registry) == b"body"


def test_a_body_that_is_always_cut_off_is_an_error(registry: FakeRegistry) -> None:
    registry.answer("/x?secret=1", Answer(200, b"bo", cut=2))
    with pytest.raises(RegistryError, match=r"/x did not answer as HTTP says: .*2 more expected"):
        get(registry, limits=Limits(total=60))
    assert len(registry.asked) == 3


def test_a_body_beyond_the_limit_is_an_error_at_once(registry: FakeRegistry) -> None:
    registry.answer("/x?secret=1", Answer(200, bytes(1001)))
    with pytest.raises(RegistryError, match=r"/x: the answer is larger than 1000 bytes$"):
        get(registry)
    assert len(registry.asked) == 1


def test_a_registry_that_says_nothing_is_an_error_in_time(registry: FakeRegistry) -> None:
    registry.answer("/x?secret=1", Answer(200, b"", wait=1))
    started = time.monotonic()
    with pytest.raises(RegistryError) as error:
        get(registry, limits=Limits(attempts=2, read=0.1, total=5, pause=0.01))
    assert time.monotonic() - started < 1
    assert str(error.value) == (
        f"http://{registry.host}/x did not answer in time; try again, "
        "or bring the chart with `gitops charts import`"
    )


def test_a_registry_that_drips_is_an_error_in_time(registry: FakeRegistry) -> None:
    registry.answer("/x?secret=1", Answer(200, bytes(100), drip=True))
    started = time.monotonic()
    with pytest.raises(RegistryError, match=r"/x did not answer in time"):
        get(registry, limits=Limits(attempts=2, read=1, total=0.3, pause=0.01))
    assert time.monotonic() - started < 2


def test_a_registry_out_of_reach_is_an_error_with_the_reason() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    slept: list[float] = []
    with pytest.raises(RegistryError) as error:
        wire.get(wire.session(QUICK, slept.append), f"http://127.0.0.1:{port}/x")
    assert str(error.value) == (
        f"http://127.0.0.1:{port}/x cannot be reached: Connection refused; try again, "
        "or bring the chart with `gitops charts import`"
    )
    assert slept == [0.5, 1.0]


def test_a_certificate_that_cannot_be_trusted_is_an_error_at_once(registry: FakeRegistry) -> None:
    with pytest.raises(RegistryError, match=r"cannot be trusted: .*; try again"):
        wire.get(wire.session(QUICK), f"https://{registry.host}/x")


def test_a_compressed_body_is_given_plain_and_measured_plain(registry: FakeRegistry) -> None:
    encoded = {"Content-Encoding": "gzip"}
    registry.answer("/x?secret=1", Answer(200, gzip.compress(bytes(1000)), encoded))
    assert get(registry) == bytes(1000)
    registry.answer("/x?secret=1", Answer(200, gzip.compress(bytes(1_000_000)), encoded))
    with pytest.raises(RegistryError, match=r"larger than 1000 bytes$"):
        get(registry)


def test_one_connection_serves_many_requests(registry: FakeRegistry) -> None:
    registry.keep_alive = True
    registry.answer("/x?secret=1", Answer(200, b"body"))
    session = wire.session(QUICK)
    for _ in range(3):
        wire.get(session, f"http://{registry.host}/x?secret=1")
    assert registry.connections == 1
    session.close()
