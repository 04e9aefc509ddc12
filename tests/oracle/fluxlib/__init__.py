"""Flux's own Go libraries, to compare with: a small Go program of ours that calls them.

It is looked for in the user's cache folder, under a name that holds the digest of its source. With
`GITOPS_ORACLES=install` and Go at hand it is built there, at the versions that Flux 2.9.4 uses.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

_SOURCE = Path(__file__).parent
_LINE_ENDS = re.compile("[\x85\u2028\u2029\ufeff]")


def ask(requests: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """One answer per request, in order; `error` in an answer says why there is no other.

    Requests (field `do`): `envsubst` text, vars, strict -> text; `yaml` resource -> text;
    `substitute` resources, kustomization, cluster, strict, apply -> objects; `apply` resources,
    kustomization -> objects; `generate` root, path, kustomization -> file, action, text; `build`
    root, path, kustomization, cluster, strict, apply -> objects; `ignore` files, paths, ignore ->
    ignored; `values` namespace, values, valuesFrom, cluster -> values. `cluster` holds ConfigMaps
    and Secrets (`data` in base64). Skips the test where the program cannot be had.
    """
    lines = "".join(_line(request) for request in requests)
    done = subprocess.run(
        [program()], input=lines.encode(), capture_output=True, check=True, timeout=600
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def _line(request: dict[str, Any]) -> str:
    """JSON that YAML reads alike: no surrogate pairs, and no raw characters that end a line."""
    text = json.dumps(request, ensure_ascii=False)
    return _LINE_ENDS.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


@cache
def program() -> Path:
    """The program, built if need be."""
    found = _cache() / _name()
    if found.exists():
        return found
    if os.environ.get("GITOPS_ORACLES") != "install" or not shutil.which("go"):
        pytest.skip("Flux's libraries are not built; GITOPS_ORACLES=install builds them with Go")
    found.parent.mkdir(parents=True, exist_ok=True)
    built = found.with_name(f"{found.name}.{os.getpid()}")
    command = ["go", "build", "-o", str(built), "."]
    done = subprocess.run(
        command, cwd=_SOURCE, capture_output=True, text=True, check=False, timeout=900
    )
    if done.returncode:
        pytest.skip(f"Flux's libraries cannot be built: {done.stderr.strip()[-300:]}")
    built.rename(found)
    return found


def _name() -> str:
    digest = hashlib.sha256()
    for path in [*sorted(_SOURCE.glob("*.go")), _SOURCE / "go.mod", _SOURCE / "go.sum"]:
        digest.update(path.read_bytes())
    return f"fluxlib-{digest.hexdigest()[:16]}"


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "gitops" / "oracles"
