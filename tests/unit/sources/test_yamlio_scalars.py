"""What scalars mean. Every row was read off the Go libraries that kustomize 5.8 and Flux use."""

from typing import Any

import pytest

from gitops.model.finding import Severity
from gitops.sources import yamlio
from gitops.sources.yamlio import Dialect

REFUSED = object()

BOTH = [
    ("~", None),
    ("null", None),
    ("", None),
    ("true", True),
    ("TRUE", True),
    ("tRUE", "tRUE"),
    ("yES", "yES"),
    ("0", 0),
    ("-0", 0),
    ("00", 0),
    ("+5", 5),
    ("0755", 493),
    ("-0755", -493),
    ("08", 8),
    ("0o17", 15),
    ("-0o7", -7),
    ("0x1F", 31),
    ("-0x1F", -31),
    ("0b101", 5),
    ("0b2", "0b2"),
    ("0x", "0x"),
    ("1_000", 1000),
    ("_1", "_1"),
    ("1_", 1),
    ("0777_7", 4095),
    ("1e3", 1000),
    ("1.0", 1),
    ("1.", 1),
    ("-1.5", -1.5),
    (".5", 0.5),
    (".5_5", 0.55),
    ("._5", "._5"),
    ("1e21", 1e21),
    ("1e-7", 1e-7),
    ("1e400", "1e400"),
    (".inf", REFUSED),
    (".nan", REFUSED),
    ("inf", "inf"),
    ("18446744073709551615", 18446744073709551615),
    ("18446744073709551616", 18446744073709552000),
    ("-9223372036854775809", -9223372036854776000),
    ("99999999999999999999999", 1e23),
    ("123456789012345678.5", 123456789012345680),
    ("12:30:45", "12:30:45"),
    ("2020-13-01", "2020-13-01"),
    ("2020-01-01T10:00:00", "2020-01-01T10:00:00"),
    ("=", "="),
    ("1.2.3", "1.2.3"),
    ("--1", "--1"),
    ("'1'", "1"),
    ('"yes"', "yes"),
    ("!!str 123", "123"),
    ("!!str ~", "~"),
    ("!!str", ""),
    ("!!int '12'", 12),
    ("!!int x", REFUSED),
    ("!!float 3", 3),
    ("!!bool 'true'", True),
    ("!!null ''", None),
    ("!!binary aGVsbG8=", "hello"),
    ("!!binary /w==", "\ufffd"),
    ("!!binary '!!'", REFUSED),
    ("!foo 123", "123"),
    ("!!foo 12", "12"),
    ("!<tag:yaml.org,2002:str> 1", "1"),
    ("a#b", "a#b"),
    ("a #b", "a"),
    ("?a", "?a"),
    ("-a", "-a"),
    (":a", ":a"),
    ("a:b", "a:b"),
    ("[a, b,]", ["a", "b"]),
    ('{"a":1}', {"a": 1}),
    ("[a: b]", [{"a": "b"}]),
    ("[a?b]", REFUSED),
    ('"\\/"', REFUSED),
    ('"\\ud83d\\ude00"', REFUSED),
    ('"\\x41\\u00e9\\U0001F600\\e\\t"', "A\u00e9\U0001f600\x1b\t"),
    ("@a", REFUSED),
    ("%a", REFUSED),
    ("a: b", REFUSED),
    ("*a", REFUSED),
    ("x\x07y", REFUSED),
    ("x\x7fy", REFUSED),
]

APART = [
    ("yes", "yes", True),
    ("No", "No", False),
    ("on", "on", True),
    ("OFF", "OFF", False),
    ("y", "y", True),
    ("N", "N", False),
    ("2020-01-01", "2020-01-01T00:00:00Z", "2020-01-01"),
    ("2020-1-1", "2020-01-01T00:00:00Z", "2020-1-1"),
    ("2020-01-01t10:00:00Z", "2020-01-01T10:00:00Z", "2020-01-01t10:00:00Z"),
    ("2020-01-01T00:00:00+02:00", "2020-01-01T00:00:00+02:00", "2020-01-01T00:00:00+02:00"),
    ("2020-01-01 10:00:00.500", "2020-01-01T10:00:00.5Z", "2020-01-01 10:00:00.500"),
    ("! 123", 123, "123"),
    ("!!bool yes", REFUSED, True),
    ("!!timestamp 2020-01-01", "2020-01-01T00:00:00Z", "2020-01-01"),
    ("{a: , b}", {"a": "", "b": ""}, {"a": None, "b": None}),
    ("{a: null}", {"a": None}, {"a": None}),
]


def read(text: str, dialect: Dialect) -> Any:
    """The value of a field written like this, or REFUSED."""
    documents, findings = yamlio.parse(f"a: {text}\n".encode(), "f.yaml", dialect)
    if any(finding.severity is Severity.ERROR for finding in findings):
        return REFUSED
    return documents[0].value["a"]


def exactly(value: Any) -> Any:
    """The value with its type, for True is 1 to Python."""
    return type(value), value


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize(("text", "meaning"), BOTH)
def test_go_libraries_agree(text: str, meaning: Any, dialect: Dialect) -> None:
    assert exactly(read(text, dialect)) == exactly(meaning)


@pytest.mark.parametrize(("text", "kustomize", "sigs"), APART)
def test_go_libraries_differ(text: str, kustomize: Any, sigs: Any) -> None:
    assert exactly(read(text, Dialect.KUSTOMIZE)) == exactly(kustomize)
    assert exactly(read(text, Dialect.SIGS)) == exactly(sigs)


@pytest.mark.parametrize(
    ("key", "kustomize", "sigs"),
    [
        ("1", "1", "1"),
        ("010", "010", "8"),
        ("1e3", "1e3", "1000"),
        ("1e6", "1e6", "1e+06"),
        ("0.1", "0.1", "0.1"),
        ("1234567.5", "1234567.5", "1.2345675e+06"),
        ("true", "true", "true"),
        ("yes", "yes", "true"),
        (".inf", ".inf", ".inf"),
        ("2020-01-01", "2020-01-01", "2020-01-01"),
        ("9223372036854775808", "9223372036854775808", REFUSED),
        ("~", REFUSED, REFUSED),
        ("?\n", "", REFUSED),
        ("!foo a", "a", "a"),
        ("? [a]\n", REFUSED, REFUSED),
    ],
)
def test_keys_become_strings(key: str, kustomize: Any, sigs: Any) -> None:
    found = []
    for dialect in Dialect:
        documents, findings = yamlio.parse(f"{key}: x\n".encode(), "f.yaml", dialect)
        found.append(REFUSED if findings else next(iter(documents[0].value)))
    assert found == [kustomize, sigs]


def test_kustomize_refuses_keys_that_are_no_strings_below_the_top() -> None:
    (finding,) = yamlio.parse(b"data:\n  80: x\n", "f.yaml")[1]
    assert finding.rule == "yaml/syntax"
    assert str(finding.at) == "f.yaml:2"
    assert finding.message == "the key `80` is a number, and JSON has only strings"
    assert yamlio.parse(b"data:\n  80: x\n", "f.yaml", Dialect.SIGS)[0][0].value == {
        "data": {"80": "x"}
    }


def test_a_text_put_in_the_place_of_a_scalar_keeps_its_type() -> None:
    assert yamlio.retyped("a", "80") == "80"
    assert yamlio.retyped(1, "0x10") == 16
    assert yamlio.retyped(1.5, "2") == 2
    assert yamlio.retyped(True, "false") is False
    assert yamlio.retyped(1, "a") is None
    assert yamlio.retyped(True, "yes") is None
    assert yamlio.retyped(None, "a") is None


def test_bare_text_is_what_kustomize_reads() -> None:
    assert [yamlio.bare(text) for text in ("80", "yes", "1.0", ".inf", "null")] == [
        80,
        "yes",
        1,
        ".inf",
        None,
    ]
