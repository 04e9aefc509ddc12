"""The line of the repository that decides a field."""

from typing import Any

import pytest

from gitops.check.locating import Locator
from gitops.model.manifest import manifest
from gitops.model.origin import Location, Origin, Step
from gitops.sources.tree import MemoryTree

FILES = {
    "base/deployment.yaml": """\
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: ${REPLICAS}
  template:
    spec:
      containers:
        - name: sidecar
          image: sidecar:1
        - name: web
          image: web:1
          args: [a]
""",
    "base/kustomization.yaml": """\
---
resources:
  - deployment.yaml
  - https://example.org/remote
configMapGenerator:
  - name: settings
    files:
      - app.ini=files/app.ini
    literals:
      - LEVEL=info
    envs:
      - some.env
""",
    "base/some.env": "# comment\nFIRST=1\nSECOND=2\n",
    "unit/kustomization.yaml": """\
---
namespace: shop
images:
  - name: sidecar
    newTag: "2"
patches:
  - path: patch.yaml
  - patch: |
      - op: replace
        path: /spec/template/spec/containers/1/args
        value:
          - b
          - c
    target:
      kind: Deployment
""",
    "unit/patch.yaml": """\
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: web
          image: web:2
""",
    "release.yaml": """\
---
kind: HelmRelease
spec:
  values:
    web:
      resources:
        limits:
          memory: 1Gi
    worker:
      resources:
        limits:
          memory: ${MEMORY}
    settings: |
      [server]
      port = 1
      host = "a"
  postRenderers:
    - kustomize:
        patches:
          - target: {kind: Deployment}
            patch: |
              kind: Deployment
              spec:
                minReadySeconds: 5
""",
}

BODY: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {
        "replicas": 3,
        "template": {
            "spec": {
                "containers": [
                    {"name": "sidecar", "image": "sidecar:2"},
                    {"name": "web", "image": "web:2", "args": ["b", "c"]},
                ]
            }
        },
    },
}
UNIT = Location("unit/kustomization.yaml")
ORIGIN = Origin(
    Location("base/deployment.yaml", 0, 2),
    (
        Step("resource", UNIT, "../base"),
        Step("patch", Location("unit/patch.yaml"), "patches[0]"),
        Step("patch", UNIT, "patches[1]"),
        Step("transformer", UNIT, "namespace"),
        Step("transformer", UNIT, "images[0]"),
    ),
)
CONTAINERS = ("spec", "template", "spec", "containers")


def place(pointer: tuple[str | int, ...], body: dict[str, Any], origin: Origin) -> str:
    return str(Locator(MemoryTree(FILES))(manifest(body, origin), pointer))


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ((), "base/deployment.yaml:2"),
        (("kind",), "base/deployment.yaml:3"),
        (("metadata", "name"), "base/deployment.yaml:5"),
        (("metadata", "namespace"), "unit/kustomization.yaml:2"),
        (("spec", "replicas"), "base/deployment.yaml:7"),
        (("spec", "strategy"), "base/deployment.yaml:6"),
        ((*CONTAINERS, 1, "image"), "unit/patch.yaml:11"),
        ((*CONTAINERS, 0, "image"), "unit/kustomization.yaml:4"),
        ((*CONTAINERS, 1, "args", 1), "unit/kustomization.yaml:13"),
        ((*CONTAINERS, 1, "name"), "unit/patch.yaml:10"),
    ],
)
def test_the_latest_text_that_holds_a_field_decides_it(
    pointer: tuple[str | int, ...], expected: str
) -> None:
    assert place(pointer, BODY, ORIGIN) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("app.ini", "base/files/app.ini:1"),
        ("LEVEL", "base/kustomization.yaml:10"),
        ("SECOND", "base/some.env:3"),
    ],
)
def test_a_generated_key_leads_to_the_file_or_literal_it_came_from(key: str, expected: str) -> None:
    file = Location("base/kustomization.yaml")
    body = {"kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {key: "x"}}
    origin = Origin(file, (Step("generator", file, "configMapGenerator[0]"),))
    assert place(("data", key), body, origin) == expected


CHART = Origin(
    Location("app@1.0.0/templates/deployment.yaml", 0, 1),
    (
        Step("helm", Location("release.yaml", 0, 2), "release app"),
        Step(
            "post-renderer",
            Location("release.yaml", 0, 2),
            "spec.postRenderers[0].kustomize.patches[0]",
        ),
    ),
)


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        (("spec", "resources", "limits", "memory"), "release.yaml:8"),
        (("spec", "worker", "resources", "limits", "memory"), "release.yaml:12"),
        (("spec", "paused"), "release.yaml:4"),
        (("spec", "minReadySeconds"), "release.yaml:24"),
        (("spec", "rendered"), "release.yaml:13"),
    ],
)
def test_what_a_chart_rendered_is_decided_by_its_release(
    pointer: tuple[str | int, ...], expected: str
) -> None:
    limits = {"limits": {"memory": "1Gi"}}
    other = {"limits": {"memory": "5Gi"}}
    spec = {"resources": limits, "worker": {"resources": other}, "paused": True}
    text = '# before\n  [server]\n  port = 1\n  host = "a"\n# after\n'
    body = {"kind": "Deployment", "spec": {**spec, "minReadySeconds": 5, "rendered": text}}
    assert place(pointer, body, CHART) == expected


def test_what_lies_elsewhere_is_decided_by_the_line_that_takes_it_in() -> None:
    file = Location("base/kustomization.yaml")
    remote = Location("https://example.org/remote//x.yaml", 0, 1)
    origin = Origin(remote, (Step("resource", file, "https://example.org/remote"),))
    assert place(("spec",), BODY, origin) == "base/kustomization.yaml:4"


def test_what_a_controller_makes_is_decided_by_its_cause() -> None:
    made = manifest({"kind": "Secret", "data": {"kind": "x"}}, ORIGIN, "made")
    locate = Locator(MemoryTree(FILES))
    assert str(locate(made, ("data", "kind"))) == "base/deployment.yaml:2"


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ((), "grafana.yaml:5"),
        (("panels", 1, "expr"), "grafana.yaml:11"),
        (("uid",), "grafana.yaml:6"),
    ],
)
def test_a_way_leads_on_into_a_text(inside: tuple[str | int, ...], expected: str) -> None:
    written = '{"panels": [\n  {"expr": "a"},\n  {\n    "id": 2,\n\n    "expr": "b"}\n]}\n'
    lines = "".join(f"    {line}\n" for line in written.splitlines())
    text = f"kind: Dashboard\nmetadata:\n  name: a\nspec:\n  json: |\n{lines}"
    body = {"kind": "Dashboard", "metadata": {"name": "a"}, "spec": {"json": written}}
    origin = Origin(Location("grafana.yaml", 0, 1), ())
    found = Locator(MemoryTree({"grafana.yaml": text}))(
        manifest(body, origin), ("spec", "json", *inside)
    )
    assert str(found) == expected


def test_data_of_a_secret_may_be_written_as_text() -> None:
    """Flux applies `stringData` as `data`."""
    written = "kind: Secret\ndata:\n  a: eA==\nstringData:\n  b: y\n"
    locate = Locator(MemoryTree({"secret.yaml": written}))
    body = {"kind": "Secret", "metadata": {"name": "s"}, "data": {"a": "eA==", "b": "eQ=="}}
    found = manifest(body, Origin(Location("secret.yaml", 0, 1)))
    lines = [locate(found, ("data", key)).line for key in ("a", "b", "c")]
    assert lines == [3, 5, 2]
    other = manifest({**body, "kind": "ConfigMap"}, Origin(Location("secret.yaml", 0, 1)))
    assert locate(other, ("data", "b")).line == 2
