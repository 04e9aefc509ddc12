"""The code with which an API server judges custom resources: a small Go program of ours runs it.

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

    A request has the `schema` of a kind and `bodies`; its answer has `problems`, a list for each body
    of what is wrong with it. Skips the test where the program cannot be had.
    """
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    done = subprocess.run(
        [program()], input=lines.encode(), capture_output=True, check=True, timeout=900
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


@cache
def program() -> Path:
    """The program, built if need be."""
    digest = hashlib.sha256()
    for path in [*sorted(_SOURCE.glob("*.go")), _SOURCE / "go.mod", _SOURCE / "go.sum"]:
        digest.update(path.read_bytes())
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    found = Path(home, "gitops", "oracles", f"schemalib-{digest.hexdigest()[:16]}")
    if found.exists():
        return found
    if os.environ.get("GITOPS_ORACLES") != "install" or not shutil.which("go"):
        pytest.skip("the library is not built; GITOPS_ORACLES=install builds it with Go")
    found.parent.mkdir(parents=True, exist_ok=True)
    built = found.with_name(f"{found.name}.{os.getpid()}")
    command = ["go", "build", "-o", str(built), "."]
    done = subprocess.run(
        command, cwd=_SOURCE, capture_output=True, text=True, check=False, timeout=900
    )
    if done.returncode:
        pytest.skip(f"the library cannot be built: {done.stderr.strip()[-300:]}")
    built.rename(found)
    return found
