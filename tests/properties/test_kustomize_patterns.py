"""Our regular expressions agree with Python's where both know the construct."""

import re
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from gitops.build.kustomize import patterns
from gitops.build.kustomize.problem import Problem

ATOMS = st.sampled_from(
    ["a", "b", "-", r"\.", ".", "[ab]", "[^a]", "[a-c]", r"\d", r"\w", "^", "$", r"[0-9\-]", r"\b"]
)


def _grow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{1,2}", "{2}", "{0,}", "*?"])).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
    )


PATTERNS = st.recursive(ATOMS, _grow, max_leaves=8)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(PATTERNS, st.lists(st.text("abc-.1", max_size=8), max_size=5))
def test_a_pattern_matches_what_it_matches_in_python(pattern: str, texts: list[str]) -> None:
    whole = patterns.whole(pattern)
    found = patterns.search(pattern)
    assert not isinstance(whole, Problem)
    assert not isinstance(found, Problem)
    python = re.compile(pattern.replace("$", r"\Z"), re.ASCII)
    for text in texts:
        assert whole(text) == (python.fullmatch(text) is not None)
        assert found(text) == (python.search(text) is not None)


def test_no_pattern_takes_for_ever() -> None:
    started = time.monotonic()
    for pattern in ("(a*)*b", "(a|a)*b", "(a|b|ab)*c", "(.*)*(.*)*x", "(a?){500}a{500}"):
        matches = patterns.whole(pattern)
        assert not isinstance(matches, Problem)
        assert not matches("a" * 250 + "!")
    assert time.monotonic() - started < 30


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(r"ab|*+?(){}[]^$\.-:Pdiwxz<>=!&1,", max_size=12))
def test_any_pattern_is_read_or_refused(pattern: str) -> None:
    matches = patterns.search(pattern)
    if not isinstance(matches, Problem):
        matches("ab-1")
