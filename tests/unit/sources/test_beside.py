"""Work in a copy of the process: its result, and what happens where the copy comes to grief."""

import os
import threading

import pytest

from gitops.sources import beside


@pytest.fixture
def spare(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if nothing else ran here, and a second processor were free."""
    if not hasattr(os, "fork"):
        pytest.skip("this system has no copies of processes")
    monkeypatch.setattr(beside, "_may_fork", lambda: True)


@pytest.mark.usefixtures("spare")
def test_work_goes_on_in_another_process() -> None:
    result = beside.begin(lambda: str(os.getpid()).encode())
    assert result() not in (b"", str(os.getpid()).encode())


@pytest.mark.usefixtures("spare")
def test_a_result_may_be_larger_than_a_pipe_holds() -> None:
    assert beside.begin(lambda: b"a" * 1_000_000)() == b"a" * 1_000_000


@pytest.mark.usefixtures("spare")
def test_work_that_fails_in_the_copy_is_done_again_and_tells_why() -> None:
    def work() -> bytes:
        raise LookupError("not there")

    result = beside.begin(work)
    with pytest.raises(LookupError, match="not there"):
        result()


@pytest.mark.usefixtures("spare")
def test_a_copy_that_is_ended_is_not_missed() -> None:
    first = os.getpid()

    def work() -> bytes:
        if os.getpid() != first:
            os._exit(9)
        return b"done here"

    assert beside.begin(work)() == b"done here"


def test_beside_other_threads_nothing_is_copied() -> None:
    until = threading.Event()
    other = threading.Thread(target=until.wait)
    other.start()
    try:
        result = beside.begin(lambda: str(os.getpid()).encode())
        assert result() == str(os.getpid()).encode()
    finally:
        until.set()
        other.join()
