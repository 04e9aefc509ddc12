"""The launcher, in small checkouts whose lock names one package that lies beside them."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PROGRAM = """
import sys
from importlib.metadata import version

def run():
    print(version("pinned"), *sys.argv[1:])
    sys.exit(7 if "fail" in sys.argv else 0)
"""


class Checkout:
    """A folder with the real launcher and a program of three lines."""

    def __init__(self, folder: Path, packages: Path) -> None:
        self.folder = folder
        self.packages = packages

    def pin(self, name: str, version: str, digest: str = "") -> None:
        wheel = self.packages / f"pinned-{version}-py3-none-any.whl"
        digest = digest or hashlib.sha256(wheel.read_bytes()).hexdigest()
        self.folder.joinpath(name).write_text(f"pinned=={version} --hash=sha256:{digest}\n")

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(self.folder / "gitops"), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=_environment(self.packages) | environment,
            start_new_session=True,
        )

    def run(self, *arguments: str, **environment: str) -> tuple[int, str, str]:
        started = self.start(*arguments, **environment)
        out, err = started.communicate(timeout=120)
        return started.returncode, out, err


def _environment(packages: Path) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PIP_")}
    own = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(packages), "GITOPS_PYTHON": sys.executable}
    return kept | own


def _wheel(folder: Path, version: str) -> None:
    about = f"pinned-{version}.dist-info"
    with zipfile.ZipFile(folder / f"pinned-{version}-py3-none-any.whl", "w") as wheel:
        metadata = f"Metadata-Version: 2.1\nName: pinned\nVersion: {version}\n"
        wheel.writestr(f"{about}/METADATA", metadata)
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packages")
    for version in ("1.0", "2.0"):
        _wheel(folder, version)
    return folder


@pytest.fixture
def fresh(tmp_path: Path, packages: Path) -> Checkout:
    folder = tmp_path / "fresh"
    cli = folder / "src" / "gitops" / "cli"
    cli.mkdir(parents=True)
    cli.joinpath("main.py").write_text(PROGRAM)
    shutil.copy(ROOT / "gitops", folder)
    folder.joinpath("scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "prepare.py", folder / "scripts")
    checkout = Checkout(folder, packages)
    checkout.pin("requirements.lock", "1.0")
    checkout.pin("requirements-dev.lock", "1.0")
    return checkout


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test that needs one leaves a .venv for the others."""
    return tmp_path_factory.mktemp("made") / ".venv"


@pytest.fixture
def ready(fresh: Checkout, made: Path) -> Checkout:
    if not made.exists():
        fresh.run()
        shutil.copytree(fresh.folder / ".venv", made, symlinks=True)
    else:
        shutil.copytree(made, fresh.folder / ".venv", symlinks=True)
    return fresh


def test_first_starts_at_the_same_time_make_one_venv(fresh: Checkout) -> None:
    starts = [fresh.start("a b", "c") for _ in range(3)]
    said = [start.communicate(timeout=120) for start in starts]
    assert [start.returncode for start in starts] == [0, 0, 0]
    assert [out for out, _ in said] == ["1.0 a b c\n"] * 3
    assert sum("making .venv" in err for _, err in said) == 1


def test_a_later_start_only_starts_python(ready: Checkout) -> None:
    ready.folder.joinpath("scripts", "prepare.py").unlink()
    assert ready.run("x", GITOPS_PYTHON="/missing") == (0, "1.0 x\n", "")


def test_the_exit_code_is_the_programs(ready: Checkout) -> None:
    assert ready.run("fail") == (7, "1.0 fail\n", "")


def test_modules_where_one_stands_or_on_pythonpath_are_not_seen(
    ready: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.joinpath("gitops.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    assert ready.run("x", PYTHONPATH=str(tmp_path)) == (0, "1.0 x\n", "")


def test_a_checkout_that_moves_keeps_working(ready: Checkout, tmp_path: Path) -> None:
    ready.folder = ready.folder.rename(tmp_path / "else where")
    assert ready.run("x") == (0, "1.0 x\n", "")


def test_a_link_leads_to_the_checkout(ready: Checkout, tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    folder.joinpath("gitops").symlink_to(Path("..", ready.folder.name, "gitops"))
    ready.folder = folder
    assert ready.run("x") == (0, "1.0 x\n", "")


def test_a_lock_that_was_only_touched_installs_nothing(ready: Checkout) -> None:
    ready.folder.joinpath("requirements.lock").touch()
    assert ready.run("x") == (0, "1.0 x\n", "")
    ready.folder.joinpath("scripts", "prepare.py").unlink()
    assert ready.run("x") == (0, "1.0 x\n", "")


def test_a_lock_that_changed_is_installed(ready: Checkout) -> None:
    ready.pin("requirements.lock", "2.0")
    code, out, err = ready.run("x")
    assert (code, out) == (0, "2.0 x\n")
    assert err.splitlines() == [
        "gitops: installing 1 packages from requirements.lock",
        "gitops: .venv is ready",
    ]


def test_the_verb_test_brings_the_development_lock(ready: Checkout) -> None:
    ready.pin("requirements-dev.lock", "2.0")
    assert ready.run("check")[1] == "1.0 check\n"
    assert ready.run("test")[1] == "2.0 test\n"
    assert ready.run("test") == (0, "2.0 test\n", "")


def test_a_package_with_another_hash_is_refused_and_the_next_start_heals(ready: Checkout) -> None:
    ready.pin("requirements.lock", "2.0", digest="0" * 64)
    code, out, err = ready.run()
    assert (code, out) == (3, "")
    assert "pip could not install requirements.lock" in err
    assert "pip config list" in err
    ready.pin("requirements.lock", "2.0")
    assert ready.run()[:2] == (0, "2.0\n")


def test_a_first_start_that_was_killed_is_made_good_by_the_next(fresh: Checkout) -> None:
    killed = fresh.start()
    assert killed.stderr is not None
    assert killed.stderr.readline().startswith("gitops: making .venv")
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    code, out, err = fresh.run("x")
    assert (code, out) == (0, "1.0 x\n")
    assert "making .venv" in err


def test_a_venv_whose_python_is_gone_is_made_again(ready: Checkout) -> None:
    python = ready.folder / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/missing/python3")
    code, out, err = ready.run("x")
    assert (code, out) == (0, "1.0 x\n")
    assert "making .venv" in err


def test_an_old_python_is_named_with_the_way_out(fresh: Checkout) -> None:
    old = fresh.folder / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2\nexit 1\n')
    old.chmod(0o755)
    code, out, err = fresh.run(GITOPS_PYTHON=str(old))
    assert (code, out) == (3, "")
    assert err.splitlines() == [
        f"gitops: needs Python 3.11 or newer; tried: {old}",
        f"  {old} is Python 3.9.2",
        f"  hint: install one, or name one: GITOPS_PYTHON=/path/to/python3 {fresh.folder}/gitops",
    ]


def test_no_python_at_all_is_told_with_the_way_out(fresh: Checkout, tmp_path: Path) -> None:
    code, out, err = fresh.run(PATH=str(tmp_path), GITOPS_PYTHON="")
    assert (code, out) == (3, "")
    assert err.splitlines()[0] == (
        "gitops: needs Python 3.11 or newer; "
        "tried: python3 python3.13 python3.12 python3.11 python3.14"
    )
    assert not fresh.folder.joinpath(".venv").exists()
