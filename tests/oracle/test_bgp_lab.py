"""The router's policy on FRR against six GoBGP nodes, from the facts of our own estate.

Needs root and Debian's packages frr and gobgpd.
"""

from collections.abc import Iterator

import msgspec
import pytest

from bench.bgp import lab
from bench.bgp.lab import Lab
from bench.bgp.measuring import Trial
from gitops.estate import loading
from gitops.network import bgp
from gitops.sources.disk import DiskTree
from tests.architecture import project

pytestmark = pytest.mark.oracle

RESTART = 8
"""Seconds; those of the facts would let every run wait for a minute."""


@pytest.fixture(scope="module")
def trial() -> Iterator[Trial]:
    """A lab with all sessions up."""
    reason = lab.missing()
    if reason:
        pytest.skip(reason)
    loaded, wrong = loading.load(DiskTree(str(project.ROOT)))
    assert loaded is not None
    assert wrong == ()
    speaker = msgspec.structs.replace(bgp.of(loaded.estate), restart_time=RESTART)
    with Lab(speaker) as running:
        begun = Trial(running)
        begun.sessions()
        yield begun


@pytest.mark.parametrize(
    "step",
    [
        "shared",
        "foreign",
        "nothing_told",
        "wrong_password",
        "gone",
        "unplugged",
        "plugged",
        "silent",
        "crashed",
        "flooded",
    ],
)
def test_the_router_does_what_the_facts_promise(trial: Trial, step: str) -> None:
    """Each step raises when something does not happen, or happens that must not."""
    row = getattr(trial, step)()
    assert row.kept, row


def test_a_filter_that_is_left_out_lets_the_hijack_through() -> None:
    """The lab sees what it is there for: with the other cluster's pool, `foreign` fails."""
    reason = lab.missing()
    if reason:
        pytest.skip(reason)
    loaded, _ = loading.load(DiskTree(str(project.ROOT)))
    assert loaded is not None
    speaker = bgp.of(loaded.estate)
    first, second = speaker.groups
    wide = msgspec.structs.replace(second, pool=first.pool.supernet(new_prefix=16))
    assert wide.pool.supernet_of(second.pool)
    opened = msgspec.structs.replace(speaker, groups=(first, wide))
    with Lab(opened) as running:
        begun = Trial(running)
        begun.sessions()
        begun.shared()
        with pytest.raises(lab.Missed, match="took"):
            begun.foreign()
