"""Strategic merge patches."""

from typing import Any

import pytest

from gitops.build.kustomize import openapi, strategic
from gitops.build.kustomize.problem import Problem
from gitops.sources import yamlio


def read(text: str) -> dict[str, Any]:
    documents, findings = yamlio.parse(text.encode(), "f.yaml", nulls=True)
    assert not findings
    body: dict[str, Any] = documents[0].value
    return body


def merged(target: str, patch: str) -> Any:
    """The result as YAML, a Problem, or None."""
    result = strategic.merge(read(target), read(patch), openapi.builtin())
    return yamlio.dump(result) if isinstance(result, dict) else result


POD = "apiVersion: v1\nkind: Pod\n"
WIDGET = "apiVersion: example.com/v1\nkind: Widget\n"

CASES = {
    "fields are set, kept and removed": (
        WIDGET + "a: 1\nb: {c: 2, d: 3}\n",
        "b: {c: null, e: 4}\nf: 5\n",
        WIDGET + "a: 1\nb:\n  d: 3\n  e: 4\nf: 5\n",
    ),
    "lists of unknown kinds are replaced": (
        WIDGET + "a: [{name: x, v: 1}]\n",
        "a: [{name: z}]\n",
        WIDGET + "a:\n  - name: z\n",
    ),
    "nulls in what is added vanish, but not in its lists": (
        WIDGET,
        "a: {b: null, c: [null], d: {e: null}}\n",
        WIDGET + "a:\n  c:\n    - null\n  d: {}\n",
    ),
    "fields of the target without a value vanish, written nulls stay": (
        WIDGET + "a:\nb: null\nc:\n  d:\n  e: ~\nf: [{g: }]\n",
        "x: 1\n",
        WIDGET + 'b: null\nc:\n  e: null\nf:\n  - g: ""\nx: 1\n',
    ),
    "elements merge by their key, those of the patch first": (
        POD + "spec:\n  containers:\n    - {name: a, image: a:1}\n    - {name: b, image: b:1}\n",
        POD + "spec:\n  containers:\n    - {name: c}\n    - {name: b, image: b:2}\n",
        POD + "spec:\n  containers:\n    - name: c\n    - name: b\n      image: b:2\n"
        "    - name: a\n      image: a:1\n",
    ),
    "elements are deleted by a directive": (
        POD + "spec:\n  containers:\n    - {name: a}\n    - {name: b}\n",
        POD + "spec:\n  containers:\n    - {name: a, $patch: delete}\n",
        POD + "spec:\n  containers:\n    - name: b\n",
    ),
    "a list is replaced by a directive that stands alone": (
        POD + "spec:\n  containers:\n    - {name: a}\n",
        POD + "spec:\n  containers:\n    - $patch: replace\n    - {name: z}\n",
        POD + "spec:\n  containers:\n    - name: z\n",
    ),
    "a mapping is replaced or deleted by a directive": (
        POD + "spec:\n  nodeSelector: {a: x}\n  affinity: {nodeAffinity: {}}\n",
        POD + "spec:\n  nodeSelector: {$patch: replace, b: z}\n  affinity: {$patch: delete}\n",
        POD + "spec:\n  nodeSelector:\n    b: z\n",
    ),
    "a port without a protocol is the one with it, and what the patch says of it is lost": (
        POD + "spec:\n  containers:\n    - name: a\n      ports:\n"
        "        - {containerPort: 80, protocol: TCP}\n",
        POD + "spec:\n  containers:\n    - name: a\n      ports:\n"
        "        - {containerPort: 80, name: web}\n",
        POD + "spec:\n  containers:\n    - name: a\n      ports:\n        - containerPort: 80\n"
        "          protocol: TCP\n",
    ),
    "replacing one element changes nothing": (
        POD + "spec:\n  containers:\n    - {name: a, image: a:1}\n",
        POD + "spec:\n  containers:\n    - {name: a, $patch: replace, args: [x]}\n",
        POD + "spec:\n  containers:\n    - name: a\n      image: a:1\n",
    ),
    "finalizers are joined": (
        POD + "metadata:\n  finalizers: [a, b]\n",
        POD + "metadata:\n  finalizers: [c, a]\n",
        POD + "metadata:\n  finalizers:\n    - c\n    - a\n    - b\n",
    ),
    "the quotes of what is replaced stay": (
        WIDGET + 'a: "8080"\nb: text\nc: 1\nd: "true"\n',
        'a: 9090\nb: 5\nc: "2"\nd: false\n',
        WIDGET + 'a: "9090"\nb: 5\nc: "2"\nd: "false"\n',
    ),
    "replacing the whole object changes nothing": (
        WIDGET + "a: 1\n",
        "$patch: replace\nb: 2\n",
        WIDGET + "a: 1\n",
    ),
    "an object inside an object is known by its kind": (
        WIDGET + f"t:\n  {POD.strip().replace(chr(10), chr(10) + '  ')}\n"
        "  spec:\n    containers: [{name: a}]\n",
        "t:\n  spec:\n    containers: [{name: b}]\n",
        WIDGET + "t:\n  apiVersion: v1\n  kind: Pod\n"
        "  spec:\n    containers:\n      - name: b\n      - name: a\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_merging(case: str) -> None:
    target, patch, result = CASES[case]
    assert merged(target, patch) == result


def test_a_patch_can_delete_the_object() -> None:
    assert merged(POD, "$patch: delete\n") is None


@pytest.mark.parametrize(
    ("target", "patch", "problem"),
    [
        ("a: {b: 1}", "a: [1]",
         Problem("at a: the patch has a list where the object has a mapping",
                 "patch it with a mapping, or replace the field with a JSON patch")),
        ("a: {b: [1]}", "a: {b: x}",
         Problem("at a.b: the patch has a single value where the object has a list",
                 "patch it with a list, or replace the field with a JSON patch")),
        ("a: {b: 1}", "a: {$patch: remove}",
         Problem("at a: unknown patch strategy 'remove'", "use delete, replace or merge")),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_a_problem(target: str, patch: str, problem: Problem) -> None:
    assert merged(WIDGET + target, patch) == problem


def test_the_patch_is_left_alone_and_shares_nothing() -> None:
    patch = read("a: {b: [1], $patch: merge}\nc: [{d: 1}]\n")
    before = yamlio.dump(patch)
    result = strategic.merge(read(WIDGET), patch, openapi.builtin())
    assert isinstance(result, dict)
    result["a"]["b"].append(2)
    result["c"][0]["d"] = 3
    assert yamlio.dump(patch) == before
