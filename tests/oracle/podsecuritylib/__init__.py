"""Kubernetes' own judge of pods, to compare with: a small Go program of ours that calls it.

It is looked for in the user's cache folder, under a name that holds the digest of its source. With
`GITOPS_ORACLES=install` and Go at hand it is built there.
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

_SOURCE = Path(__file__).parent


def ask(requests: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """One answer per request, in order; `error` in an answer says why there is no other.

    A request has `level`, `version`, `newest` (the minor version of the API server) and `pod`, for
    which the answer has `refused`: reason and detail of each control; or it has `labels` of a
    namespace, for which the answer has `policy`: what is enforced, warned of and audited.
    Skips the test where the program cannot be had.
    """
    lines = "".join(f"{json.dumps(request)}\n" for request in requests)
    done = subprocess.run(
        [program()], input=lines.encode(), capture_output=True, check=True, timeout=600
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


@cache
def program() -> Path:
    """The program, built if need be."""
    found = _cache() / _name()
    if found.exists():
        return found
    if os.environ.get("GITOPS_ORACLES") != "install" or not shutil.which("go"):
        pytest.skip("Pod Security's library is not built; GITOPS_ORACLES=install builds it with Go")
    found.parent.mkdir(parents=True, exist_ok=True)
    built = found.with_name(f"{found.name}.{os.getpid()}")
    command = ["go", "build", "-o", str(built), "."]
    done = subprocess.run(
        command, cwd=_SOURCE, capture_output=True, text=True, check=False, timeout=900
    )
    if done.returncode:
        pytest.skip(f"Pod Security's library cannot be built: {done.stderr.strip()[-300:]}")
    built.rename(found)
    return found


def _name() -> str:
    digest = hashlib.sha256()
    for path in [*sorted(_SOURCE.glob("*.go")), _SOURCE / "go.mod", _SOURCE / "go.sum"]:
        digest.update(path.read_bytes())
    return f"podsecuritylib-{digest.hexdigest()[:16]}"


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "gitops" / "oracles"
