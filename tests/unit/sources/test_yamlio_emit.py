"""Writing YAML."""

from gitops.sources import yamlio
from gitops.sources.yamlio import Dialect, Null

VALUE = {
    "apiVersion": "v1",
    "data": {
        "script": "#!/bin/sh\n\n  indented \nlast\n",
        "no-end": "one\ntwo",
        "two-ends": "one\n\n",
        "lead": " one\ntwo\n",
        "tab": "\tone\ntwo\n",
        "windows": "one\r\ntwo\r\n",
        "quotes": 'it\'s "x"',
        "both": '"it\'s"',
        "backslash": '"\\d+"',
    },
    "empty": [{}, [], "", None, Null.WRITTEN],
    "nested": [["a", ["b"]], {"c": [{"d": 1}]}],
    "numbers": [0, -1, 1.5, 1e22, True, False],
}

TEXT = """\
apiVersion: v1
data:
  script: |
    #!/bin/sh

      indented\x20
    last
  no-end: |-
    one
    two
  two-ends: "one\\n\\n"
  lead: " one\\ntwo\\n"
  tab: "\\tone\\ntwo\\n"
  windows: "one\\r\\ntwo\\r\\n"
  quotes: it's "x"
  both: '"it''s"'
  backslash: '"\\d+"'
empty:
  - {}
  - []
  - ""
  - null
  - null
nested:
  - - a
    - - b
  - c:
      - d: 1
numbers:
  - 0
  - -1
  - 1.5
  - 1e+22
  - true
  - false
"""

DOUBTFUL = """
y N yes No ON off true False NULL ~ = << 0755 0o17 0x1f 0b1 1_000 1e3 .5 +1 -1 - --- ... .inf
2020-01-01 12:30:45 190:20:30 _1 0 1.0 *a &a !a %a @a `a |a >a 'a "a #a [a {a ]a }a ,a ?a :a a:
\x7f \ufeff
"""
DOUBTFUL_WITH_BLANKS = ["", " a", "a ", "a: b", "a #b", "? a", "- a", "a\tb", "\u0085", "\u2028"]
PLAIN = """
a a-b a_b a.b a/b a:b a#b a\\b http://h/p?q=1#f 10.0.0.1 10.0.0.0/16 1.2.3 5m 100m 1Gi 50% 1h30m
-f --flag=a:b ./a ../b /etc $(VAR) ${VAR:=x} (a) a,b a[0] é éè
"""


def test_a_value_in_block_style() -> None:
    assert yamlio.dump(VALUE) == TEXT


def test_documents_begin_with_their_marker() -> None:
    assert yamlio.dump_all([{"a": 1}, [1], "x"]) == "---\na: 1\n---\n- 1\n---\nx\n"


def test_text_that_some_reader_takes_for_something_else_is_quoted() -> None:
    for text in [*DOUBTFUL.split(), *DOUBTFUL_WITH_BLANKS]:
        assert yamlio.needs_quotes(text), text
        assert yamlio.dump({text: text})[0] in "\"'"
        assert yamlio.dump([text])[2] in "\"'"


def test_plain_text_stays_plain() -> None:
    for text in [*PLAIN.split(), "two words", "it's", 'say "x"', "a \U0001f600"]:
        assert not yamlio.needs_quotes(text), text
        assert yamlio.dump({"k": text}) == f"k: {text}\n"
        for dialect in Dialect:
            read = yamlio.parse(f"k: {text}\n".encode(), "f", dialect)
            assert read[0][0].value == {"k": text}
