"""Kustomize's own files are read as Go reads them."""

from typing import Any

import pytest

from gitops.build.kustomize import fields

TYPE = {"name": str, "count": int, "on": bool, "list": [str], "map": dict, "any": object}


def check(value: Any, **options: bool) -> tuple[Any, list[str]]:
    mistakes: list[fields.Mistake] = []
    checked = fields.check(value, TYPE, mistakes, **options)
    return checked, [mistake.problem.message for mistake in mistakes]


def test_fields_get_their_proper_names_and_nulls_go() -> None:
    value = {"NAME": "a", "Count": 1, "on": None, "list": ["x", None], "map": {"k": None}}
    assert check(value) == ({"name": "a", "count": 1, "list": ["x", ""], "map": {"k": ""}}, [])


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"name": 5}, "'name' must be a string"),
        ({"count": "5"}, "'count' must be a whole number"),
        ({"count": True}, "'count' must be a whole number"),
        ({"count": 1.5}, "'count' must be a whole number"),
        ({"on": "yes"}, "'on' must be true or false"),
        ({"list": "a"}, "'list' must be a list"),
        ({"list": [1]}, "'list[0]' must be a string"),
        ({"map": {"k": 1}}, "'map.k' must be a string"),
        ({"map": []}, "'map' must be a mapping of strings"),
        ({"name": "a", "NAME": "b"}, "'NAME' is given twice, spelled differently"),
        ({"nam": "a"}, "the field 'nam' is not known"),
        ([], "the file must be a mapping"),
    ],
)
def test_what_does_not_fit_is_a_mistake(value: Any, message: str) -> None:
    assert check(value)[1] == [message]


def test_the_configuration_of_a_plugin_may_have_numbers_for_strings_and_fields_of_its_own() -> None:
    value = {"name": 5, "map": {"a": True, "b": 1.5}, "other": 1}
    assert check(value, strict=False, lenient=True) == (
        {"name": "5", "map": {"a": "true", "b": "1.5"}},
        [],
    )
