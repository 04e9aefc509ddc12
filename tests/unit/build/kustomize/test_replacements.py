"""Values copied from one object into others."""

from collections.abc import Sequence
from typing import Any

import pytest

from gitops.build.kustomize import replacements
from gitops.model.finding import Severity
from gitops.model.ids import ObjectId, id_of
from gitops.model.origin import Location
from gitops.sources import yamlio
from gitops.sources.tree import MemoryTree

AT = Location("kustomization.yaml")
OBJECTS = b"""\
apiVersion: v1
kind: ConfigMap
metadata: {name: source, namespace: n, labels: {app: x}}
data:
  host: example.com:8080/path
  port: "9090"
  json: '{"a": {"b": "c<", "n": 5}, "l": [1]}'
  pretty: "{\\n  \\"k\\": 1\\n}"
  yaml: "k: v"
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: target, annotations: {a.b/c: "1"}}
spec:
  replicas: 3
  paused: false
  none:
  containers:
    - {name: web, image: "nginx:1", env: [{name: P, value: "80"}]}
    - {name: web-2, image: "side:2"}
  list: [a, b]
"""


class Subject:
    """An object with ids."""

    def __init__(self, body: dict[str, Any], *former: ObjectId) -> None:
        self.body = body
        self.former = former

    @property
    def ids(self) -> Sequence[ObjectId]:
        return (id_of(self.body), *self.former)


def subjects() -> list[Subject]:
    return [Subject(each.value) for each in yamlio.parse(OBJECTS, "f", nulls=True)[0]]


def run(source: Any, path: str, **options: Any) -> tuple[Any, list[str]]:
    """The target's spec and metadata (or the source's data) after a copy, and the findings."""
    target = {"select": {"kind": "Deployment"}, "fieldPaths": [path], "options": options}
    return fill(source, target)


def fill(source: Any, *targets: dict[str, Any]) -> tuple[Any, list[str]]:
    found = subjects()
    entry: dict[str, Any] = {"targets": list(targets)}
    entry |= source if isinstance(source, dict) else {"sourceValue": source}
    findings = replacements.apply([entry], found, AT)
    changed = [
        each.body for each, old in zip(found, subjects(), strict=True) if each.body != old.body
    ]
    return changed[0] if changed else None, [each.message for each in findings]


def at(body: Any, *path: str | int) -> Any:
    for part in path:
        body = body[part]
    return body


CONFIG = {"kind": "ConfigMap"}


@pytest.mark.parametrize(
    ("source", "path", "options", "where", "value"),
    [
        ({"source": CONFIG}, "metadata.labels.from", {"create": True},
         ("metadata", "labels", "from"), "source"),
        ({"source": {**CONFIG, "fieldPath": "data.port"}}, "spec.replicas", {},
         ("spec", "replicas"), 9090),
        ({"source": {**CONFIG, "fieldPath": "data.port"}}, "spec.new.port", {"create": True},
         ("spec", "new", "port"), 9090),
        ({"source": {**CONFIG, "fieldPath": "data.host",
                     "options": {"delimiter": ":", "index": 0}}},
         "metadata.annotations.a\\.b/c", {}, ("metadata", "annotations", "a.b/c"), "example.com"),
        ("x", "metadata.annotations.[a.b/c]", {}, ("metadata", "annotations", "a.b/c"), "x"),
        ("2", "spec.containers.[name=^web$].image", {"delimiter": ":", "index": 1},
         ("spec", "containers", 0, "image"), "nginx:2"),
        ("hub", "spec.containers.0.image", {"delimiter": "/", "index": -1},
         ("spec", "containers", 0, "image"), "hub/nginx:1"),
        ("v", "spec.containers.1.image", {"delimiter": ":", "index": 9},
         ("spec", "containers", 1, "image"), "side:2:v"),
        ("81", "spec.containers.*.env.[name=P].value", {},
         ("spec", "containers", 0, "env", 0, "value"), "81"),
        ("z", "spec.list.[=b]", {}, ("spec", "list"), ["a", "z"]),
        ("z", "spec.list.2", {"create": True}, ("spec", "list"), ["a", "b", "z"]),
        ("q", "spec.containers.[name=new].image", {"create": True},
         ("spec", "containers", 2), {"name": "new", "image": "q"}),
        ({"source": {"kind": "Deployment", "fieldPath": "spec.list"}}, "spec.containers.0", {},
         ("spec", "containers", 0), ["a", "b"]),
        ({"source": {"kind": "Deployment", "fieldPath": "spec.containers.[name=web].env"}},
         "spec.copy", {"create": True}, ("spec", "copy"), [{"name": "P", "value": "80"}]),
    ],
)  # fmt: skip
def test_copying(
    source: Any, path: str, options: dict[str, Any], where: tuple[str | int, ...], value: Any
) -> None:
    body, findings = run(source, path, **options)
    assert findings == []
    assert at(body, *where) == value


def test_a_pattern_matches_anywhere_in_the_name() -> None:
    body, findings = run("x", "spec.containers.[name=web].image")
    assert findings == []
    assert [each["image"] for each in body["spec"]["containers"]] == ["x", "x"]


@pytest.mark.parametrize(
    ("path", "key", "text"),
    [
        ("data.json.a.b", "json", '{"a":{"b":"9","n":5},"l":[1]}'),
        ("data.json.a.n", "json", '{"a":{"b":"c\\u003c","n":9},"l":[1]}'),
        ("data.json.l.0", "json", '{"a":{"b":"c\\u003c","n":5},"l":[9]}'),
        ("data.pretty.k", "pretty", '{\n  "k": 9\n}'),
    ],
)
def test_json_in_a_text_is_filled_in(path: str, key: str, text: str) -> None:
    body, findings = fill("9", {"select": CONFIG, "fieldPaths": [path]})
    assert findings == []
    assert body["data"][key] == text


@pytest.mark.parametrize(
    ("source", "path", "options", "message"),
    [
        ("x", "spec.missing", {}, "there is no such field"),
        ("x", "spec.replicas", {}, "'x' cannot stand where 3 stands, which is no text"),
        ("yes", "spec.paused", {}, "'yes' cannot stand where False stands, which is no text"),
        ("x", "spec.none", {}, "'x' cannot stand where None stands, which is no text"),
        ("x", "spec.list", {"delimiter": "/"}, "a delimiter only divides a single value"),
        ("x", "spec.list.7", {}, "there are 2 elements, and 7 counts from 0"),
        ("x", "spec.*", {}, "* asks for the elements of what is no list"),
        ("x", "spec.list.name", {}, "name asks for a field of what is no mapping"),
        ("x", "spec.[name=a]", {}, "[name=a] asks for the elements of what is no list"),
        ("x", "spec.replicas.x", {}, "replicas holds a single value"),
        ("x", "spec.list.[b]", {}, "[b] must be [field=value]"),
    ],
)  # fmt: skip
def test_targets_that_do_not_fit(
    source: Any, path: str, options: dict[str, Any], message: str
) -> None:
    body, findings = run(source, path, **options)
    assert body is None
    assert findings == [f"{path} of Deployment/target: {message}"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ({}, "a replacement needs a source and targets"),
        ({"source": CONFIG, "sourceValue": "x"},
         "a replacement has both source and sourceValue"),
        ({"source": {"kind": "Secret"}}, "no object is the source kind Secret"),
        ({"source": {}}, "2 objects could be the source anything"),
        ({"source": {**CONFIG, "fieldPath": "data.none"}}, "kind ConfigMap has no data.none"),
        ({"source": {**CONFIG, "fieldPath": "data.*"}},
         "data.* of kind ConfigMap: * cannot be used where one value is wanted"),
        ({"source": {**CONFIG, "fieldPath": "data.host",
                     "options": {"delimiter": ":", "index": 2}}},
         "index 2 is beyond the 2 parts of 'example.com:8080/path'"),
    ],
)  # fmt: skip
def test_sources_that_do_not_fit(source: dict[str, Any], message: str) -> None:
    assert fill(source, {"select": {}}) == (None, [message])


def test_yaml_in_a_text_is_not_supported() -> None:
    _, findings = fill("9", {"select": CONFIG, "fieldPaths": ["data.yaml.k"]})
    assert findings == [
        "data.yaml.k of ConfigMap/n/source: replacing inside YAML in a text is not supported here"
    ]


@pytest.mark.parametrize(
    ("target", "names"),
    [
        ({"select": {"name": "source|target"}}, ["source", "target"]),
        ({"select": {"kind": "Deploy"}}, []),
        ({"select": {"namespace": "n"}}, ["source"]),
        ({"select": {"labelSelector": "app in (x, y)"}}, ["source"]),
        ({"select": {"annotationSelector": "a.b/c=1"}}, ["target"]),
        ({"select": {}, "reject": [{"kind": "ConfigMap"}]}, ["target"]),
        ({"select": {}, "reject": [{"labelSelector": "app"}]}, ["target"]),
        ({"select": {"name": "before"}}, ["target"]),
    ],
)
def test_targets_are_selected_by_patterns_of_any_id(
    target: dict[str, Any], names: list[str]
) -> None:
    found = subjects()
    found[1].former = (ObjectId("apps", "v1", "Deployment", "default", "before"),)
    options = {"fieldPaths": ["metadata.uid"], "options": {"create": True}}
    findings = replacements.apply([{"sourceValue": "u", "targets": [target | options]}], found, AT)
    chosen = [each for each in found if each.body["metadata"].get("uid") == "u"]
    assert [each.body["metadata"]["name"] for each in chosen] == names
    assert [(each.rule, each.severity) for each in findings] == (
        [] if names else [("kustomize/dead-replacement", Severity.WARNING)]
    )


def test_replacements_may_stand_in_files() -> None:
    tree = MemoryTree(
        {
            "app/one.yaml": "sourceValue: x\ntargets: [{select: {kind: A}}]\n",
            "app/two.yaml": "- sourceValue: z\n  targets: []\n- source: {kind: B}\n  targets: []\n",
            "app/bad.yaml": "source: 1\ntargets: [{select: {kind: [A]}}]\n",
        }
    )
    entries: list[dict[str, Any]]
    entries = [{"path": "one.yaml"}, {"sourceValue": "i", "targets": []}, {"path": "two.yaml"}]
    loaded, findings = replacements.load(entries, tree, "app", AT)
    assert findings == ()
    assert [each.get("sourceValue") for each in loaded] == ["x", "i", "z", None]
    loaded, findings = replacements.load(
        [{"path": "bad.yaml"}, {"path": "none.yaml"}, {"path": "x", "source": {"kind": "A"}}],
        tree,
        "app",
        AT,
    )
    assert [(each.rule, str(each.at)) for each in findings] == [
        ("kustomize/replacement", "app/bad.yaml:1"),
        ("kustomize/replacement", "app/bad.yaml:2"),
        ("kustomize/missing-file", "kustomization.yaml"),
        ("kustomize/replacement", "kustomization.yaml"),
    ]
