"""Helm's `--set` grammar. Where a case looks odd, Helm 4.2.3 does the same."""

from copy import deepcopy
from typing import Any

import pytest

from gitops.build.helm import strvals
from gitops.build.helm.strvals import Refused


def assigned(text: str, target: dict[str, Any] | None = None, *, typed: bool = True) -> Any:
    result = deepcopy(target or {})
    strvals.assign(result, text, typed=typed)
    return result


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("word", "word"),
        ("", ""),
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("0", 0),
        ("12", 12),
        ("-12", -12),
        ("+12", 12),
        ("012", "012"),
        ("1.5", "1.5"),
        ("9223372036854775807", 9223372036854775807),
        ("9223372036854775808", "9223372036854775808"),
        ("a=b", "a=b"),
        ("a.b", "a.b"),
        ("[x]", "[x]"),
        (r"a\,b", "a,b"),
        (r"\{a\}", "{a}"),
        (r"a\\b", r"a\b"),
        ("{a,b}", ["a", "b"]),
        ("{1,true,x y}", [1, True, "x y"]),
        ("{}", [""]),
        ("a{b", "a{b"),
    ],
)
def test_types_are_guessed_from_a_value(text: str, value: Any) -> None:
    assert assigned(f"k={text}") == {"k": value}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("a.b.c=1", {"a": {"b": {"c": 1}}}),
        (r"a\.b=1", {"a.b": 1}),
        ("a[0]=1", {"a": [1]}),
        ("a[2]=1", {"a": [None, None, 1]}),
        ("a[0].b=1", {"a": [{"b": 1}]}),
        ("a[1][0]=x", {"a": [None, ["x"]]}),
        ("a=1,b=2", {"a": 1, "b": 2}),
        ("a={1,2},b=3", {"a": [1, 2], "b": 3}),
        ("a=1,,b=2", {"a": 1}),
        ("a[0", {}),
        ("a[0]", {"a": []}),
        ("a[0].b=", {"a": []}),
        ("=1", {}),
    ],
)
def test_paths_lead_into_mappings_and_lists(text: str, result: Any) -> None:
    if ",," in text:
        with pytest.raises(Refused):
            assigned(text)
    else:
        assert assigned(text) == result


def test_what_is_there_is_kept_beside_what_is_written() -> None:
    held = {"a": {"b": 1, "c": [1, {"d": 2}]}}
    assert assigned("a.c[1].e=3", held) == {"a": {"b": 1, "c": [1, {"d": 2, "e": 3}]}}


def test_mappings_and_long_enough_lists_change_in_place() -> None:
    target: dict[str, Any] = {"a": {"b": 1}, "l": [1, 2]}
    inner, items = target["a"], target["l"]
    strvals.assign(target, "a.b=2,l[0]=3,l[5]=4")
    assert inner == {"b": 2}
    assert items == [3, 2]
    assert target["l"] == [3, 2, None, None, None, 4]


def test_values_stay_text_where_that_is_asked_for() -> None:
    assert assigned("a=12,b={true,null}", typed=False) == {"a": "12", "b": ["true", "null"]}


@pytest.mark.parametrize(
    ("text", "held", "reason"),
    [
        ("a", {}, "key 'a' has no value"),
        ("a,b=1", {}, "key 'a' has no value (cannot end with ,)"),
        ("a.b", {}, "key 'b' has no value"),
        ("a.=1", {}, "key map 'a' has no value"),
        ("a.b=1", {"a": "text"}, "'a' is a single value, not a mapping"),
        ("a.b=1", {"a": None}, "'a' is null, not a mapping"),
        ("a[0]=1", {"a": {}}, "'a' is a mapping, not a list"),
        ("a[0][0]=1", {"a": [{}]}, "item 0 is a mapping, not a list"),
        ("a[x]=1", {}, "'x' is no index"),
        ("a[-1]=1", {}, "'-1' is no index"),
        ("a[65537]=1", {}, "index 65537 is greater than 65536"),
        ("a[0]b=1", {}, "unexpected data at end of array index: 'b'"),
        ("a={1", {}, "list must terminate with '}'"),
        ("." * 31 + "=1", {}, "names nest deeper than 30 levels"),
    ],
)
def test_what_helm_refuses_is_refused_with_a_reason(
    text: str, held: dict[str, Any], reason: str
) -> None:
    with pytest.raises(Refused) as refused:
        assigned(text, held)
    assert str(refused.value) == reason
