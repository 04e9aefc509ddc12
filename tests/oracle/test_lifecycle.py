"""When Kubernetes gives up versions of its kinds, against what its own Go modules say."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from gitops.check.schemas import lifecycle
from gitops.check.schemas.lifecycle import Lifetime

pytestmark = pytest.mark.oracle

MODULES = (
    "k8s.io/api@v0.24.0",
    "k8s.io/api@v0.30.0",
    "k8s.io/apiextensions-apiserver@v0.36.2",
    "k8s.io/kube-aggregator@v0.36.0",
    "k8s.io/api@v0.33.5",
    "k8s.io/api@v0.36.3",
)
"""The newest last: it knows best. The old ones have what is no longer in the source."""

REQUESTED = re.compile(r".*(List|Review|Rollback|Discovery)|Scale|Eviction|JobTemplate")
"""Kinds that are sent and not kept."""

_NUMBERS = re.compile(
    r"func \(in \*(\w+)\) APILifecycle(Removed|Deprecated)\(\) \(major, minor int\) \{"
    r"\s*return (\d+), (\d+)"
)
_INSTEAD = re.compile(
    r"func \(in \*(\w+)\) APILifecycleReplacement\(\) schema\.GroupVersionKind \{"
    r'\s*return schema\.GroupVersionKind\{Group: "(.*?)", Version: "(.*?)"'
)

Key = tuple[str, str]


def test_versions_go_when_their_source_says() -> None:
    theirs = _generated()
    assert len(theirs) > 60
    own = {key: each for key, each in lifecycle.TABLE.items() if each.removed}
    shown = {key: (each.deprecated, each.removed) for key, each in own.items()}
    assert shown == {key: (each.deprecated, each.removed) for key, each in theirs.items()}


def test_what_comes_instead_is_what_their_source_names() -> None:
    named = {key: each.instead for key, each in _generated().items() if each.instead}
    assert len(named) > 40
    assert {key: lifecycle.TABLE[key].instead for key in named} == named


def _generated() -> dict[Key, Lifetime]:
    found: dict[Key, Lifetime] = {}
    for module in MODULES:
        for file in sorted(_folder(module).rglob("zz_generated.prerelease-lifecycle.go")):
            found |= _lifetimes(file)
    return found


def _lifetimes(file: Path) -> dict[Key, Lifetime]:
    text, api_version = file.read_text("utf-8"), f"{_group(file.parent)}/{file.parent.name}"
    facts: dict[str, dict[str, str]] = {}
    for kind, what, major, minor in _NUMBERS.findall(text):
        facts.setdefault(kind, {})[what] = f"{major}.{minor}"
    for kind, group, version in _INSTEAD.findall(text):
        facts[kind]["Instead"] = f"{group}/{version}"
    return {
        (api_version, kind): Lifetime(
            of.get("Deprecated", ""), of.get("Removed", ""), of.get("Instead", "")
        )
        for kind, of in facts.items()
        if not REQUESTED.fullmatch(kind) and "Removed" in of
    }


def _group(folder: Path) -> str:
    found = re.search(r'GroupName\s*=\s*"(.*?)"', folder.joinpath("register.go").read_text("utf-8"))
    assert found is not None
    return found[1]


def _folder(module: str) -> Path:
    """A module in Go's cache; with GITOPS_ORACLES=install it is downloaded there."""
    if not shutil.which("go"):
        pytest.skip("there is no Go to ask where its modules are")
    done = subprocess.run(["go", "env", "GOMODCACHE"], capture_output=True, text=True, check=True)
    folder = Path(done.stdout.strip(), module)
    if not folder.is_dir() and os.environ.get("GITOPS_ORACLES") == "install":
        command = ["go", "mod", "download", "-json", module]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        return Path(json.loads(done.stdout)["Dir"])
    if not folder.is_dir():
        pytest.skip(f"{module} is not in Go's cache; GITOPS_ORACLES=install downloads it")
    return folder
