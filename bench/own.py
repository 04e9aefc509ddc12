"""What rules cost: `check` against `build`, on this repository and with charts of this machine."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bench import running
from bench.running import Spent
from gitops.sources import cachedir

ROOT = Path(__file__).parents[1]
LIMITS = {"built before, never judged": 0.5, "judged before": 0.15}
"""Seconds that somebody may wait longer for all rules together: what is asked, not what they
take."""

_CHANGED = "kubernetes/infrastructure/operations/reloader/helmrelease.yaml"


class Own:
    """A copy of this repository, and a cache that borrows the stores of whoever runs us."""

    def __init__(self, folder: Path) -> None:
        self._repository = folder / "repository"
        self._cache = folder / "cache"
        self._changes = 0
        for name in _tracked():
            path = self._repository / name
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, path)
        self._cache.mkdir(parents=True)
        for store in ("charts", "schemas"):
            held = Path(cachedir.folder(os.environ), store)
            if held.is_dir():
                (self._cache / store).symlink_to(held)

    def rows(self, environment: Mapping[str, str], runs: int) -> Iterator[tuple[str, Spent, Spent]]:
        """What was measured, what `build` took, and what `check` took more."""
        own = {**environment, "GITOPS_CACHE": str(self._cache)}
        ways: tuple[tuple[str, Callable[[], None]], ...] = (
            ("built before, never judged", self._unjudge),
            ("judged before", lambda: None),
            ("one object changed", self._change),
        )
        build, check = self._command("build", "-o", "names"), self._command("check")
        (whole,) = running.least((build,), own, 1)
        yield "nothing cached", whole, Spent(0, 0)
        running.least((check,), own, 1)
        for what, before in ways:
            built, checked = running.least((build, check), own, runs, before)
            more = Spent(checked.wall - built.wall, checked.processors - built.processors)
            yield what, built, more

    def _command(self, *arguments: str) -> tuple[str, ...]:
        return (*running.GITOPS, *arguments, "--repo", str(self._repository))

    def _unjudge(self) -> None:
        for report in (self._cache / "results").glob("report-*"):
            report.unlink()

    def _change(self) -> None:
        """Another interval: an object that rules have to look at again."""
        self._changes += 1
        path = self._repository / _CHANGED
        lines = path.read_text("utf-8").splitlines(keepends=True)
        changed = f"  interval: {self._changes}h\n"
        path.write_text(
            "".join(changed if line.startswith("  interval:") else line for line in lines), "utf-8"
        )


def _tracked() -> list[str]:
    """The files that Git knows and that are there."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    names = done.stdout.decode().split("\0")
    return [name for name in names if name and (ROOT / name).is_file()]
