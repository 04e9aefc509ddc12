"""The one module that starts programs."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence

import msgspec

from gitops.errors import ProcessFailed


def run(
    arguments: Sequence[str],
    *,
    stdin: bytes = b"",
    timeout: float = 60,
    environment: Mapping[str, str] | None = None,
    folder: str | None = None,
) -> bytes:
    """Standard output of a program. Raises ProcessFailed with its last words on any failure.

    `timeout` is in seconds; the program is killed when it runs out.
    """
    try:
        done = subprocess.run(
            list(arguments),
            input=stdin,
            capture_output=True,
            timeout=timeout,
            env=dict(environment) if environment is not None else None,
            cwd=folder,
            check=False,
        )
    except FileNotFoundError as cause:
        raise ProcessFailed(f"{arguments[0]} is not installed") from cause
    except subprocess.TimeoutExpired as cause:
        raise ProcessFailed(f"{arguments[0]} did not finish within {timeout:g} s") from cause
    if done.returncode != 0:
        words = done.stderr.decode(errors="replace").strip() or f"exit {done.returncode}"
        raise ProcessFailed(f"{arguments[0]}: {words}")
    return done.stdout


NOT_INSTALLED = 127
"""The code of a program that is not there, as shells have it."""

TIMED_OUT = 124
"""The code of a program that was ended because its time was over, as `timeout` has it."""


class Ended(msgspec.Struct, frozen=True):
    """How a program ended: its code, its output, and its error output."""

    code: int
    out: bytes
    err: str


def ended(
    arguments: Sequence[str],
    *,
    stdin: bytes,
    timeout: float,
    environment: Mapping[str, str],
    folder: str,
    keep: tuple[int, ...] = (),
) -> Ended:
    """What became of a program, whatever it was. `keep` are open files that it inherits."""
    try:
        done = subprocess.run(
            list(arguments),
            input=stdin,
            capture_output=True,
            timeout=timeout,
            env=dict(environment),
            cwd=folder,
            check=False,
            pass_fds=keep,
        )
    except FileNotFoundError:
        return Ended(NOT_INSTALLED, b"", f"{arguments[0]} is not installed")
    except subprocess.TimeoutExpired:
        return Ended(TIMED_OUT, b"", f"{arguments[0]} did not finish within {timeout:g} s")
    return Ended(done.returncode, done.stdout, done.stderr.decode(errors="replace"))


Program = subprocess.Popen[bytes]
"""A program that runs beside us."""


def start(
    arguments: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    quiet: bool = False,
) -> Program:
    """A long-lived program with pipes on its standard input and output.

    What it says on standard error goes where ours goes, or nowhere when `quiet`.
    """
    try:
        return subprocess.Popen(
            list(arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if quiet else None,
            env=dict(environment) if environment is not None else None,
        )
    except FileNotFoundError as cause:
        raise ProcessFailed(f"{arguments[0]} is not installed") from cause


def show(arguments: Sequence[str], *, folder: str) -> int:
    """The exit code of a program that writes to our own output and error output."""
    try:
        return subprocess.run(list(arguments), cwd=folder, check=False).returncode
    except FileNotFoundError as cause:
        raise ProcessFailed(f"{arguments[0]} is not installed") from cause


def find(program: str) -> str | None:
    """Where a program is, if there is one of this name on the PATH."""
    return shutil.which(program)
