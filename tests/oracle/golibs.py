"""Small Go programs of ours that call the libraries which tests compare with.

Each is looked for in the user's cache folder, under a name that holds the digest of its source.
With `GITOPS_ORACLES=install` and Go at hand it is built there.
"""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest


def ask(source: Path, requests: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the program in a folder answers, a line of JSON for each; skips where there is none."""
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    done = subprocess.run(
        [program(source)], input=lines.encode(), capture_output=True, check=True, timeout=900
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


@cache
def program(source: Path) -> Path:
    """The program, built if need be."""
    found = _place(source)
    if found.exists():
        return found
    if os.environ.get("GITOPS_ORACLES") != "install" or not shutil.which("go"):
        pytest.skip(f"{source.name} is not built; GITOPS_ORACLES=install builds it with Go")
    found.parent.mkdir(parents=True, exist_ok=True)
    built = found.with_name(f"{found.name}.{os.getpid()}")
    command = ["go", "build", "-o", str(built), "."]
    done = subprocess.run(
        command, cwd=source, capture_output=True, text=True, check=False, timeout=1800
    )
    if done.returncode:
        pytest.skip(f"{source.name} cannot be built: {done.stderr.strip()[-300:]}")
    built.rename(found)
    return found


def _place(source: Path) -> Path:
    digest = hashlib.sha256()
    programs = [*sorted((source.parent / "answering").glob("*.go")), *sorted(source.glob("*.go"))]
    for path in [*programs, source / "go.mod", source / "go.sum"]:
        digest.update(path.read_bytes())
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home, "gitops", "oracles", f"{source.name}-{digest.hexdigest()[:16]}")
