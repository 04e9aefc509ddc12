"""Flux's dialect of `${...}`. What each case gives was asked of Flux's own library."""

import pytest

from gitops.build.substitute import envsubst
from gitops.build.substitute.envsubst import ESCAPE, Problem, Result

VARIABLES = {
    "A": "abcABC123",
    "EMPTY": "",
    "path": "/a/b.c/d.e.txt",
    "u": "éÀ🚀ßİ",
    "n": "-3",
    "two": "2",
    "ü": "x",
    "D": "$X ${A} $$",
}

REPLACED = [
    ("", ""),
    ("no dollar", "no dollar"),
    ("$A $ $", "$A $ $"),
    ("${A}", "abcABC123"),
    ("a${A}b${A}", "aabcABC123babcABC123"),
    ("${ü}", "x"),
    ("${D}", "$X ${A} $$"),
    ("$$", "$"),
    ("$$$", "$$"),
    ("$${A}", "${A}"),
    ("$$${A}", "$abcABC123"),
    ("\\${A}", "\\abcABC123"),
    ("${A}\0lost", "abcABC123"),
    ("${#A}", "9"),
    ("${#u}", "12"),
    ("${A^}", "AbcABC123"),
    ("${A^^}", "ABCABC123"),
    ("${A,}", "abcABC123"),
    ("${A,,}", "abcabc123"),
    ("${A,^}", "abcABC123"),
    ("${u,,}", "éà🚀ßi"),
    ("${u^^}", "ÉÀ🚀ßİ"),
    ("${A:3}", "ABC123"),
    ("${A:3:3}", "ABC"),
    ("${A:20}", ""),
    ("${A:3:0}", ""),
    ("${A:${n}}", "123"),
    ("${A:${two}:${two}}", "cA"),
    ("${A:1::2}", "bc"),
    ("${A: -3}", "abcABC123"),
    ("${A:x:2}", "abcABC123"),
    ("${A:0x1}", "abcABC123"),
    ("${A/b/X}", "aXcABC123"),
    ("${A/b/}", "acABC123"),
    ("${path//./-}", "/a/b-c/d-e-txt"),
    ("${path/\\/a/-}", "-/b.c/d.e.txt"),
    ("${path//\\//}", "ab.cd.e.txt"),
    ("${A/#abc/X}", "XABC123"),
    ("${A/#bc/X}", "abcABC123"),
    ("${A/%123/X}", "abcABCX"),
    ("${D/$$X/y}", "y ${A} $$"),
    ("${A/a/$$}", "$bcABC123"),
    ("${A//${two}/-}", "abcABC1-3"),
    ("${A/a}b/c}", "abcABC123"),
    ("${path#*/}", "a/b.c/d.e.txt"),
    ("${path##*/}", "d.e.txt"),
    ("${path%.*}", "/a/b.c/d.e"),
    ("${path%%.*}", "/a/b"),
    ("${A#[a-c]}", "bcABC123"),
    ("${A#[^a]}", "abcABC123"),
    ("${A##?b}", "cABC123"),
    ("${A#[}", "abcABC123"),
    ("${A#\\a}", "bcABC123"),
    ("${NO=x}", "x"),
    ("${NO:=x}", "x"),
    ("${NO:-x}", "x"),
    ("${NO:?x}", "x"),
    ("${NO:+x}", "x"),
    ("${A:+x}", "abcABC123"),
    ("${EMPTY:-x}", "x"),
    ("${NO:=}", ""),
    ("${NO:=$$}", "$$"),
    ("${NO:=$$${A}}", "$$abcABC123"),
    ("${NO:=a${EMPTY:=b}c}", "abc"),
    ("${NO:=\n}", "\n"),
]

MALFORMED = [
    ("${}", "${}"),
    ("${ A }", "${ A }"),
    ("${A-x}", "${A-x}"),
    ("${A?x}", "${A?x}"),
    ("${A+x}", "${A+x}"),
    ("${a.b}", "${a.b}"),
    ("${a-b}", "${a-b}"),
    ("${a[@]}", "${a[@]}"),
    ("${A", "${A"),
    ("${A:}", "${A:}"),
    ("${A::1}", "${A::1}"),
    ("${A:1:}", "${A:1:}"),
    ("${A:é}", "${A:é}"),
    ("${A,,,}", "${A,,,}"),
    ("${A///x}", "${A///x}"),
    ("${A#}", "${A#}"),
    ("${A/b}", "${A/b}"),
    ("${A#a${A}}", "${A#a${A}"),
    ("${#}", "${#}"),
    ("${A@Q}", "${A@Q}"),
    ("${NO:=${a.b}}", "${a.b}"),
]


@pytest.mark.parametrize(("text", "after"), REPLACED)
def test_expressions_are_replaced_as_flux_does(text: str, after: str) -> None:
    result = envsubst.substitute(text, VARIABLES, strict=False)
    assert (result.text, result.problems) == (after, ())


@pytest.mark.parametrize(("text", "expression"), MALFORMED)
@pytest.mark.parametrize("strict", [True, False])
def test_what_cannot_be_read_is_a_problem_in_any_mode(
    text: str, expression: str, strict: bool
) -> None:
    (problem,) = envsubst.substitute(f"x {text}", VARIABLES, strict=strict).problems
    assert (problem.expression, problem.hint, problem.name) == (expression, ESCAPE, "")
    assert problem.offset == 2 + text.index(expression)


@pytest.mark.parametrize("text", ["${NO}", "${NO^^}", "${#NO}", "${NO:1}", "${NO/a/b}", "${NO#a}"])
def test_strict_mode_wants_a_value_for_what_is_read(text: str) -> None:
    result = envsubst.substitute(text, VARIABLES, strict=True)
    (problem,) = result.problems
    assert (problem.name, problem.expression) == ("NO", text)
    assert envsubst.substitute(text, VARIABLES, strict=False).problems == ()


@pytest.mark.parametrize("operator", ["=", ":=", ":-", ":?", ":+"])
def test_strict_mode_is_content_with_a_default(operator: str) -> None:
    text = f"${{NO{operator}x}}"
    assert envsubst.substitute(text, {}, strict=True) == Result("x", frozenset({"NO"}))


def test_a_variable_that_is_set_but_empty_has_a_value() -> None:
    result = envsubst.substitute("[${EMPTY}]", VARIABLES, strict=True)
    assert result == Result("[]", frozenset({"EMPTY"}))


def test_a_problem_says_what_to_write_instead() -> None:
    (problem,) = envsubst.substitute("on ${HOST}", {}, strict=True).problems
    assert problem == Problem(
        offset=3,
        expression="${HOST}",
        message="${HOST}: variable HOST has no value",
        hint=f"define HOST, give a default with ${{HOST:=value}}, or {ESCAPE}",
        name="HOST",
    )


def test_every_problem_is_reported_not_only_the_first() -> None:
    problems = envsubst.substitute("${a.b} ${X} ${c[@]} ${Y}", {}, strict=True).problems
    assert [problem.expression for problem in problems] == ["${a.b}", "${X}", "${c[@]}", "${Y}"]


def test_used_variables_are_told_with_those_inside_defaults() -> None:
    result = envsubst.substitute("${A} $${B} ${C:=${D:=${E}}}", {"E": "x"}, strict=False)
    assert result.used == {"A", "C", "D", "E"}


def test_a_negative_length_crashes_flux_and_is_a_problem_here() -> None:
    (problem,) = envsubst.substitute("${A:3:-1}", VARIABLES, strict=False).problems
    assert problem.message == "${A:3:-1}: the length is negative"


def test_half_a_character_is_a_problem_unless_its_other_half_follows() -> None:
    (problem,) = envsubst.substitute("${u:1}", VARIABLES, strict=False).problems
    assert problem.message == "a character is cut in half"
    assert envsubst.substitute("${u:0:1}${u:1:1}", VARIABLES, strict=False) == Result(
        "é", frozenset({"u"})
    )


def test_an_expression_without_end_is_told_apart() -> None:
    assert envsubst.substitute("${A:=x", {}, strict=False).open
    assert not envsubst.substitute("${a.b}", {}, strict=False).open


def test_deep_nesting_is_refused_instead_of_followed() -> None:
    text = "${A:=" * 5000 + "x" + "}" * 5000
    assert "nested too deeply" in envsubst.substitute(text, {}, strict=False).problems[0].message
