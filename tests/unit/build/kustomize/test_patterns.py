"""Patterns are Go's regular expressions."""

import pytest

from gitops.build.kustomize import patterns
from gitops.build.kustomize.problem import Problem


def matches(pattern: str, text: str) -> bool:
    matcher = patterns.whole(pattern)
    assert not isinstance(matcher, Problem), matcher
    return matcher(text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("", "anything"),
        ("web", "web"),
        ("web-.*", "web-1"),
        ("a|b", "b"),
        ("(?i)WEB", "web"),
        ("(?i:W)eb", "web"),
        (r"\Qa.b\E+", "a.bb"),
        ("[[:alpha:]]+", "abc"),
        ("[^[:digit:]]", "x"),
        (r"[\d-]+", "1-2"),
        (r"\pN?x", None),
        ("(?P<name>a)(?<other>b)", "ab"),
        ("a{2,3}", "aaa"),
        ("a{,2}", "a{,2}"),
        (r"\x41\x{42}", "AB"),
        (r"\Aweb\z", "web"),
        (r"a\.b", "a.b"),
        ("(?s).", "\n"),
        ("(?m)^a$\n^b$", "a\nb"),
        ("x*?y+?", "xy"),
        ("[]a]", "]"),
        ("[a-]", "-"),
    ],
)
def test_a_pattern_describes_a_text(pattern: str, text: str | None) -> None:
    if text is None:
        assert isinstance(patterns.whole(pattern), Problem)
    else:
        assert matches(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("web", "web1"), ("a|b", "ab"), ("web", "Web"), (".", "\n"), ("a$", "a\n"), ("a{2}", "aaa")],
)
def test_a_pattern_describes_the_whole_text(pattern: str, text: str) -> None:
    assert not matches(pattern, text)


@pytest.mark.parametrize(
    "pattern",
    [
        "web[",
        "(",
        ")",
        "a**",
        "*",
        "(?=a)",
        "(?!a)",
        "(?<=a)",
        r"\1",
        r"\8",
        "[b-a]",
        "a{1001}",
        "a{3,2}",
        "[[:nope:]]",
        "\\",
        r"\x{110000000}",
        "(?z)",
        "(" * 200 + ")" * 200,
        "(a{900}){900}",
    ],
)
def test_what_go_refuses_is_refused(pattern: str) -> None:
    assert isinstance(patterns.whole(pattern), Problem)


@pytest.mark.parametrize(
    ("name", "image", "fits"),
    [
        ("web", "web", True),
        ("web", "web:1", True),
        ("web", "web@sha256:abc", True),
        ("web", "web:1@sha256:abc", True),
        ("web", "web:{tag}", True),
        ("web", "webby:1", False),
        ("web", "my/web:1", False),
        ("example.com/web", "exampleXcom/web", True),
        ("we(b|c)", "wec:1", True),
        ("a|b", "xb:1", True),
        ("web", "web@md5:abc", False),
    ],
)
def test_the_name_of_an_image_is_a_pattern(name: str, image: str, fits: bool) -> None:
    matcher = patterns.image(name)
    assert not isinstance(matcher, Problem)
    assert matcher(image) is fits
