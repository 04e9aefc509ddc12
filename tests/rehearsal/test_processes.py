"""The same with real processes: programs on PATH, a journal on disk, and SIGKILL."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from tests.architecture import project
from tests.rehearsal import sessions
from tests.rehearsal.world import World

PROGRAMS = ("talosctl", "kubectl", "helmfile", "helm", "op")

STANDIN = """\
#!{python} -P
import fcntl, os, sys
sys.path[:0] = {path!r}
import msgspec
from tests.rehearsal import world
with open({state!r}, "r+b") as file:
    fcntl.flock(file, fcntl.LOCK_EX)
    found = msgspec.json.decode(file.read(), type=world.World)
    wanted = (os.path.basename(sys.argv[0]), *sys.argv[1:])
    stdin = sys.stdin.buffer.read()
    ended = world.run(found, wanted, stdin)
    found.now += 5  # Each look is as long as a pause: nobody has to wait.
    file.seek(0)
    file.truncate()
    file.write(msgspec.json.encode(found))
sys.stdout.buffer.write(ended.out)
sys.stderr.write(ended.err)
sys.exit(ended.code)
"""

SESSION = """\
import sys
sys.path[:0] = {path!r}
from gitops.bootstrap import running
from gitops.bootstrap.running import Finished, Ports
from gitops.sources import clock, programs, statedir
from tests.rehearsal import sessions
class Fast(clock.Clock):
    slept = 0
    def now(self):
        return super().now() + self.slept
    def sleep(self, seconds):
        self.slept += seconds
keep = statedir.lock({folder!r})
runner = programs.Programs({folder!r}, ({folder!r} + "/gitops",), (keep,))
kept = statedir.Journal({folder!r}, "bootstrap-infra")
outcome = running.run(sessions.plan(), Ports(runner, Fast(), kept, lambda event: None))
print(outcome)
sys.exit(0 if outcome == Finished() else 1)
"""


@pytest.fixture
def rack(tmp_path: Path) -> Path:
    """A folder with stand-ins, and the state of the world that they share."""
    path = [str(project.ROOT), str(project.ROOT / "src")]
    state = tmp_path / "world.json"
    state.write_bytes(msgspec.json.encode(sessions.rack()))
    for name in (*PROGRAMS, "gitops"):
        place = tmp_path / name
        place.write_text(STANDIN.format(python=sys.executable, path=path, state=str(state)))
        place.chmod(0o755)
    (tmp_path / "session.py").write_text(SESSION.format(path=path, folder=str(tmp_path)))
    return tmp_path


def session(rack: Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PATH": f"{rack}:{os.environ['PATH']}"}
    return subprocess.Popen(
        [sys.executable, str(rack / "session.py")],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def world(rack: Path) -> World:
    with (rack / "world.json").open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        return msgspec.json.decode(file.read(), type=World)


def asked(rack: Path, more: int) -> None:
    """Return when programs were asked so many times more."""
    wanted, patience = world(rack).asked + more, time.monotonic() + 120
    while world(rack).asked < wanted:
        assert time.monotonic() < patience
        time.sleep(0.05)


def finish(process: subprocess.Popen[bytes]) -> str:
    out, err = process.communicate(timeout=400)
    assert (process.returncode, err) == (0, b""), (out, err)
    return out.decode().strip()


def test_processes_that_are_killed_leave_a_cluster_in_the_end(rack: Path) -> None:
    for commands in (25, 35, 30):
        process = session(rack)
        asked(rack, commands)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        time.sleep(3)  # What it had started may still hold the lock.
    assert finish(session(rack)) == "Finished()"
    found = world(rack)
    assert found.disasters == []
    assert sorted(
        each for each in found.effects if each.startswith(("configure", "bootstrap"))
    ) == [
        "bootstrap infra-01",
        "configure infra-01",
        "configure infra-02",
        "configure infra-03",
    ]


def test_ctrl_c_ends_a_session_that_the_next_one_goes_on_with(rack: Path) -> None:
    process = session(rack)
    asked(rack, 5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (out.startswith(b"Interrupted("), err) == (True, b"")
    assert finish(session(rack)) == "Finished()"
    assert world(rack).disasters == []


def test_a_second_session_at_the_same_time_is_refused(rack: Path) -> None:
    first = session(rack)
    asked(rack, 1)
    second = session(rack)
    _, err = second.communicate(timeout=60)
    first.kill()
    first.communicate()
    assert second.returncode == 1
    assert b"somebody works on this cluster" in err
