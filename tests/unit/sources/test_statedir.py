"""What this machine keeps of a cluster, and the right to work on it."""

import os
import subprocess
from pathlib import Path

import pytest

from gitops.errors import ToolError
from gitops.sources import statedir
from gitops.sources.programs import Programs


def test_a_journal_is_what_was_saved_last(tmp_path: Path) -> None:
    kept = statedir.Journal(str(tmp_path), "plan")
    assert kept.load() is None
    kept.save(b"one")
    kept.save(b"two")
    assert kept.load() == b"two"
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]


def test_a_journal_is_nobody_elses(tmp_path: Path) -> None:
    kept = statedir.Journal(str(tmp_path), "plan")
    kept.save(b"one")
    assert os.stat(kept.path).st_mode & 0o077 == 0


def test_nobody_else_begins_while_work_goes_on(tmp_path: Path) -> None:
    statedir.make(str(tmp_path / "state"))
    held = statedir.lock(str(tmp_path / "state"))
    with pytest.raises(ToolError, match="somebody works on this cluster"):
        statedir.lock(str(tmp_path / "state"))
    os.close(held)
    os.close(statedir.lock(str(tmp_path / "state")))


def test_the_lock_outlives_us_in_a_program_that_we_started(tmp_path: Path) -> None:
    """Helm may go on installing after its parent was killed."""
    held = statedir.lock(str(tmp_path))
    with subprocess.Popen(["sleep", "30"], pass_fds=(held,)) as child:
        os.close(held)
        with pytest.raises(ToolError):
            statedir.lock(str(tmp_path))
        child.kill()
    os.close(statedir.lock(str(tmp_path)))


def test_programs_inherit_what_they_keep(tmp_path: Path) -> None:
    held = statedir.lock(str(tmp_path))
    found = Programs(str(tmp_path), (), (held,)).run(
        ("readlink", f"/proc/self/fd/{held}"), b"", 10, {}
    )
    os.close(held)
    assert found.out.decode().strip() == str(tmp_path / "lock")


def test_a_program_that_is_not_there_has_a_code_of_its_own(tmp_path: Path) -> None:
    ended = Programs(str(tmp_path), ()).run(("no-such-program",), b"", 10, {})
    assert (ended.code, ended.err) == (127, "no-such-program is not installed")


def test_a_program_whose_time_is_over_is_ended(tmp_path: Path) -> None:
    ended = Programs(str(tmp_path), ()).run(("sleep", "30"), b"", 0.1, {})
    assert (ended.code, ended.err) == (124, "sleep did not finish within 0.1 s")


def test_our_own_verbs_are_run_by_ourselves(tmp_path: Path) -> None:
    found = Programs(str(tmp_path), ("echo", "own")).run(("gitops", "talos"), b"", 10, {})
    assert found.out == b"own talos\n"


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"GITOPS_STATE": "/state"}, "/state"),
        ({"XDG_STATE_HOME": "/xdg", "HOME": "/home"}, "/xdg/gitops"),
        ({"XDG_STATE_HOME": "relative", "HOME": "/home"}, "/home/.local/state/gitops"),
        ({"HOME": "/home"}, "/home/.local/state/gitops"),
    ],
)
def test_where_it_is_kept(environment: dict[str, str], expected: str) -> None:
    assert statedir.folder(environment) == expected
