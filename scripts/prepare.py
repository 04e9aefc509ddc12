"""Makes .venv beside the launcher, or brings it up to date with a lock.

    prepare.py requirements.lock

Needs nothing but Python 3.11. It may be killed at any moment and started many times at once: one
process works while the others wait, `unfinished` stands in .venv for as long as packages change,
and the stamp that the launcher looks for is written last.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UNFINISHED = VENV / "unfinished"
TURN = VENV / "turn"
RUNTIME = "requirements.lock"


class Unprepared(Exception):
    """.venv cannot be made; the message is for the person who has to do something about it."""


def main(name: str) -> None:
    started = time.time_ns()
    digests = {lock: _digest(lock) for lock in (RUNTIME, name)}
    with _turn() as turn:
        usable = not UNFINISHED.exists() and _runs()
        if not usable or _read(_stamp_of(name)) != digests[name]:
            _make(name, usable, turn)
        for lock, digest in digests.items():  # a larger lock holds all that RUNTIME does
            _stamp(lock, digest, started)


def _digest(name: str) -> str:
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


@contextmanager
def _turn() -> Iterator[int]:
    """One process at a time. The turn ends when its holder and all it started are gone."""
    VENV.mkdir(exist_ok=True)
    with TURN.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("another start is preparing .venv; waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()


def _make(name: str, usable: bool, turn: int) -> None:
    UNFINISHED.touch()
    if not usable:
        _create(turn)
    _install(ROOT / name, turn)
    _link_source()
    UNFINISHED.unlink()
    _say(".venv is ready")


def _create(turn: int) -> None:
    _say(f"making .venv with Python {sys.version.split()[0]}")
    if importlib.util.find_spec("ensurepip") is None:
        raise Unprepared(
            f"{sys.executable} has no ensurepip, so it cannot make .venv\n"
            "  hint: install it (on Debian and Ubuntu: apt install python3-venv)"
        )
    _clear()
    venv.EnvBuilder(symlinks=True).create(VENV)
    # As newer Pythons do: whoever walks the checkout need not look into it.
    VENV.joinpath(".gitignore").write_text("*\n")
    subprocess.run(
        [str(PYTHON), "-m", "ensurepip", "--default-pip"],
        check=True,
        stdout=subprocess.DEVNULL,
        pass_fds=(turn,),
    )


def _clear() -> None:
    for entry in VENV.iterdir():
        if entry in (TURN, UNFINISHED):
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _install(lock: Path, turn: int) -> None:
    packages = lock.read_text("utf-8").count("==")
    _say(f"installing {packages} packages from {lock.name}")
    # The lock is complete and every file in it has a hash: nothing is resolved, nothing is built.
    options = ["--require-hashes", "--no-deps", "--only-binary=:all:", "--no-user", "--no-input"]
    quiet = ["--disable-pip-version-check", "--progress-bar=off"]
    pip = subprocess.Popen(
        [str(PYTHON), "-m", "pip", "install", *options, *quiet, "-r", str(lock)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        pass_fds=(turn,),
    )
    words = _follow(pip, packages)
    if pip.wait() != 0:
        raise Unprepared(
            f"pip could not install {lock.name}:\n{words}\n"
            f"  hint: `{PYTHON} -m pip config list` tells which package index is asked"
        )


def _follow(pip: subprocess.Popen[str], packages: int) -> str:
    """Show a counter where someone watches; give back pip's last words."""
    words: list[str] = []
    count = 0
    for line in pip.stdout or ():
        words = [*words[-14:], "  " + line.rstrip()]
        if line.startswith(("Collecting ", "Requirement already satisfied: ")):
            count += 1
            requirement = line.partition(": " if line[0] == "R" else " ")[2].split()[0]
            _progress(f"gitops: {count}/{packages} {requirement}")
        elif line.startswith("Installing "):
            _progress("gitops: unpacking")
    _progress("")
    return "\n".join(words)


def _link_source() -> None:
    """Put src on the path of .venv, relative, so that a checkout that moves keeps working."""
    program = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.check_output([str(PYTHON), "-c", program], text=True).strip()
    Path(packages, "gitops.pth").write_text(os.path.relpath(ROOT / "src", packages) + "\n")
    if not os.environ.get("PYTHONDONTWRITEBYTECODE"):
        subprocess.run([str(PYTHON), "-m", "compileall", "-q", str(ROOT / "src")], check=False)


def _runs() -> bool:
    """A Python that was upgraded or removed leaves a .venv that cannot start."""
    command = [str(PYTHON), "-c", "import pip"]
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def _stamp(name: str, digest: str, started: int) -> None:
    """Say that .venv holds the lock as it was at `started`: a later change makes it stale."""
    stamp = _stamp_of(name)
    fresh = stamp.with_suffix(".new")
    fresh.write_text(digest)
    os.utime(fresh, ns=(started, started))
    fresh.replace(stamp)


def _stamp_of(name: str) -> Path:
    return VENV / f"{name}.stamp"


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def _say(text: str) -> None:
    print(f"gitops: {text}", file=sys.stderr, flush=True)


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (Unprepared, OSError, subprocess.CalledProcessError) as failure:
        sys.exit(f"gitops: {failure}")
    except KeyboardInterrupt:
        sys.exit("\ngitops: interrupted; the next start goes on from here")
