"""Runs commands and measures them: seconds on the wall and of processors, and memory of the whole
process tree."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

GITOPS = (sys.executable, "-P", "-X", "utf8", "-c", "from gitops.cli.main import run; run()")
"""What the launcher starts."""

BARE = (sys.executable, "-P", "-X", "utf8", "-c", "pass")

_LIMIT = 600.0
"""Seconds after which a command counts as hanging."""


def seconds(
    command: Sequence[str],
    environment: Mapping[str, str],
    runs: int,
    before: Callable[[], None] = lambda: None,
) -> float:
    """The median of several runs; `before` puts things in place and is not measured."""
    taken = []
    for _ in range(runs):
        before()
        start = time.perf_counter()
        _run(command, environment)
        taken.append(time.perf_counter() - start)
    return median(taken)


@dataclass(frozen=True)
class Spent:
    """Seconds that somebody waited for a command, and those that it took of all processors."""

    wall: float
    processors: float


def least(
    commands: Sequence[Sequence[str]],
    environment: Mapping[str, str],
    runs: int,
    before: Callable[[], None] = lambda: None,
) -> tuple[Spent, ...]:
    """The least that each command and all it starts took in several runs, one command after the
    other in each of them: what else a machine does only ever adds to it."""
    taken = []
    for _ in range(runs):
        for command in commands:
            before()
            taken.append(_spent(command, environment))
    own = [taken[number :: len(commands)] for number in range(len(commands))]
    return tuple(
        Spent(min(each.wall for each in spent), min(each.processors for each in spent))
        for spent in own
    )


def _spent(command: Sequence[str], environment: Mapping[str, str]) -> Spent:
    wall, processors = time.perf_counter(), _processors()
    _run(command, environment)
    return Spent(time.perf_counter() - wall, _processors() - processors)


def _processors() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _run(command: Sequence[str], environment: Mapping[str, str]) -> None:
    done = subprocess.run(
        command,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=_LIMIT,
        check=False,
    )
    if done.returncode > 1:
        raise SystemExit(f"{' '.join(command)}: {done.stderr.decode(errors='replace')}")


def peak_mebibytes(command: Sequence[str], environment: Mapping[str, str]) -> float | None:
    """The highest resident memory of a command and of all it starts, each at its own worst moment,
    so never less than what they need together; None where there is no /proc."""
    if not os.path.exists("/proc/self/task"):
        return None
    program = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    peaks: dict[int, int] = {}
    while program.poll() is None:
        for process in _tree(program.pid):
            peaks[process] = max(peaks.get(process, 0), _peak_kibibytes(process))
        time.sleep(0.002)
    return sum(peaks.values()) / 1024


def _tree(process: int) -> list[int]:
    try:
        words = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return [process]
    return [process, *(each for word in words for each in _tree(int(word)))]


def _peak_kibibytes(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    found = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(found[0]) if found else 0
