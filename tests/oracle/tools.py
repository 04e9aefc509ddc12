"""Programs we did not write, which tests compare with; each is found, installed or skipped.

They are looked for on PATH, then in a folder of the user's cache. With `GITOPS_ORACLES=install` and
Go at hand, the pinned version is built into that folder.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

KUSTOMIZE = "5.8.1"
HELM = "4.2.3"
SOPS = "3.13.2"
HELMFILE = "1.7.4"
KUBECONFORM = "0.7.0"
SAYS = {
    "kustomize": "v5.8.1",
    "helm": "v4.2",
    "helmfile": "v1.7",
    "kubeconform": "",
    "sops": "3.13",
}
"""What the program says of its version; built by `go install`, Helm does not know its patch and
kubeconform nothing."""

ASKED = {
    "helmfile": ("--version",),
    "kubeconform": ("-v",),
    "sops": ("--version", "--disable-version-check"),
}
"""How a program is asked for its version, where that is not `version`."""


def kustomize() -> str:
    """The path of kustomize; skips the test where it cannot be had."""
    return _program("kustomize", KUSTOMIZE, f"sigs.k8s.io/kustomize/kustomize/v5@v{KUSTOMIZE}")


def helm() -> str:
    """The path of Helm; skips the test where it cannot be had."""
    return _program("helm", HELM, f"helm.sh/helm/v4/cmd/helm@v{HELM}")


def sops() -> str:
    """The path of sops; skips the test where it cannot be had."""
    return _program("sops", SOPS, f"github.com/getsops/sops/v3/cmd/sops@v{SOPS}")


def helmfile() -> str:
    """The path of helmfile; skips the test where it cannot be had. `go install` refuses to build
    it, because its go.mod replaces modules."""
    return _program("helmfile", HELMFILE, "")


def kubeconform() -> str:
    """The path of kubeconform; skips the test where it cannot be had."""
    module = f"github.com/yannh/kubeconform/cmd/kubeconform@v{KUBECONFORM}"
    return _program("kubeconform", KUBECONFORM, module)


def public_repositories() -> Iterator[Path]:
    """The checkouts below the folder that GITOPS_PUBLIC_REPOSITORIES names."""
    root = os.environ.get("GITOPS_PUBLIC_REPOSITORIES")
    if not root:
        pytest.skip("GITOPS_PUBLIC_REPOSITORIES names no folder with checkouts")
    yield from sorted(path for path in Path(root).iterdir() if path.is_dir())


def _program(name: str, version: str, module: str) -> str:
    found = _find(name, version, module)
    if found is None:
        way = "; GITOPS_ORACLES=install builds it with Go" if module else ""
        pytest.skip(f"{name} {version} is not installed{way}")
    return found


@cache
def _find(name: str, version: str, module: str) -> str | None:
    folder = _cache() / f"{name}-{version}"
    for candidate in (shutil.which(name), shutil.which(name, path=str(folder))):
        if candidate and SAYS[name] in _version(name, candidate):
            return candidate
    if module and os.environ.get("GITOPS_ORACLES") == "install" and shutil.which("go"):
        return _install(name, module, folder)
    return None


def _version(name: str, program: str) -> str:
    command = [program, *ASKED.get(name, ("version",))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout


def _install(name: str, module: str, folder: Path) -> str | None:
    environment = {**os.environ, "GOBIN": str(folder), "CGO_ENABLED": "0"}
    subprocess.run(["go", "install", module], env=environment, check=False, timeout=900)
    return shutil.which(name, path=str(folder))


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "gitops" / "oracles"
