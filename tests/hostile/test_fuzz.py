"""Files of a small fleet, changed at random: whatever comes of it is told and never crashes."""

import random
from copy import deepcopy
from typing import Any

import pytest

from gitops.check import engine
from gitops.check.knowledge import Knowledge
from gitops.model.build import Fleet
from gitops.model.cluster import Entry
from gitops.model.finding import Finding
from gitops.sources import yamlio
from gitops.ui import json, names, text, tree, yaml
from tests import fleets, harness
from tests.unit.build.pipeline.compiling import (
    Charts,
    Outside,
    Renders,
    chart,
    compiled,
    outcomes,
    stored,
)

RUNS = 60
"""Changed fleets for each of the parameters below."""

ENTRIES = (Entry("east", "kubernetes/clusters/east"), Entry("west", "kubernetes/clusters/west"))
MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME}\n"
MORE = harness.parse("""\
-- kubernetes/clusters/east/more.yaml --
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: more, namespace: flux-system}
spec:
  path: ./kubernetes/more
  decryption: {provider: sops}
  sourceRef: {kind: ExternalArtifact, name: part}
  commonMetadata: {labels: {x: y}, annotations: {z: w}}
  namePrefix: p-
  images: [{name: nginx, newTag: "2"}]
  patches:
    - patch: |
        - {op: replace, path: /spec/replicas, value: 2}
      target: {kind: Deployment, name: web}
  components: [../components/named]
  dependsOn: [{name: front}]
  healthChecks: [{apiVersion: apps/v1, kind: Deployment, name: web, namespace: shop}]
  postBuild:
    substitute: {APP: more, REGION: here}
    substituteFrom: [{kind: Secret, name: made}, {kind: Secret, name: none, optional: true}]
---
apiVersion: source.extensions.fluxcd.io/v1beta1
kind: ArtifactGenerator
metadata: {name: parts, namespace: flux-system}
spec:
  sources: [{alias: repo, kind: GitRepository, name: flux-system}]
  artifacts:
    - name: part
      copy: [{from: "@repo/kubernetes/**", to: "@artifact/kubernetes/", exclude: ["*.md"]}]
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: made, namespace: flux-system}
spec: {target: {name: made, template: {data: {a: b}}}, data: [{secretKey: t}], dataFrom: []}
---
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: flux-system}
spec:
  distribution: {version: 2.9.4}
  sync: {kind: GitRepository, url: "https://example.org/x", path: kubernetes/clusters/east}
  kustomize: {patches: [{patch: "- {op: remove, path: /a}", target: {kind: Job}}]}
-- kubernetes/more/kustomization.yaml --
namespace: shop
namePrefix: a-
resources: [web.yaml, ../apps/front/config.yaml, crd.yaml]
commonAnnotations: {owner: me}
labels: [{pairs: {team: t}, includeSelectors: true}]
images: [{name: example.org/web, newName: other/web, newTag: v2}]
replicas: [{name: web, count: 3}]
configMapGenerator: [{name: cm, literals: [a=b], files: [k=web.yaml], envs: [vars.env]}]
secretGenerator: [{name: se, literals: [a=b], type: Opaque}]
generatorOptions: {labels: {g: h}}
replacements:
  - source: {kind: ConfigMap, name: config, fieldPath: data.app}
    targets: [{select: {kind: Deployment}, fieldPaths: [metadata.name]}]
vars: [{name: V, objref: {kind: Deployment, name: web, apiVersion: apps/v1}}]
patchesStrategicMerge: [patch.yaml]
patchesJson6902:
  - target: {group: apps, version: v1, kind: Deployment, name: web}
    patch: '[{"op": "add", "path": "/metadata/labels/q", "value": "r"}]'
sortOptions: {order: legacy, legacySortOptions: {orderFirst: [Namespace], orderLast: [Secret]}}
configurations: [conf.yaml]
buildMetadata: [originAnnotations]
-- kubernetes/more/vars.env --
A=1
-- kubernetes/more/conf.yaml --
nameReference: [{kind: ConfigMap, version: v1, fieldSpecs: [{path: spec/x, kind: Wheel}]}]
varReference: [{path: spec/template/spec/containers/args, kind: Deployment}]
-- kubernetes/more/patch.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: main, resources: {limits: {cpu: 1}}}]}}}
-- kubernetes/more/crd.yaml --
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: wheels.example.org}
spec:
  group: example.org
  scope: Cluster
  names: {kind: Wheel, plural: wheels}
  versions: [{name: v1, served: true, storage: true}]
-- kubernetes/more/web.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: main
          image: example.org/web:1
          args: [$(V), '${t:-x}']
          envFrom: [{configMapRef: {name: cm}}]
          env: [{name: A, valueFrom: {secretKeyRef: {name: se, key: a}}}]
-- kubernetes/apps/front/more.yaml --
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: more, namespace: front}
spec:
  chart:
    spec:
      chart: web
      version: "1.x"
      sourceRef: {kind: HelmRepository, name: repo}
      valuesFiles: [values.yaml]
  valuesFrom:
    - {kind: ConfigMap, name: config, valuesKey: app, targetPath: a.b}
    - {kind: Secret, name: none, optional: true}
  values: {a: {b: 1}, list: [1, 2]}
  postRenderers:
    - kustomize:
        patches:
          - patch: "- {op: add, path: /metadata/labels, value: {a: b}}"
            target: {kind: ConfigMap}
        images: [{name: x, newTag: "1"}]
  commonMetadata: {labels: {a: b}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: repo, namespace: front}
spec: {url: oci://example.org, type: oci}
-- gitops.lock.d/east/front/front.yaml --
chart: oci://example.org/web
version: 1.2.3
digest: sha256:aa
values: sha256:bb
objects:
  v1 ConfigMap:
  - name: a
-- .sourceignore --
*.md
!keep.md
""").files
FRONT = "kubernetes/apps/front/kustomization.yaml"
FILES = {
    **fleets.files(),
    **MORE,
    FRONT: fleets.files()[FRONT].replace("  - release.yaml\n", "  - release.yaml\n  - more.yaml\n"),
}
TOKENS = (
    *("${", "}", "{{", "- ", ": ", "[", "]", "{", "&a ", "*a", "!!binary ", "null", "~", "-1"),
    *("1e999", "0x1F", "true", "\t", "\x00", "'", '"', "|\n", "---\n", "<<: *a", "#", "\n", "  "),
    *("${a:=b}", "%", "@", "\u2028", "9" * 40, "..", "/", "kind: List\nitems: [5]\n"),
)
VALUES: tuple[Any, ...] = (
    *(5, -1, 1.5, 10**30, True, None, "", [], {}, "x", [5], [None], {"a": 5}, {"a": None}, [[]]),
    *("a/b", "../..", "/etc", {"5": "5"}, "x" * 300, "${a}", "\n", "a: b", "- {op: add}"),
    *({"kind": "List", "items": [5]}, {"kind": 5}, "*", "[", "(", ["a", "a"], "sha256:x"),
)
FIELDS = ("kind", "metadata", "name", "namespace", "spec", "resources", "patches", "$patch", "path")


def test_the_fleet_is_sound_before_it_is_changed() -> None:
    fleet = built({path: content.encode() for path, content in FILES.items()})
    told = Knowledge(outside_told=True)
    assert set(outcomes(fleet).values()) == {"Rendered"}
    assert [each.rule for each in engine.check(fleet, told) if each.severity == "error"] == [
        "lock/stale-values",
        "flux/healthcheck-missing",
        "flux/controller-missing",
        "object/namespace-missing",
    ]


@pytest.mark.parametrize("part", range(8))
def test_a_changed_fleet_is_built_or_refused(part: int) -> None:
    for seed in range(part * RUNS, (part + 1) * RUNS):
        files = changed(random.Random(seed))
        try:
            build(files)
        except Exception as cause:
            cause.add_note(f"seed {seed}")
            raise


def build(files: dict[str, bytes]) -> None:
    """All that a build and a check do, but for rendering charts; nothing may be raised."""
    fleet = built(files)
    found = engine.check(fleet)
    assert all(isinstance(each, Finding) and each.message for each in found)
    shown = [
        *json.report(fleet, found),
        *json.fleet(fleet, origin=True),
        *text.report(fleet, found),
        *tree.lines(fleet),
        *names.lines(fleet),
        *yaml.documents(fleet, origin=True),
    ]
    "".join(shown).encode()


def built(files: dict[str, bytes]) -> Fleet:
    renders = Renders({"web": chart(MAP), "cluster": chart(MAP, asks=True)})
    given = Outside(renders=renders, charts=Charts(stored("web", "1.2.3"), stored("cluster")))
    return compiled(files, given, *ENTRIES)


def changed(rnd: random.Random) -> dict[str, bytes]:
    """The fleet with a few of its files changed."""
    files = {path: content.encode() for path, content in FILES.items()}
    for _ in range(rnd.choice((1, 1, 1, 2, 4))):
        path = rnd.choice(sorted(files))
        chance = rnd.random()
        if chance < 0.03:
            del files[path]
        elif chance < 0.05:
            files[f"{path}/file.yaml"] = files.pop(path)
        elif chance < 0.65:
            files[path] = restructured(rnd, files[path])
        else:
            files[path] = rewritten(rnd, files[path].decode(errors="replace"))
    return files


def restructured(rnd: random.Random, content: bytes) -> bytes:
    """Documents with some of their fields replaced, removed, copied or added."""
    documents, _ = yamlio.parse(content, "fuzz.yaml")
    bodies = [deepcopy(document.value) for document in documents]
    for body in bodies:
        for _ in range(rnd.choice((0, 1, 1, 2))):
            change(rnd, body)
    return "---\n".join(yamlio.dump(body) for body in bodies).encode(errors="replace")


def change(rnd: random.Random, body: Any) -> None:
    places = list(containers(body))
    if not places:
        return
    place = rnd.choice(places)
    key = rnd.choice(list(place) if isinstance(place, dict) else range(len(place)))
    match rnd.randrange(4):
        case 0:
            del place[key]
        case 1:
            place[key] = deepcopy(rnd.choice(places))
        case 2 if isinstance(place, dict):
            place[rnd.choice(FIELDS)] = deepcopy(rnd.choice(VALUES))
        case _:
            place[key] = deepcopy(rnd.choice(VALUES))


def containers(value: Any) -> list[Any]:
    """All mappings and lists that hold something."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    found = [each for item in inner for each in containers(item)]
    return [value, *found] if inner else found


def rewritten(rnd: random.Random, content: str) -> bytes:
    """Text with pieces inserted, removed or repeated; now and then in another encoding."""
    for _ in range(rnd.choice((1, 1, 2, 4))):
        at, other = rnd.randrange(len(content) + 1), rnd.randrange(len(content) + 1)
        match rnd.randrange(3):
            case 0:
                content = content[:at] + rnd.choice(TOKENS) + content[at:]
            case 1:
                content = content[:at] + content[at + rnd.choice((1, 3, 10, 50)) :]
            case _:
                content = content[:at] + content[other : other + 50] + content[at:]
    return content.encode("latin-1" if rnd.random() < 0.1 else "utf-8", errors="replace")
