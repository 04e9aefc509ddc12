"""Laws of expanding variables in any text."""

import re
import time

from hypothesis import given
from hypothesis import strategies as st

from gitops.build.substitute import envsubst

NAMES = st.sampled_from(["A", "B", "long_name", "é", "9", "a-b", "", "#A"])
PIECES = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["$", "$$", "${", "}", "\\", "/", ":", "#", "%", "^", ",", "=", "*", "[", "\0"]
    ),
    st.builds("${{{}".format, NAMES),
    st.builds("${{{}{}}}".format, NAMES, st.text(alphabet="=:-?+/#%^,*[]^ab1$\\é", max_size=6)),
)
TEXTS = st.lists(PIECES, max_size=12).map("".join)
VALUES = st.text(max_size=12)
VARIABLES = st.dictionaries(st.sampled_from(["A", "B", "long_name", "é", "9"]), VALUES)


@given(TEXTS, VARIABLES, st.booleans())
def test_no_text_makes_it_fail(text: str, variables: dict[str, str], strict: bool) -> None:
    result = envsubst.substitute(text, variables, strict=strict)
    for problem in result.problems:
        assert text[problem.offset :].startswith(problem.expression)
        assert problem.message
        assert problem.hint


@given(TEXTS, VARIABLES)
def test_both_modes_agree_when_every_variable_is_defined(
    text: str, variables: dict[str, str]
) -> None:
    used = envsubst.substitute(text, variables, strict=False).used
    defined = {**dict.fromkeys(used, ""), **variables}
    strict = envsubst.substitute(text, defined, strict=True)
    assert strict == envsubst.substitute(text, defined, strict=False)


@given(TEXTS, VARIABLES)
def test_undefined_and_empty_are_the_same_outside_strict_mode(
    text: str, variables: dict[str, str]
) -> None:
    used = envsubst.substitute(text, variables, strict=False).used
    defined = {**dict.fromkeys(used, ""), **variables}
    assert envsubst.substitute(text, variables, strict=False) == envsubst.substitute(
        text, defined, strict=False
    )


@given(st.text(), VARIABLES)
def test_what_is_escaped_comes_out_as_it_was_meant(text: str, variables: dict[str, str]) -> None:
    meant = text.replace("\0", "")
    result = envsubst.substitute(meant.replace("$", "$$"), variables, strict=True)
    assert (result.text, result.used, result.problems) == (meant, frozenset(), ())


@given(st.text(), st.sampled_from(["A", "é"]), VALUES)
def test_text_around_an_expression_stays(text: str, name: str, value: str) -> None:
    around = re.sub(r"[$\0]", "", text)
    result = envsubst.substitute(f"{around}${{{name}}}{around}", {name: value}, strict=True)
    assert result.text == f"{around}{value}{around}"


def test_hostile_texts_take_no_time() -> None:
    started = time.process_time()
    for piece in ("${", "${a:=", "${a/", "$${", "${a#*", "${a:", "${a", "$$", "}"):
        envsubst.substitute(piece * 20_000, {"a": "x"}, strict=True)
    stars = "${a%" + "*a" * 20 + "b}"
    envsubst.substitute(stars, {"a": "a" * 300}, strict=True)
    assert time.process_time() - started < 10
