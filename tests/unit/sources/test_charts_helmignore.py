import pytest

from gitops.errors import ChartError
from gitops.sources.charts import helmignore


def kept(rules: str, *paths: str) -> list[str]:
    """The paths that are left; those that end with a slash are folders."""
    parsed = helmignore.parse(rules.encode(), ".helmignore")
    return [
        path
        for path in paths
        if not helmignore.ignored(parsed, path.rstrip("/"), path.endswith("/"))
    ]


def test_a_pattern_without_a_slash_compares_the_last_name() -> None:
    assert kept("*.bak", "a.bak", "d/e.bak", "a.bak.yaml") == ["a.bak.yaml"]


def test_a_pattern_with_a_slash_compares_the_whole_path() -> None:
    assert kept("d/*.txt", "d/a.txt", "c/d/a.txt", "d/e/a.txt") == ["c/d/a.txt", "d/e/a.txt"]


def test_a_leading_slash_ties_to_the_root() -> None:
    assert kept("/a.txt", "a.txt", "d/a.txt") == ["d/a.txt"]


def test_a_trailing_slash_means_folders_alone() -> None:
    assert kept("ci/", "ci/", "d/ci/", "ci") == ["ci"]


def test_comments_blanks_and_a_byte_order_mark_are_no_rules() -> None:
    assert kept("\ufeff# *\n\n   \n  a  \n", "a", "#", "b") == ["#", "b"]


def test_hidden_files_directly_in_templates_are_never_kept() -> None:
    assert kept("", "templates/.x", "templates/.", ".x", "templates/d/.x") == [
        "templates/.",
        ".x",
        "templates/d/.x",
    ]


def test_a_negated_pattern_drops_what_it_does_not_match_as_helm_does() -> None:
    assert kept("!*.yaml", "a.yaml", "README.md") == ["a.yaml"]


def test_a_negated_folder_drops_every_file_as_helm_does() -> None:
    assert kept("!d/", "d/", "d/a", "e/") == ["d/"]


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        ("?.md", "a.md", "ab.md"),
        ("[ab].md", "a.md", "c.md"),
        ("[^ab].md", "c.md", "a.md"),
        ("[a-c]x", "bx", "dx"),
        ("[!a]", "!", "b"),
        (r"\*", "*", "a"),
        (r"[\]a]", "]", "b"),
        (r"[\d]", "d", "1"),
        ("[[a]", "[", "b"),
        ("[a&&b]", "&", "c"),
        ("a.b", "a.b", "axb"),
        ("{a,b}", "{a,b}", "a"),
        ("(a|b)+", "(a|b)+", "a"),
    ],
)
def test_patterns_are_those_of_go(pattern: str, matching: str, other: str) -> None:
    assert kept(pattern, matching, other) == [other]


def test_a_set_never_matches_the_separator() -> None:
    assert kept("d[^a]e/f", "d/e/f", "dbe/f") == ["d/e/f"]


@pytest.mark.parametrize("pattern", ["[", "[]", "a[", "[a", "\\", "[z-a]"])
def test_a_broken_pattern_is_refused_with_its_line(pattern: str) -> None:
    with pytest.raises(ChartError) as error:
        helmignore.parse(f"# first\n{pattern}\n".encode(), "c/.helmignore")
    assert str(error.value) == (
        f"c/.helmignore:2: {pattern!r} is not a pattern that Helm understands"
    )


def test_double_stars_are_refused_as_helm_does() -> None:
    with pytest.raises(ChartError, match=r"^c/\.helmignore:1: Helm does not support \*\*"):
        helmignore.parse(b"a/**", "c/.helmignore")
