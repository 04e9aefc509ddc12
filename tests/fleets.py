"""A small fleet on disk: two clusters, variables, a component, a patch and releases of charts."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from gitops.sources.charts import keep
from gitops.sources.charts.store import Store

ROOT = Path(__file__).parents[1]
CHARTS = ROOT / "tests" / "charts"
HELD = ("web", "cluster")
"""Charts of tests/charts that the releases of the fleet use."""


class Ran(msgspec.Struct, frozen=True):
    """What a command gave."""

    code: int
    out: bytes
    err: str


class Fleet:
    """The repository and the cache of one test; `environment` is that of all commands.

    A command that does not end within `patience` seconds is killed, and fails the test.
    """

    patience = 60.0

    def __init__(self, folder: Path) -> None:
        self.repository = folder / "repository"
        self.cache = folder / "cache"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "GITOPS_CACHE": str(self.cache),
        }

    def write(self, files: Mapping[str, str | bytes], order: Iterable[str] = ()) -> "Fleet":
        """Files by their path, made on disk in this order."""
        for path in order or files:
            place = self.repository / path
            place.parent.mkdir(parents=True, exist_ok=True)
            text = files[path]
            place.write_bytes(text.encode() if isinstance(text, str) else text)
        return self

    def hold(self, *charts: str) -> "Fleet":
        """Charts of tests/charts, in the store under oci://example.org/."""
        store = Store(str(self.cache / "charts"))
        for name in charts:
            keep.import_chart(str(CHARTS / name), f"oci://example.org/{name}", store)
        return self

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        """gitops in a process of its own."""
        return self._start("from gitops.cli.main import run; run()", arguments, environment)

    def _start(
        self, code: str, arguments: Iterable[str], environment: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-P", "-c", code, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.repository,
            env={**self.environment, **environment},
        )

    def run(self, *arguments: str, **environment: str) -> Ran:
        """What gitops gives."""
        return self._ran(self.start(*arguments, **environment))

    def python(self, code: str, *arguments: str) -> Ran:
        """What a program in Python gives, in the place of gitops."""
        return self._ran(self._start(code, arguments, {}))

    def _ran(self, started: subprocess.Popen[bytes]) -> Ran:
        try:
            out, err = started.communicate(timeout=self.patience)
        finally:
            started.kill()
        return Ran(started.returncode, out, err.decode())

    def forget(self) -> None:
        """Remove all results of earlier builds."""
        shutil.rmtree(self.cache / "results", ignore_errors=True)

    def kept(self) -> list[str]:
        """The names of all files in the cache of results."""
        folder = self.cache / "results"
        return sorted(os.listdir(folder)) if folder.is_dir() else []


def files() -> dict[str, str]:
    """The files of a sound fleet."""
    found = {"kubernetes/components/named/kustomization.yaml": _COMPONENT}
    for cluster in ("east", "west"):
        folder = f"kubernetes/clusters/{cluster}"
        found[f"{folder}/settings.yaml"] = _SETTINGS.replace("CLUSTER", cluster)
        found[f"{folder}/apps.yaml"] = "".join(_unit(name) for name in ("front", "back"))
    values = {"web": "labels:\n      region: ${REGION}", "cluster": "asked:\n      - ${REGION}/v1"}
    for name, chart in (("front", "web"), ("back", "cluster")):
        folder = f"kubernetes/apps/{name}"
        found[f"{folder}/kustomization.yaml"] = _KUSTOMIZATION
        found[f"{folder}/namespace.yaml"] = _NAMESPACE.replace("NAME", name)
        found[f"{folder}/config.yaml"] = _CONFIG
        release = _RELEASE.replace("CHART", chart).replace("VALUES", values[chart])
        found[f"{folder}/release.yaml"] = release
    return found


def _unit(name: str) -> str:
    return _UNIT.replace("NAME", name)


_SETTINGS = """\
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: flux-system
data:
  REGION: CLUSTER
"""

_UNIT = """\
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: NAME
  namespace: flux-system
spec:
  interval: 1h
  path: ./kubernetes/apps/NAME
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
  targetNamespace: NAME
  postBuild:
    substitute:
      APP: NAME
    substituteFrom:
      - kind: ConfigMap
        name: settings
"""

_COMPONENT = """\
---
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
labels:
  - pairs:
      app: ${APP}
"""

_KUSTOMIZATION = """\
---
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - namespace.yaml
  - config.yaml
  - release.yaml
components:
  - ../../components/named
patches:
  - target:
      kind: ConfigMap
      name: config
    patch: |
      - op: add
        path: /data/patched
        value: "yes"
configMapGenerator:
  - name: made
    literals:
      - region=${REGION}
"""

_NAMESPACE = """\
---
apiVersion: v1
kind: Namespace
metadata:
  name: NAME
"""

_CONFIG = """\
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: config
data:
  region: ${REGION}
  app: ${APP}
"""

_RELEASE = """\
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata:
  name: ${APP}
spec:
  interval: 1h
  url: oci://example.org/CHART
  ref:
    semver: ">=0"
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: ${APP}
spec:
  interval: 1h
  chartRef:
    kind: OCIRepository
    name: ${APP}
  values:
    VALUES
"""
