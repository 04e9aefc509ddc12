"""What holds for reading and writing any YAML."""

import time
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gitops.sources import yamlio
from gitops.sources.yamlio import Dialect, exact, fast, split

WORDS = """
yes n on null ~ 0755 0o17 1_000 2020-01-01 12:30:45 = << .inf .5 1e3 +1 - --- ... ? #a a: &a *a !a
@a `a %a | > [a {a 'a "a \\ 5m 1Gi 10.0.0.1 ./a --f $(A) ${A} _1 0b1 1. é
"""
BLANKS = ["", " ", "a b", " a", "a ", "a: b", "a #b", "a\nb\n", "a\n\nb", "\ta\nb"]
CHARACTERS = "ab01 \n\t:#-'\"\\_.e{}[],&*!|>%@`=~?é\U0001f600"
TEXT = st.sampled_from([*WORDS.split(), *BLANKS]) | st.text(st.sampled_from(CHARACTERS), max_size=9)
SCALAR = (
    TEXT
    | st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(-1e300, 1e300).filter(lambda number: not number.is_integer())
)
VALUE = st.recursive(
    SCALAR,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)
PIECES = """
yes 0755 1_0 ~ null on *a : { } [ ] ' " # a 0 1.0 .5 1e3 0x1F _1 2020-01-01 12:30 = --- ... \\ \\n %
0o644 @ ` | > |- >- |+ true é $ ${A} ( --f ./a 5m 1.2.3 "a" 'a' {} [] k: <<:
"""
SPACED = [
    "&a ",
    "!!str ",
    "! ",
    "- ",
    "? ",
    ": ",
    ", ",
    " # c",
    "\n",
    "\n\n",
    "\n  ",
    "\n    ",
    "  ",
]
LONG = [
    "\n- ",
    "\n  - ",
    "b c",
    "key: ",
    "1 ",
    "<<: *a",
    "|\n",
    ">-\n",
    ">\n",
    "|-\n",
    "\t",
    "null: ",
]
MORE = ["1: ", "[a, b]", "{a: 1}", "\n---\n", "\u2028", "\x85", "\ufeff", "k: |\n  x\n", "\r"]
FRAGMENT = st.sampled_from([*PIECES.split(), *SPACED, *LONG, *MORE])
DOCUMENT = st.lists(FRAGMENT, max_size=14).map("".join)
BREAKS = [mark.encode() for mark in "\n\r\x85\u2028\u2029"] + [b"\n\x00", b"\x00\n"]
BOUNDED = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


def canonical(value: Any) -> bytes:
    return msgspec.json.encode(value, order="deterministic")


@BOUNDED
@given(st.dictionaries(TEXT.map("k{}".format), VALUE, min_size=1, max_size=4))
def test_what_is_written_reads_back_the_same_in_both_dialects(value: dict[str, Any]) -> None:
    text = yamlio.dump(value)
    for dialect in Dialect:
        if dialect is Dialect.KUSTOMIZE and b'"<<":' in canonical(value):
            continue  # kustomize takes even a quoted << for a merge key
        documents, findings = yamlio.parse(text.encode(), "f.yaml", dialect)
        assert not findings
        assert [canonical(document.value) for document in documents] == [canonical(value)]
        assert canonical(exact.load(text, dialect).value) == canonical(value)


@BOUNDED
@given(DOCUMENT, st.sampled_from(Dialect))
def test_the_fast_reading_is_the_exact_one_wherever_it_is_used(
    document: str, dialect: Dialect
) -> None:
    for part in split.split(split.decoded(document.encode())):
        reading = fast.read(part.text, dialect)
        if reading is not None and not set(part.text) & set("\r\x85\u2028\ufeff"):
            slow = exact.load(part.text, dialect)
            assert (canonical(reading.value), slow.duplicates) == (canonical(slow.value), ())


@BOUNDED
@given(st.binary(max_size=60) | DOCUMENT.map(str.encode), st.sampled_from(Dialect))
def test_any_bytes_give_documents_or_located_findings(text: bytes, dialect: Dialect) -> None:
    started = time.process_time()
    documents, findings = yamlio.parse(text, "f.yaml", dialect)
    lines = sum(map(text.count, BREAKS)) + 1
    for document in documents:
        canonical(document.value)
        assert 1 <= document.line <= lines
    for finding in findings:
        assert finding.at.path == "f.yaml"
        assert 1 <= finding.at.line <= lines
    assert 1 <= yamlio.line_of(text, 0, ("a", 0, "b")) <= lines
    assert time.process_time() - started < 5


@BOUNDED
@given(st.lists(VALUE.filter(lambda value: value is not None), max_size=4))
def test_documents_are_told_apart(values: list[Any]) -> None:
    documents, findings = yamlio.parse(yamlio.dump_all(values).encode(), "f.yaml", Dialect.SIGS)
    assert not findings
    assert [canonical(each.value) for each in documents] == [canonical(each) for each in values]
    assert [each.document for each in documents] == list(range(len(values)))
