"""How scalars are written."""

from gitops.sources.yamlio import written
from gitops.sources.yamlio.written import Written


def test_scalars_have_their_keys_their_text_and_their_quotes() -> None:
    text = b"first: 1\n---\na: 1.50\nb: {c: 'x', d: [1, \"2\", {e: ~}]}\nz: |\n  block\n"
    assert written.scalars(text, 1) == [
        Written(("a",), "1.50", False),
        Written(("b", "c"), "x", True),
        Written(("b", "d"), "1", False),
        Written(("b", "d"), "2", True),
        Written(("b", "d", "e"), "~", False),
        Written(("z",), "block\n", True),
    ]


def test_a_document_that_is_not_there_has_none() -> None:
    assert written.scalars(b"a: 1", 3) == []


def test_what_stands_before_a_syntax_error_is_kept() -> None:
    assert written.scalars(b"a: 1\nb: [", 0) == [Written(("a",), "1", False)]


def test_keys_that_are_no_scalars_and_aliases_do_not_confuse() -> None:
    text = b"? [k]\n: v\nx: &x {n: 1}\ny: *x\nz: w\n"
    assert [(each.keys, each.text) for each in written.scalars(text, 0)] == [
        ((), "k"),
        (("",), "v"),
        (("x", "n"), "1"),
        (("z",), "w"),
    ]
