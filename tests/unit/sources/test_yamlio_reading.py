"""Reading files: documents, findings, merge keys, and texts that mean harm."""

import time
from typing import Any

import pytest

from gitops.model.finding import Finding, Severity
from gitops.sources import yamlio
from gitops.sources.yamlio import Dialect, Document, Null


def values(text: str | bytes, dialect: Dialect = Dialect.KUSTOMIZE) -> list[Any]:
    documents, findings = yamlio.parse(
        text.encode() if isinstance(text, str) else text, "f.yaml", dialect
    )
    assert not [finding for finding in findings if finding.severity is Severity.ERROR]
    return [document.value for document in documents]


def only(text: str | bytes, dialect: Dialect = Dialect.KUSTOMIZE) -> Finding:
    documents, findings = yamlio.parse(
        text.encode() if isinstance(text, str) else text, "f.yaml", dialect
    )
    assert documents == ()
    (finding,) = findings
    return finding


def test_documents_know_their_number_and_their_first_line() -> None:
    text = b"# header\n---\n# about a\n\na: 1\n---\n---  # third\nb: 2\n---\n# nothing\n---\nc: 3"
    assert yamlio.parse(text, "f.yaml") == (
        (
            Document({"a": 1}, 0, 5),
            Document({"b": 2}, 2, 8),
            Document({"c": 3}, 4, 12),
        ),
        (),
    )


@pytest.mark.parametrize("text", ["", "\n", "# c", "---", "---\n---\n", "~", "--- # c\n\n"])
def test_nothing_is_no_document(text: str) -> None:
    assert yamlio.parse(text.encode(), "f.yaml") == ((), ())


def test_a_document_may_begin_beside_its_marker_only_at_the_top() -> None:
    assert values("--- |\n  a\n") == ["a\n"]
    documents, findings = yamlio.parse(b"a: 1\n--- b\nc: 2\n", "f.yaml")
    assert [document.value for document in documents] == [{"a": 1}, {"c": 2}]
    assert [(str(each.at), each.message) for each in findings] == [
        ("f.yaml:2", "invalid document separator: ---b")
    ]


def test_a_bad_document_does_not_hide_the_others() -> None:
    documents, findings = yamlio.parse(b"a: 1\n---\nb: [\n---\n\xff: 2\n---\nc: 3\n", "f.yaml")
    assert [document.value for document in documents] == [{"a": 1}, {"c": 3}]
    assert [(each.rule, str(each.at), each.at.document) for each in findings] == [
        ("yaml/syntax", "f.yaml:3", 1),
        ("yaml/encoding", "f.yaml:5", 2),
    ]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: c: d\n", 2, "mapping values are not allowed in this context"),
        ("a:\n  - 1\n b: 2\n", 3, "did not find expected key while parsing a block mapping"),
        ("a: 'x\n", 1, "found unexpected end of stream while scanning a quoted scalar"),
        ("a:\n\tb: 1\n", 2, "found character that cannot start any token"),
        ("a:\n  !foo b: 1\n", 2, "the key `b` is of a type of its own, and JSON has only strings"),
        ("a: *x\n", 1, "unknown anchor 'x' referenced"),
        ("a: &x [*x]\n", 1, "anchor 'x' value contains itself"),
        ("a: .inf\n", 1, "JSON has no infinity and no NaN"),
        ("a: 1\nb: !!int x\n", 2, "cannot decode `x` as !!int"),
    ],
)
def test_mistakes_have_a_line(text: str, line: int, message: str) -> None:
    finding = only(text)
    assert finding.rule == "yaml/syntax"
    assert finding.at.line == line
    assert finding.message.startswith(message)


def test_a_repeated_key_names_both_places() -> None:
    text = b"a:\n  b: 1\n  c: 2\n  b: 3\n"
    finding = only(text)
    assert finding.rule == "yaml/duplicate-key"
    assert str(finding.at) == "f.yaml:4"
    assert finding.message == "the key 'b' is already set in line 2"
    assert [str(place) for place in finding.related] == ["f.yaml:2"]


def test_outside_kustomize_the_last_of_two_keys_counts() -> None:
    documents, findings = yamlio.parse(b"a: 1\na: 2\n", "f.yaml", Dialect.SIGS)
    assert documents[0].value == {"a": 2}
    assert [(each.rule, each.severity) for each in findings] == [
        ("yaml/duplicate-key", Severity.WARNING)
    ]


@pytest.mark.parametrize("text", ["  a: 1\nb: 2\n", "a: 1\n...\nb: 2\n"])
def test_text_behind_a_document_is_ignored_with_a_warning(text: str) -> None:
    documents, findings = yamlio.parse(text.encode(), "f.yaml")
    assert [document.value for document in documents] == [{"a": 1}]
    assert [(each.rule, each.severity) for each in findings] == [
        ("yaml/ignored-text", Severity.WARNING)
    ]


@pytest.mark.parametrize(
    ("text", "kustomize", "sigs"),
    [
        ("b: {<<: *x, q: 3}", {"p": 1, "q": 3}, {"p": 1, "q": 3}),
        ("b: {q: 3, <<: *x}", {"p": 1, "q": 3}, {"p": 1, "q": 2}),
        ("b: {<<: [*x, *w], q: 3}", {"p": 1, "q": 3, "r": 6}, {"p": 1, "q": 3, "r": 6}),
        ("b: {<<: {p: 7}}", {"p": 7}, {"p": 7}),
        ("b: {'<<': 1}", {}, {"<<": 1}),
    ],
)
def test_merge_keys(text: str, kustomize: Any, sigs: Any) -> None:
    base = "a: &x {p: 1, q: 2}\nc: &w {p: 5, r: 6}\n"
    assert values(base + text)[0]["b"] == kustomize
    assert values(base + text, Dialect.SIGS)[0]["b"] == sigs


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("b: {<<: 1}", "map merge requires map or sequence of maps as the value"),
        ("a: &x [{p: 1}]\nb: {<<: *x}", "map merge requires map or sequence of maps as the value"),
        ("b: {<<: {p: 1}, <<: {q: 1}}", "the key '<<' is already set in line 1"),
    ],
)
def test_merge_keys_that_are_refused(text: str, message: str) -> None:
    assert only(text).message == message


def test_what_aliases_repeat_can_be_changed_apart() -> None:
    (value,) = values("a: &x {b: [1]}\nc: *x\n")
    value["a"]["b"].append(2)
    assert value == {"a": {"b": [1, 2]}, "c": {"b": [1]}}


@pytest.mark.parametrize(
    ("text", "kustomize"),
    [
        ("a: >\n  one\n  two\n\n  three\n", "one two\nthree\n"),
        ("a: >\n  one\n    two\n  three\n", "one\n\n  two\nthree\n"),
        ("a: >-\n  one\n\n    two\n", "one\n\n\n  two"),
        ("a: >+\n  one\n\n", "one\n\n\n"),
        ("a: >\n  one \n    two\n", "one \n  two\n"),
        ("a: |\n  one\n    two\n\n", "one\n  two\n"),
        ("a: |+\n  one\n\n", "one\n\n"),
        ("a: |\n  one", "one"),
    ],
)
def test_kustomize_widens_folded_text_with_indented_lines(text: str, kustomize: str) -> None:
    assert values(text) == [{"a": kustomize}]


def test_folded_text_is_exact_elsewhere() -> None:
    assert values("a: >\n  one\n    two\n  three\n", Dialect.SIGS) == [{"a": "one\n  two\nthree\n"}]


def test_written_nulls_are_told_apart_on_request() -> None:
    text = b"a:\nb: null\nc: {d: ~, e: }\nf: [null]\n"
    (document,), _ = yamlio.parse(text, "f.yaml", nulls=True)
    assert document.value == {
        "a": None,
        "b": Null.WRITTEN,
        "c": {"d": Null.WRITTEN, "e": ""},
        "f": [Null.WRITTEN],
    }
    assert values(text) == [{"a": None, "b": None, "c": {"d": None, "e": ""}, "f": [None]}]


def test_line_ends_and_byte_order_marks() -> None:
    assert values(b"\xef\xbb\xbfa: |\r\n  x\r\n  y\r\n---\r\n\xef\xbb\xbfb: 1\r\n") == [
        {"a": "x\ny\n"},
        {"b": 1},
    ]
    assert values("a: \u00e9\n".encode("utf-16")) == [{"a": "\u00e9"}]
    assert values("a: 1\rb: 2\r") == [{"a": 1, "b": 2}]


def test_control_characters_are_refused() -> None:
    finding = only(b"a: 1\nb: x\x00\n")
    assert finding.rule == "yaml/encoding"
    assert str(finding.at) == "f.yaml:2"


BOMBS = {
    "aliases": "a: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    ),
    "long text": f"a: &a {'x' * 100_000}\nb: [{', '.join(['*a'] * 10_000)}]\n",
    "long text in lines": f"a: &a {'x' * 100_000}\nb:\n" + "  - *a\n" * 10_000,
    "merge keys": "a: &a {x: 1}\n"
    + "".join(f"b{i}: &b{i} {{<<: *a, y{i}: [{'*a, ' * 500}]}}\n" for i in range(300)),
    "brackets": "a: " + "[" * 100_000,
    "closed brackets": "[" * 50_000 + "]" * 50_000,
    "braces": "{a: " * 50_000,
    "dashes": "- " * 100_000 + "a",
    "indentation": "\n".join(f"{' ' * level}a:" for level in range(2_000)),
    "chain of anchors": "a0: &a0 [x]\n"
    + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 1_000)),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_refused_quickly(bomb: str) -> None:
    started = time.process_time()
    documents, findings = yamlio.parse(BOMBS[bomb].encode(), "f.yaml")
    assert documents == ()
    assert {finding.rule for finding in findings} <= {"yaml/too-large", "yaml/syntax"}
    assert time.process_time() - started < 5


def test_a_bomb_does_not_hide_the_next_document() -> None:
    documents, findings = yamlio.parse(f"{BOMBS['aliases']}---\na: 1\n".encode(), "f.yaml")
    assert [document.value for document in documents] == [{"a": 1}]
    assert [(each.rule, each.message) for each in findings] == [
        ("yaml/too-large", "aliases repeat too many values")
    ]
