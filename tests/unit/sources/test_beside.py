"""Work in a copy of the process: its result, and what happens where the copy comes to grief.

Tests run in a process with threads, of which no copy is made: so each has one of its own.
"""

import subprocess
import sys
from pathlib import Path

import pytest

SPARE = """
import os
from gitops.sources import beside
if not (hasattr(os, "fork") and hasattr(os, "sched_getaffinity")):
    raise SystemExit("skip: only Linux has copies of processes")
os.sched_getaffinity = lambda _: {0, 1}
first = os.getpid()
"""


def said(script: str, *arguments: str) -> str:
    """What a script prints in a process that has a processor to spare."""
    done = subprocess.run(
        [sys.executable, "-c", SPARE + script, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.stderr.startswith("skip: "):
        pytest.skip(done.stderr)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_work_goes_on_in_another_process() -> None:
    script = "print(beside.begin(lambda: str(os.getpid()).encode())() != str(first).encode())"
    assert said(script) == "True"


def test_a_result_may_be_larger_than_a_pipe_holds() -> None:
    assert said("print(len(beside.begin(lambda: b'a' * 1_000_000)()))") == "1000000"


def test_work_that_fails_in_the_copy_is_done_again_and_tells_why() -> None:
    script = """
def work():
    raise LookupError(f"not there: {os.getpid() == first}")
try:
    beside.begin(work)()
except LookupError as why:
    print(why)
"""
    assert said(script) == "not there: True"


def test_a_copy_that_is_ended_is_not_missed() -> None:
    script = """
def work():
    if os.getpid() != first:
        os._exit(9)
    return b"done here"
print(beside.begin(work)().decode())
"""
    assert said(script) == "done here"


def test_beside_other_threads_nothing_is_copied() -> None:
    script = """
import threading
until = threading.Event()
other = threading.Thread(target=until.wait)
other.start()
result = beside.begin(lambda: str(os.getpid()).encode())
print(result() == str(first).encode())
until.set()
"""
    assert said(script) == "True"


def test_both_processes_read_one_revision(tmp_path: Path) -> None:
    script = """
import subprocess, sys
from pathlib import Path
from gitops.sources.git import GitTree
folder = Path(sys.argv[1])
for number in range(200):
    (folder / f"{number}.txt").write_text(str(number) * 5000)
for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "All"]):
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *who, *words], cwd=folder, check=True)
tree = GitTree(str(folder), "HEAD")
def read(numbers):
    return all(tree.read(f"{n}.txt") == (str(n) * 5000).encode() for n in numbers)
read([0])
result = beside.begin(lambda: str(read(range(1, 200))).encode())
print(read(range(1, 200)), result().decode())
"""
    assert said(script, str(tmp_path)) == "True True"
