"""Stand-ins for values that are not known."""

import re

from hypothesis import given
from hypothesis import strategies as st

from gitops.model.secret import holds_placeholder, placeholder


def test_a_stand_in_tells_where_it_stands() -> None:
    assert placeholder("Secret", "apps", "x", "stringData", "API_KEY") == (
        "secretplaceholder-secret-apps-x-stringdata-api-key-3dd64090"
    )


def test_names_that_only_differ_in_their_signs_have_different_stand_ins() -> None:
    assert placeholder("a.b") != placeholder("a", "b") != placeholder("a_b")


def test_ordinary_text_holds_no_stand_in() -> None:
    assert not holds_placeholder("secretplaceholder-is-a-word")
    assert not holds_placeholder("secret-name-0123abcd")


@given(st.lists(st.text(), max_size=6))
def test_a_stand_in_is_a_dns_label_and_is_recognised(names: list[str]) -> None:
    stand_in = placeholder(*names)
    assert re.fullmatch("[a-z]([a-z0-9-]{0,61}[a-z0-9])?", stand_in)
    assert "--" not in stand_in
    assert holds_placeholder(f"app.{stand_in}.example.com")
