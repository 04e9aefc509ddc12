"""Substitution in a resource. What each case gives was asked of Flux's own libraries."""

from typing import Any

import pytest

from gitops.build.substitute import resource

VARIABLES = {
    "name": "app",
    "port": "8080",
    "on": "true",
    "version": "1.10",
    "day": "2001-01-01",
    "old": "0755",
    "word": "yes",
    "empty": "",
    "null": "null",
    "quoted": '"5"',
    "single": "'5'",
    "quote": '"',
    "list": "[a, 1]",
    "map": "{a: 1}",
    "pair": "a: b",
    "note": "a # b",
    "it": "it's",
    "back": "\\",
    "pad": " x ",
    "dash": "- x",
    "anchor": "&x z",
    "alias": "*x",
    "tag": "!!str 5",
    "huge": "12345678901234567890",
    "open": "[a",
    "slash_n": "\\n",
}

VALUES = [
    ("${name}", "app"),
    ("${name}-${port}", "app-8080"),
    ("${port}", 8080),
    ("${on}", True),
    ("${word}", True),
    ("${version}", 1.1),
    ("${day}", "2001-01-01"),
    ("${old}", 493),
    ("${empty}", None),
    ("${null}", None),
    ("${quoted}", "5"),
    ("${single}", "5"),
    ("${quote}${port}${quote}", "8080"),
    ('"${port}"', '"8080"'),
    ("'${port}'", "'8080'"),
    ("${list}", ["a", 1]),
    ("${map}", {"a": 1}),
    ("x${list}", "x[a, 1]"),
    ("${note}", "a"),
    ("${pad}", "x"),
    ("${pad}y", "x y"),
    ("a: ${port}", "a: 8080"),
    ("a: ${empty}", "a: "),
    ("# ${note}", "# a # b"),
    ("${tag}", "5"),
    ("${anchor}", "z"),
    ("${huge}", 12345678901234567000),
    ("🚀${port}", "🚀8080"),
    ("🚀${slash_n}", "🚀\n"),
    ("a\n${port}\nb", "a\n8080\nb"),
    ("a\n${empty}", "a"),
    ("a\n${empty}\n", "a\n"),
    ("a\n${empty}\n\n", "a\n\n\n"),
    ("${empty}\n  a", "\na"),
    ("\n${pad}", "\n x "),
    ("${it}", "it's"),
    ("${back}", "\\"),
    ("${no:=7}", 7),
    ("${no:=}", None),
    ("${no:=a b}", "a b"),
    ("$${name}", "${name}"),
    ("$$", "$"),
    ("word " * 15 + "long ${no:=a b} end", "word " * 15 + "long a b end"),
    ("word " * 16 + "${pad} end", "word " * 16 + " x  end"),
]


def changed(value: Any) -> Any:
    body = {"apiVersion": "v1", "kind": "X", "metadata": {"name": "n"}, "field": value}
    outcome = resource.substitute(body, VARIABLES.get)
    assert (outcome.problems, outcome.broken) == ({}, "")
    return outcome.body["field"]


@pytest.mark.parametrize(("before", "after"), VALUES)
def test_values_take_the_type_that_their_text_has(before: str, after: Any) -> None:
    assert changed(before) == after


@pytest.mark.parametrize(
    "text", ["${pair}", "${open}", "${alias}", "${dash}", "a: ${it}", "\t${quoted}"]
)
def test_a_value_can_break_the_yaml(text: str) -> None:
    outcome = resource.substitute({"field": text}, VARIABLES.get)
    assert outcome.broken
    assert outcome.body == {"field": text}


def test_in_a_list_a_value_can_bring_its_own_structure() -> None:
    assert changed(["${pair}", "${dash}", "x"]) == [{"a": "b"}, ["x"], "x"]


def test_keys_are_substituted_and_take_the_type_of_their_text() -> None:
    assert changed({"${name}/x": 1, "z${port}": 2}) == {"app/x": 1, "z8080": 2}
    assert changed({"${on}": 1, "${port}": 2}) == {"true": 1, "8080": 2}


def test_the_order_of_keys_stays() -> None:
    assert list(changed({"z": 1, "${name}": 2, "b": 3, "a": "${port}"})) == ["z", "b", "a", "app"]


def test_an_anchor_of_one_value_can_be_used_by_another() -> None:
    assert changed({"a": "${anchor}", "b": "${alias}"}) == {"a": "z", "b": "z"}


def test_an_expression_can_begin_in_one_value_and_end_in_another() -> None:
    assert changed({"a": "x${no:=1", "b": "2}"}) == {"a": "x1", "b": 2}


def test_all_numbers_of_the_resource_become_64_bit_floats() -> None:
    assert changed({"a": "${name}", "b": 2**53 + 1, "c": [1.0, 1.5, 12345678]}) == {
        "a": "app",
        "b": 2**53,
        "c": [1, 1.5, 12345678],
    }


def test_strings_that_only_look_like_other_types_stay_strings() -> None:
    assert changed({"a": "${name}", "b": "yes", "c": "8080", "d": ""}) == {
        "a": "app",
        "b": "yes",
        "c": "8080",
        "d": "",
    }


def test_problems_are_listed_once_per_expression() -> None:
    outcome = resource.substitute({"a": ["${x}", "${x}", "${y.z}"]}, dict[str, str]().get)
    assert list(outcome.problems) == ["${x}", "${y.z}"]
    assert outcome.used == {"x"}


def test_a_text_that_starts_with_a_tab_is_told() -> None:
    assert resource.leading_tab({"a": ["\tx", {"b": "\tx\ny"}]}) == resource.Tabbed(
        ("a", 1, "b"), "\tx\ny"
    )
    assert resource.leading_tab({"a": "\tx \ny", "b": "x\n\ty"}) is None
