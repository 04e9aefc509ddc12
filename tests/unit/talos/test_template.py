"""From a line of what a template became to the line of the template."""

import pytest

from gitops.talos import template

_VARIABLES = {"names": ["a", "b"], "text": "one\ntwo", "yes": 7}


@pytest.mark.parametrize(
    ("text", "filled", "lines"),
    [
        ("a: 1\nb: 2\n", "a: 1\nb: 2\n", (1, 2, 3)),
        ("{# said\nat length #}\na: 1\n", "a: 1\n", (3, 4)),
        (
            "{% for each in names %}\n- {{ each }}\n{% endfor %}\nz: 1",
            "- a\n- b\nz: 1",
            (2, 2, 4),
        ),
        ("{{ text }}\nz: 1", "one\ntwo\nz: 1", (1, 1, 2)),
        ("a: 1\n  {%- if yes %} # it is{% endif %}\n\nz: 1", "a: 1 # it is\nz: 1", (1, 4)),
        ("a: {{ yes -}}\n  b\nz: 1", "a: 7b\nz: 1", (2, 3)),
        ("a: {{\n  yes\n}}\nz: 1", "a: 7\nz: 1", (3, 4)),
    ],
)
def test_each_line_knows_where_it_comes_from(
    text: str, filled: str, lines: tuple[int, ...]
) -> None:
    assert template.fill("x", text, _VARIABLES) == filled
    assert template.lines("x", text, _VARIABLES, filled) == lines


def test_where_marks_would_change_the_text_nothing_is_told() -> None:
    text = "{% set said %}one\ntwo{% endset %}{{ said | length }}\n"
    assert template.fill("x", text, {}) == "7\n"
    assert template.lines("x", text, {}, "7\n") == ()
