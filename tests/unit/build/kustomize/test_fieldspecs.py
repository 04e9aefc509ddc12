"""Field specs: which types they select, how they merge, and how they are walked."""

from typing import Any

import pytest

from gitops.build.kustomize import config, fieldspecs
from gitops.build.kustomize.defaults import DEFAULT
from gitops.build.kustomize.fieldspecs import creating, field_spec
from gitops.build.kustomize.problem import Problem


def put(holder: Any, key: Any) -> None:
    holder[key] = "new"


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("a/b", ("a", "b")),
        ("/a/b", ("a", "b")),
        (r"a/b\/c/d", ("a", "b/c", "d")),
        ("a[]/b", ("a[]", "b")),
        ("a/0/b", ("a", "", "b")),
        ("a/[x=y]", ("a", "")),
        ("", ("",)),
    ],
)
def test_a_path_is_split_at_slashes(path: str, parts: tuple[str, ...]) -> None:
    assert fieldspecs.split_path(path) == parts


@pytest.mark.parametrize(
    ("path", "create", "before", "after"),
    [
        ("a/b", False, {"a": {"b": 1}}, {"a": {"b": "new"}}),
        ("a/b", False, {"a": {}}, {"a": {}}),
        ("a/b", False, {"a": None}, {"a": None}),
        ("a/b", True, {}, {"a": {"b": "new"}}),
        ("a/b", True, {"a": None}, {"a": {"b": "new"}}),
        (
            "a/b",
            False,
            {"a": [{"b": 1}, {}, None, {"b": 2}]},
            {"a": [{"b": "new"}, {}, None, {"b": "new"}]},
        ),
        ("a[]/b", True, {"a": None}, {"a": []}),
        ("a[]/b", True, {}, {}),
        ("a[]/b", True, {"a": [{}]}, {"a": [{"b": "new"}]}),
    ],
)
def test_a_walk_reaches_the_field(
    path: str, create: bool, before: dict[str, Any], after: dict[str, Any]
) -> None:
    problem = fieldspecs.walk(before, fieldspecs.split_path(path), put, str if create else None)
    assert (problem, before) == (None, after)


@pytest.mark.parametrize("body", [{"a": "text"}, {"a": [1]}])
def test_a_walk_ends_at_a_single_value(body: dict[str, Any]) -> None:
    assert isinstance(fieldspecs.walk(body, ("a", "b"), put), Problem)


def test_a_spec_for_all_types_gives_way_to_one_for_a_single_type() -> None:
    single, general = field_spec("a", "Thing"), field_spec("a")
    merged = fieldspecs.merge(fieldspecs.specs([single]), [general])
    assert not isinstance(merged, Problem)
    assert merged.items == (single,)
    merged = fieldspecs.merge(fieldspecs.specs([general]), [single])
    assert not isinstance(merged, Problem)
    assert merged.items == (single, general)


def test_specs_that_differ_in_create_are_a_conflict() -> None:
    specs = fieldspecs.specs([field_spec("a")])
    assert isinstance(fieldspecs.merge(specs, [creating("a")]), Problem)


def test_merging_what_is_there_changes_nothing() -> None:
    assert config.merge(DEFAULT, DEFAULT) is DEFAULT
    assert config.merge(config.NOTHING, DEFAULT) is DEFAULT
    merged = config.merge(DEFAULT, config.NOTHING)
    assert merged is DEFAULT


def test_the_built_in_configuration_hides_nothing() -> None:
    """That it is settled is stated where it is made; here it is made sure of."""
    for field in config.FIELDS.values():
        specs = getattr(DEFAULT, field)
        merged = fieldspecs.merge(fieldspecs.specs(()), specs.items)
        assert not isinstance(merged, Problem)
        assert merged.items == specs.items
