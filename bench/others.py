"""The same work with `kustomize build` and `helm template`, as scripts do it: a process for each.

They do less: no substitution, no labels of Flux, no rules, and no origin of any object.
"""

import shutil
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_PARALLEL = 2
_LIMIT = 60.0


def missing() -> list[str]:
    """Which of the programs are not on PATH."""
    return [name for name in ("kustomize", "helm") if shutil.which(name) is None]


def seconds(repository: Path, charts: Path) -> float:
    """What it takes to build every folder and to render every release, two at a time."""
    commands = [*_builds(repository), *_renders(repository, charts)]
    start = time.perf_counter()
    with ThreadPoolExecutor(_PARALLEL) as pool:
        list(pool.map(_run, commands))
    return time.perf_counter() - start


def _builds(repository: Path) -> list[list[str]]:
    folders = sorted(repository.glob("kubernetes/units/*/*"))
    return [["kustomize", "build", str(folder)] for folder in folders]


def _renders(repository: Path, charts: Path) -> list[list[str]]:
    """With the chart's own values: which ones are given hardly matters to the time."""
    commands = []
    for release in sorted(repository.glob("kubernetes/units/*/*/ocirepository.yaml")):
        lines = release.read_text("utf-8").splitlines()
        (url,) = (line for line in lines if "url: " in line)
        chart = charts / url.rpartition("/")[2]
        commands.append(["helm", "template", release.parent.name, str(chart), "--include-crds"])
    return commands


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, stdout=subprocess.DEVNULL, timeout=_LIMIT, check=True)
