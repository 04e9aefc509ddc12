"""Laws of substitution in resources: the short way gives what the long one through text gives."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gitops.build.substitute import resource, yamltext
from gitops.sources import yamlio
from gitops.sources.yamlio import Dialect

PARTS = [
    *("${A}", "${B}", "$${A}", "${N:=x y}", "${N:=7}", "${A^^}", "${A/a/b}", "$$", "word", "a "),
    *(" ", "x: ", "# ", "'", '"', "\\", "\t", "\n", "\n  ", "é", "🚀", "[", "{", ", ", "*", "&"),
    *("!", "|", ">", "%", "@", ":", "-", "- ", "? ", "---", "yes", "5", "long" * 15 + " "),
]
STRINGS = st.lists(st.sampled_from(PARTS), max_size=6).map("".join)
KEYS = st.one_of(st.sampled_from(["a", "b/c", "1", "yes", "k" * 130]), STRINGS)
TREES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(STRINGS, st.integers(-(2**63), 2**64 - 1), st.booleans(), st.none()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)
BODIES = st.dictionaries(KEYS, TREES, min_size=1, max_size=3)
VALUES = st.one_of(
    st.sampled_from(["", "true", "5", "a: b", "# c", " x ", "[a]", "{a: 1}", "it's", '"q"', "\\"]),
    st.sampled_from(["- a", "&x y", "*x", "!!str 5", "|", "word " * 20, "a #b", "\\n", "0755"]),
    st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=8),
)


@given(BODIES, VALUES, VALUES)
def test_string_by_string_gives_what_the_text_gives(
    body: dict[str, Any], first: str, second: str
) -> None:
    variables = {"A": first, "B": second}
    ours = resource.substitute(body, variables.get)
    text = resource.by_text(body, variables.get)
    assert bool(ours.problems) == bool(text.problems)
    if not ours.problems:
        assert (ours.body, ours.broken, ours.used) == (text.body, text.broken, text.used)


@given(BODIES)
def test_what_is_written_is_read_back(body: dict[str, Any]) -> None:
    (document,), findings = yamlio.parse(yamltext.dump(body).encode(), "", Dialect.SIGS)
    assert (document.value, findings) == (body, ())


@given(BODIES)
def test_without_expressions_only_long_numbers_change(body: dict[str, Any]) -> None:
    def plain(value: Any) -> Any:
        match value:
            case dict():
                return {key.replace("$", "S"): plain(item) for key, item in value.items()}
            case list():
                return [plain(item) for item in value]
            case str():
                return value.replace("$", "S")
            case _:
                return None if isinstance(value, int) and abs(value) > 2**53 else value

    before = plain(body)
    after = resource.by_text(before, lambda _: None)
    assert (after.body, after.problems, after.broken) == (before, {}, "")
