"""Lines of fields."""

import pytest

from gitops.sources import yamlio

TEXT = b"""\
# a header
---
first: 1
---
# a comment
name: b

spec:
  ports:
    - 80
    - name: http
      port: 8080
  "quoted": &x {a: 1}
"""


@pytest.mark.parametrize(
    ("document", "pointer", "line"),
    [
        (0, ("first",), 3),
        (1, (), 6),
        (1, ("spec", "ports"), 9),
        (1, ("spec", "ports", 1), 11),
        (1, ("spec", "ports", 1, "port"), 12),
        (1, ("spec", "quoted", "a"), 13),
    ],
)
def test_a_field_is_at_its_key(document: int, pointer: tuple[str | int, ...], line: int) -> None:
    assert yamlio.line_of(TEXT, document, pointer) == line


def test_what_is_not_there_is_at_its_deepest_ancestor() -> None:
    assert yamlio.line_of(TEXT, 1, ("spec", "ports", 7, "port")) == 9
    assert yamlio.line_of(TEXT, 1, ("spec", "none")) == 8


def test_a_document_that_cannot_be_read_begins_where_its_content_does() -> None:
    assert yamlio.line_of(b"# x\n\na: [1\n", 0, ("a",)) == 3
    assert yamlio.line_of(b"a: 1\n", 5, ("a",)) == 1
    assert yamlio.line_of(b"", 0, ()) == 1
    assert yamlio.line_of(b"\xff: [\n", 0, ("a",)) == 1


def test_windows_line_ends_count_once() -> None:
    assert yamlio.line_of(b"a: 1\r\nb:\r\n  c: 2\r\n", 0, ("b", "c")) == 3
