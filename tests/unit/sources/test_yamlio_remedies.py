"""The way out of a mistake of YAML is that of the mistake, not one for all."""

import pytest

from gitops.sources import yamlio
from gitops.sources.yamlio import Dialect

CASES = {
    "a: b: c": "indent the line like its neighbours, or quote a text with ': '",
    "a: - b": "put the list on lines of its own below its key",
    "a: @b": "quote a text that begins with @, ` or %, and indent with spaces",
    "a:\n\t- b": "quote a text that begins with @, ` or %, and indent with spaces",
    "a:\n  b: 1\n c: 2": "indent the keys of a mapping alike, or correct the quotes before it",
    "- a\nb: 1": "indent the elements of one list alike",
    'a: "b': "close the quote",
    "a: [b": "close the bracket, or put a comma before the next element",
    'a: "\\q"': "double the backslash, or use single quotes",
    "a: *b": "define the anchor with & earlier in the same document, or write the value out",
    "&a a: &b [*b]": "write the value out: what an anchor names cannot be in itself",
    "a: .inf": "write it as a text in quotes, or as a number that JSON has",
    "a: {{ b }}": "quote the key, or a value that begins with { or [",
    "a: !!int b": "remove the tag, or write a value of its type",
    "--- # a\n--- b\na: 1": "leave --- alone on its line",
    "%YAML 3.0\n---\na": (
        "correct the line; indentation, a missing quote or a tab are the usual causes"
    ),
}


@pytest.mark.parametrize("text", CASES)
def test_the_way_out_is_that_of_the_mistake(text: str) -> None:
    (found,) = yamlio.parse(text.encode(), "a.yaml", Dialect.SIGS)[1]
    assert (found.rule, found.hint) == ("yaml/syntax", CASES[text])
