"""The kustomization that Flux builds, and what it does to objects after, against its libraries."""

from pathlib import Path
from typing import Any

import pytest

from gitops.build.flux import generate, prepare
from gitops.model import flux, manifest
from gitops.model.finding import Severity
from gitops.model.flux import Kustomization
from gitops.model.origin import Location, Origin
from gitops.sources import yamlio
from gitops.sources.disk import DiskTree
from gitops.sources.tree import MemoryTree
from gitops.sources.yamlio import Dialect
from tests.oracle import fluxlib

pytestmark = pytest.mark.oracle

OBJECT = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"
IMAGES = (
    "resources: [a.yaml]\nimages:\n- name: one\n  newName: r/one\n  newTag: '1'\n"
    "- name: two\n  newTag: '2'\n  digest: sha256:0\n"
)
FULL = (
    "resources: [a.yaml]\nnamespace: web\nnamePrefix: p-\npatches:\n- path: p.yaml\n"
    "  target: {kind: X}\ncomponents: [../shared/c]\nbuildMetadata: [managedByLabel]\n"
)
TREES: dict[str, dict[str, str]] = {
    "plain": {"apps/kustomization.yaml": "resources: [a.yaml]\n", "apps/a.yaml": OBJECT},
    "full": {"apps/kustomization.yml": FULL},
    "images": {"apps/Kustomization": IMAGES},
    "empty file": {"apps/kustomization.yaml": ""},
    "no resources": {"apps/kustomization.yaml": "namespace: x\nbuildMetadata: [managedByLabel]\n"},
    "null resources": {"apps/kustomization.yaml": "resources:\nnamespace: x\n"},
    "other cases": {"apps/kustomization.yaml": "Resources: [a.yaml]\nNAMESPACE: x\nwhat: [1]\n"},
    "two documents": {"apps/kustomization.yaml": "resources: [a]\n---\nresources: [b]\n"},
    "broken file": {"apps/kustomization.yaml": "resources: [a\n"},
    "list file": {"apps/kustomization.yaml": "- a\n"},
    "nothing": {"apps/README.md": ""},
    "no path": {"other/a.yaml": OBJECT},
    "walk": {
        "apps/z.yaml": OBJECT,
        "apps/b-c.yaml": OBJECT,
        "apps/b/c.yaml": OBJECT,
        "apps/b.yaml": OBJECT,
        "apps/.hidden/x.yml": OBJECT,
        "apps/own/kustomization.yaml": "",
        "apps/own/values.yaml": "a: 1\n",
        "apps/own2/Kustomization": "",
        "apps/deep/er/own/kustomization.yml": "",
        "apps/deep/er/x.YAML": "a: 1\n",
        "apps/comment.yaml": "# nothing\n",
        "apps/empty.yaml": "",
        "apps/list.yaml": "apiVersion: v1\nkind: List\nitems: []\n",
        "apps/flow.yaml": '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "b"}}',
        "apps/many.yaml": f"---\n---\n{OBJECT}---\n# no\n---\n{OBJECT}",
        "apps/quoted.yaml": '"kind": ConfigMap\n"apiVersion": v1\nmetadata: {name: c}\n',
    },
    "values": {"apps/a.yaml": OBJECT, "apps/values.yaml": "replicas: 3\n"},
    "second is foreign": {"apps/a.yaml": f"{OBJECT}---\nreplicas: 3\n"},
}
SPECS: dict[str, dict[str, Any]] = {
    "none": {},
    "names": {"targetNamespace": "n", "namePrefix": "a-", "nameSuffix": "-z"},
    "patches": {
        "patches": [
            {"patch": "x", "target": {"kind": "Deployment", "group": "apps", "version": "v1"}},
            {"patch": "y", "target": {"annotationSelector": "a=b", "labelSelector": "c"}},
            {"patch": "z"},
        ]
    },
    "components": {"components": ["../shared/c"]},
    "missing components": {
        "components": ["../none", "../shared/c", "../../../out"],
        "ignoreMissingComponents": True,
    },
    "remote component": {"components": ["https://example.com/c"]},
    "images": {
        "images": [
            {"name": "one", "newName": "mirror/one"},
            {"name": "two", "newTag": "3"},
            {"name": "three", "digest": "sha256:3", "newTag": "x"},
        ]
    },
    "metadata": {"buildMetadata": ["originAnnotations", "transformerAnnotations"]},
}


def declared(spec: dict[str, Any]) -> tuple[dict[str, Any], Kustomization]:
    body = {
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
        "kind": "Kustomization",
        "metadata": {"name": "apps", "namespace": "flux-system"},
        "spec": spec,
    }
    parsed, _ = flux.parse(manifest.manifest(body, Origin(Location("ks.yaml"))))
    assert isinstance(parsed, Kustomization)
    return body, parsed


@pytest.mark.parametrize("tree", TREES)
def test_the_kustomization_is_the_same(tree: str, tmp_path: Path) -> None:
    files = {"shared/c/kustomization.yaml": "", **TREES[tree]}
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    pairs = {name: declared({"path": "./apps", **spec}) for name, spec in SPECS.items()}
    answers = fluxlib.ask(
        {"do": "generate", "root": str(tmp_path), "path": "apps", "kustomization": body}
        for body, _ in pairs.values()
    )
    for name, theirs in zip(pairs, answers, strict=True):
        ours, findings = generate.generate(DiskTree(str(tmp_path)), pairs[name][1])
        if "error" in theirs:
            assert any(found.severity is Severity.ERROR for found in findings), (name, theirs)
            continue
        if tree == "no path":  # Flux looks for the path before it generates anything.
            assert ours is None
            continue
        assert ours is not None, findings
        (document,), _ = yamlio.parse(theirs["text"].encode(), "", Dialect.SIGS)
        assert with_type(set_fields(ours.body)) == document.value, name
        assert str(tmp_path / ours.at.path) == theirs["file"]


def with_type(body: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        **body,
    }


def set_fields(body: dict[str, Any]) -> dict[str, Any]:
    """Go leaves out what is empty."""
    return {key: value for key, value in body.items() if value not in (None, "", [], {})}


POD = {
    "initContainers": [{"name": "i", "image": "x", "ports": [{"containerPort": 1}]}],
    "containers": [
        {
            "name": "c",
            "image": "x",
            "ports": [{"containerPort": 2}, {"containerPort": 3, "protocol": "UDP"}],
        }
    ],
}
OBJECTS: list[dict[str, Any]] = [
    {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"labels": {"x": "y"}},
        "data": {"a": "b"},
    },
    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"labels": {"x": "y", "n": 5}}},
    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"labels": {"x": None}}},
    {"apiVersion": "x.io/v1", "kind": "X", "metadata": {"annotations": {"x": True, "y": "z"}}},
    {"apiVersion": "x.io/v1", "kind": "X", "metadata": {"annotations": {"y": None}}, "status": {}},
    {"apiVersion": "x.io/v1", "kind": "X", "metadata": {"labels": {"common": "own"}}},
    {
        "apiVersion": "v1",
        "kind": "Secret",
        "stringData": {"a": "é", "b": ""},
        "data": {"a": "eA=="},
    },
    {"apiVersion": "v1", "kind": "Secret", "stringData": {"a": 5}},
    {"apiVersion": "v1", "kind": "Secret", "stringData": {}, "type": "Opaque"},
    {"apiVersion": "v1", "kind": "Pod", "spec": POD},
    {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": {"spec": POD}}},
    {"apiVersion": "v1", "kind": "Service", "spec": {"ports": [{"port": 1}]}, "status": {"a": 1}},
    {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "rules": []},
    {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"},
    {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": ""}},
]
COMMON = [
    {},
    {"commonMetadata": {"labels": {"common": "1", "x": "new"}}},
    {"commonMetadata": {"annotations": {"note": "1"}}},
]


@pytest.mark.parametrize("spec", COMMON)
def test_objects_are_labelled_and_normalised_alike(spec: dict[str, Any]) -> None:
    body, wanted = declared(spec)
    bodies = [
        {**each, "metadata": {"name": "a", "namespace": "n", **each.get("metadata", {})}}
        for each in OBJECTS
    ]
    ask = {"do": "apply", "kustomization": body, "apply": True}
    answers = fluxlib.ask({**ask, "resources": [each]} for each in bodies)
    for each, theirs in zip(bodies, answers, strict=True):
        source = manifest.manifest(each, Origin(Location("a.yaml")))
        ours, _ = prepare.prepare([source], wanted, MemoryTree({}).read)
        assert [meant(found.body()) for found in ours] == [meant(o) for o in theirs["objects"]]


def meant(value: Any) -> Any:
    """The value without what Go structs leave behind: nulls, empty maps, a target port of zero."""
    if isinstance(value, dict):
        inside = {key: meant(item) for key, item in value.items() if key != "targetPort" or item}
        return {key: item for key, item in inside.items() if item not in (None, {}, [])}
    return [meant(item) for item in value] if isinstance(value, list) else value
