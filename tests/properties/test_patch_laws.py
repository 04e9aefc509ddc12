"""What holds for every patch."""

import copy
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gitops.build.kustomize import jsonpatch, openapi, strategic
from gitops.build.kustomize.jsonpatch import Operation
from gitops.build.kustomize.problem import Problem
from gitops.sources.yamlio import Null

TYPES = openapi.builtin()
NAME = st.sampled_from(["a", "b", "c"])
SCALAR = st.sampled_from(["x", "80", "", 80, 0, 1.5, True, False])
NULLS = st.sampled_from([None, Null.WRITTEN])
DIRECTIVE = st.sampled_from(["delete", "replace", "merge"])
LEAF = SCALAR | NULLS
TREE = st.recursive(
    LEAF,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAME, inner, max_size=3),
    max_leaves=8,
)
ELEMENT = st.fixed_dictionaries(
    {},
    optional={
        "name": NAME,
        "containerPort": st.sampled_from([80, 81]),
        "protocol": st.sampled_from(["TCP", "UDP"]),
        "env": st.lists(
            st.fixed_dictionaries({"name": NAME}, optional={"value": SCALAR}), max_size=3
        ),
        "x": TREE,
    },
)
LIST = st.lists(ELEMENT | SCALAR, max_size=4)
POD = st.fixed_dictionaries(
    {"apiVersion": st.just("v1"), "kind": st.just("Pod"), "metadata": st.just({"name": "p"})},
    optional={
        "spec": st.dictionaries(
            st.sampled_from(["containers", "volumes", "tolerations", "imagePullSecrets"]), LIST
        ),
        "x": TREE,
    },
)
WITH_DIRECTIVES = POD | st.builds(lambda body, say: {**body, "$patch": say}, POD, DIRECTIVE)
POINTER = st.lists(st.sampled_from(["a", "b", "0", "1", "-", "-1", "x~1y", ""]), max_size=3).map(
    lambda parts: "".join(f"/{part}" for part in parts)
)
OPERATION = st.builds(
    Operation,
    st.sampled_from(["add", "remove", "replace", "move", "copy", "test", "bogus"]),
    st.none() | POINTER,
    TREE,
    st.none() | POINTER,
)
BOUNDED = settings(max_examples=300, deadline=None)


def merged(target: Any, patch: Any) -> Any:
    return strategic.merge(copy.deepcopy(target), patch, TYPES)


def settled(body: Any) -> Any:
    """The body as a merge leaves it when the patch says nothing."""
    return merged(body, {})


@BOUNDED
@given(POD)
def test_an_empty_patch_changes_nothing_that_has_been_merged_once(body: dict[str, Any]) -> None:
    once = settled(body)
    assume(not isinstance(once, Problem))
    assert settled(once) == once


@BOUNDED
@given(st.dictionaries(NAME, TREE.filter(lambda tree: tree is not None), max_size=3))
def test_an_empty_patch_keeps_objects_without_empty_fields(tree: dict[str, Any]) -> None:
    body = {"apiVersion": "example.com/v1", "kind": "Widget", "x": _filled(tree)}
    assert settled(body) == body


@BOUNDED
@given(POD, WITH_DIRECTIVES)
def test_a_patch_is_never_changed(body: dict[str, Any], patch: dict[str, Any]) -> None:
    before = copy.deepcopy(patch)
    merged(body, patch)
    assert patch == before


@BOUNDED
@given(st.dictionaries(NAME, TREE, max_size=3), st.dictionaries(NAME, TREE, max_size=3))
def test_merging_twice_is_merging_once_where_no_list_has_keys(
    target: dict[str, Any], patch: dict[str, Any]
) -> None:
    once = merged({"x": target}, {"x": patch})
    if not isinstance(once, Problem):
        assert merged(once, {"x": patch}) == once


@BOUNDED
@given(POD, WITH_DIRECTIVES)
def test_merging_gives_an_object_a_problem_or_nothing(
    body: dict[str, Any], patch: dict[str, Any]
) -> None:
    result = merged(body, patch)
    assert result is None or isinstance(result, dict | Problem)


@BOUNDED
@given(st.dictionaries(NAME, TREE, max_size=3), st.lists(OPERATION, max_size=4))
def test_a_json_patch_gives_an_object_or_a_problem(
    body: dict[str, Any], operations: list[Operation]
) -> None:
    before = copy.deepcopy(operations)
    result = jsonpatch.apply(copy.deepcopy(body), operations)
    assert isinstance(result, dict | Problem)
    assert operations == before


@BOUNDED
@given(st.dictionaries(NAME, TREE, max_size=3), NAME, TREE)
def test_what_is_added_is_there_and_can_be_removed(
    body: dict[str, Any], name: str, value: Any
) -> None:
    path = f"/{name}"
    added = jsonpatch.apply(
        copy.deepcopy(body), [Operation("add", path, value), Operation("test", path, value)]
    )
    assert isinstance(added, dict)
    assert set(added) == {*body, name}
    removed = jsonpatch.apply(added, [Operation("remove", path)])
    assert isinstance(removed, dict)
    assert set(removed) == {*body} - {name}


def _filled(tree: Any) -> Any:
    """The tree without fields that stand for nothing."""
    if isinstance(tree, dict):
        return {key: _filled(item) for key, item in tree.items() if item is not None}
    return tree
