"""What the words of programs mean."""

import pytest

from gitops.bootstrap import verdict
from gitops.bootstrap.verdict import Done, Fatal, Retry
from gitops.sources.process import Ended

LATER = {
    "talosctl": (
        "error executing bootstrap: rpc error: code = FailedPrecondition desc = bootstrap is not "
        "available yet",
        "error executing bootstrap: rpc error: code = FailedPrecondition desc = time is not in "
        "sync yet",
    ),
    "kubectl": (
        "The connection to the server 10.25.11.11:6443 was refused - did you specify the right "
        "host or port?",
        "Unable to connect to the server: dial tcp 10.25.11.11:6443: i/o timeout",
        "error: timed out waiting for the condition on nodes/infra-01",
        "Error from server: etcdserver: request timed out",
    ),
    "helmfile": ("Error: Kubernetes cluster unreachable: connect: connection refused",),
}
ALREADY = (
    "error executing bootstrap: rpc error: code = AlreadyExists desc = etcd data directory is not "
    "empty",
    "error applying new configuration: rpc error: code = Unavailable desc = connection error: desc "
    '= "error reading server preface: remote error: tls: certificate required"',
)


@pytest.mark.parametrize(
    ("program", "words"), [(each, words) for each, all in LATER.items() for words in all]
)
def test_what_may_work_later_is_tried_again(program: str, words: str) -> None:
    assert verdict.of_command(program, Ended(1, b"", f"{words}\n")) == Retry(words)


@pytest.mark.parametrize("words", ALREADY)
def test_what_was_done_before_is_done(words: str) -> None:
    assert verdict.of_command("talosctl", Ended(1, b"", f"{words}\n")) == Done()


def test_what_nobody_knows_stops_a_command_and_not_a_probe() -> None:
    ended = Ended(3, b"", "something new\n")
    assert verdict.of_command("kubectl", ended) == Fatal("something new")
    assert verdict.of_probe("kubectl", ended) == Retry("something new")


def test_somebody_elses_certificate_is_never_waited_for() -> None:
    words = (
        "Unable to connect to the server: tls: failed to verify certificate: x509: certificate "
        "signed by unknown authority"
    )
    found = verdict.of_probe("kubectl", Ended(1, b"", f"{words}\n"))
    assert isinstance(found, Fatal)
    assert found.remedy.startswith("somebody else answers")


def test_of_many_lines_the_error_is_told() -> None:
    text = 'error: no matches for kind "FluxInstance" in version "v1"\nensure CRDs are installed\n'
    found = verdict.of_command("kubectl", Ended(1, b"", text))
    assert found == Retry('error: no matches for kind "FluxInstance" in version "v1"')


def test_a_program_without_a_word_is_told_by_its_code() -> None:
    assert verdict.of_command("op", Ended(9, b"", "")) == Fatal("op ended with 9")
