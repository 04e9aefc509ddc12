"""The text of a resource. What each case gives was asked of sigs.k8s.io/yaml."""

import pytest

from gitops.build.substitute import styles, yamltext
from gitops.build.substitute.styles import Style

WORDS = "word " * 20

WRITTEN = f"""\
B:
- a: null
  b:
  - - x
    - {{}}
  - []
- true
- 1.5
- 1.2345675e+06
- 1e+21
- 1e-07
- 18446744073709551615
a9: 12345678
a10: 1
kind: X
list:
- |-
  a
  b
- |2-

   c
- |+
  c

quoted: 'a: word word word word word word word word word word word word word word
  word word word word word word end'
tabbed: "\\tword word word word word word word word word word word word word word word
  word word word word word   x"
text: |
  a
    b
wide: word word word word word word word word word word word word word word word word
  word word word word end
? {"x" * 129}
: - "y"
"yes": 'it''s: so'
"""


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("plain", Style.PLAIN),
        ("${X}", Style.PLAIN),
        ("a: ${X}", Style.SINGLE),
        ("a:${X}", Style.PLAIN),
        ("a #b", Style.SINGLE),
        ("a#b", Style.PLAIN),
        ("# ${X}", Style.SINGLE),
        ("- a", Style.SINGLE),
        ("-a", Style.PLAIN),
        ("---", Style.SINGLE),
        ("[a]", Style.SINGLE),
        (" lead", Style.SINGLE),
        ("trail ", Style.SINGLE),
        ("'", Style.SINGLE),
        ("it's", Style.PLAIN),
        ("<<", Style.PLAIN),
        ("", Style.DOUBLE),
        ("yes", Style.DOUBLE),
        ("null", Style.DOUBLE),
        ("12", Style.DOUBLE),
        ("0x1F", Style.DOUBLE),
        ("1e3", Style.DOUBLE),
        ("12:30:45", Style.DOUBLE),
        ("2001-01-01", Style.DOUBLE),
        ("a\tb", Style.DOUBLE),
        ("🚀 ${X}", Style.DOUBLE),
        ("é", Style.PLAIN),
        ("a\nb", Style.LITERAL),
        ("a \nb", Style.DOUBLE),
        ("a\nb ", Style.DOUBLE),
        ("a\n\tb", Style.DOUBLE),
    ],
)
def test_only_what_a_string_holds_decides_how_it_is_quoted(text: str, style: Style) -> None:
    assert styles.style_of(text) is style


def test_a_resource_is_written_as_sigs_yaml_does() -> None:
    body = {
        "kind": "X",
        "a10": 1,
        "a9": 12345678,
        "B": [{"b": [["x", {}], []], "a": None}, True, 1.5, 1234567.5, 1e21, 1e-7, 2**64 - 1],
        "text": "a\n  b\n",
        "list": ["a\nb", "\n c", "c\n\n"],
        "wide": f"{WORDS}end",
        "quoted": f"a: {WORDS}end",
        "tabbed": f"\t{WORDS}  x",
        "x" * 129: ["y"],
        "yes": "it's: so",
    }
    assert yamltext.dump(body) == WRITTEN


def test_keys_are_ordered_with_numbers_as_numbers_and_letters_last() -> None:
    keys = ["b", "a10", "a2", "_x", "B", "a-b", "a.b", "é", "a01", "x/y"]
    assert yamltext.dump(dict.fromkeys(keys, 1)) == (
        "_x: 1\nB: 1\na-b: 1\na.b: 1\na01: 1\na2: 1\na10: 1\nb: 1\nx/y: 1\né: 1\n"
    )


def test_behind_a_byte_order_mark_everything_is_escaped() -> None:
    assert yamltext.in_double_quotes("\ufeff${X}") == r"\uFEFF\x24\x7B\x58\x7D"
