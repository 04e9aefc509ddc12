"""Our expansion of variables against Flux's library, and against the cases of its own tests."""

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gitops.build.substitute import envsubst
from gitops.build.substitute.envsubst import Result
from tests.oracle import fluxlib, tools

pytestmark = pytest.mark.oracle

VARIABLES = {
    "A": "abcABC123",
    "B": "",
    "path": "/a/b.c/d.e.txt",
    "u": "éÀ🚀ßİ",
    "n": "-3",
    "two": "2",
    "ü": "x",
    "star": "a*b",
    "br": "[a]",
    "D": "$X ${A} $$",
    "sp": " a b ",
    "NUL": "x\0y",
    "_9": "nine",
}
NAMES = [*VARIABLES, "U", "missing", "9", "a-b", "é", "", "A B", "a.b"]
OPERATIONS = """\
|=|=x|:=d|:-d|:?d|:+d|-x|?x|+x|:|::|:1|:-1|:1:2|:0:-1|:3:100|: -2|:${n}|:${two}:${two}|:1::2|:é
|:+é|,|,,|^|^^|^,|,,,|/a/b|//a/b|/#a/b|/%t/b|/a|/a/|///x|/\\//-|//\\//-|/$$/x|/a/$$|/${A}/x|/a/${B}
|//${B}/-|#|#a|#*.|##*/|##*|%*|%.*|%%.*|%t|%%[a-z]|#[!a]|#[^z]|#?|##??|#\\|#[|#[a|%]|#${path}
|/a}b/c|@Q|[@]|!|*|=$|=$$x|=$${A}|=a$b|:=\\}|:=a${B:=q}b${A^^}|/é/e|#é|%🚀ßİ|:1:3|:2|%?|#[é-ü]
|:00000000000000000000001|:99999999999999999999|##[a-c-e]*|%[]|/ /|# *""".replace("\n", "").split(
    "|"
)
TEXTS = ["text", "$", "$$", "$$$", "\\", "{", "}", "${", "$A", "\n", "é", " ", "\0", "$${A}", "'"]


def expression(draw: random.Random, depth: int = 0) -> str:
    operation = draw.choice(OPERATIONS)
    if depth < 3 and draw.random() < 0.15:
        operation = draw.choice(["=", ":=", "//a/", "/#", "#", ":"]) + expression(draw, depth + 1)
    sign = "#" if draw.random() < 0.08 else ""
    return f"${{{sign}{draw.choice(NAMES)}{operation}{'}' if draw.random() < 0.97 else ''}"


def texts(seed: int, count: int) -> Iterator[str]:
    draw = random.Random(seed)
    for _ in range(count):
        size = draw.choice([1, 1, 1, 2, 2, 3, 6])
        yield "".join(
            expression(draw) if draw.random() < 0.6 else draw.choice(TEXTS) for _ in range(size)
        )


def agrees(ours: Result, theirs: dict[str, Any]) -> bool:
    """What remains of half a character comes back from Go as a replacement character."""
    if "error" in theirs:
        return bool(ours.problems)
    text = "".join("\ufffd" if "\udc80" <= char <= "\udcff" else char for char in ours.text)
    return text == theirs["text"] and (not ours.problems or text != ours.text)


@pytest.mark.parametrize("strict", [True, False])
def test_thousands_of_texts_expand_alike(strict: bool) -> None:
    asked = list(texts(7 + strict, 6000))
    answers = fluxlib.ask(
        {"do": "envsubst", "text": text, "vars": VARIABLES, "strict": strict} for text in asked
    )
    differ = [
        (text, theirs)
        for text, theirs in zip(asked, answers, strict=True)
        if not agrees(envsubst.substitute(text, VARIABLES, strict=strict), theirs)
    ]
    assert differ == []


def test_the_cases_of_its_own_tests_expand_alike() -> None:
    source = next((path for path in tools.public_repositories() if path.name == "fluxcd+pkg"), None)
    if source is None:
        pytest.skip("GITOPS_PUBLIC_REPOSITORIES has no fluxcd+pkg")
    cases = list(published(source / "envsubst" / "eval_test.go"))
    assert len(cases) > 50
    for text, variables, strict, expected in cases:
        result = envsubst.substitute(text, variables, strict=strict)
        assert (None if result.problems else result.text) == expected, text


STRING = r'("(?:\\.|[^"\\])*"|`[^`]*`)'
CASE = re.compile(
    rf"\{{\s*params:\s*map\[string\]string\{{(?P<params>[^}}]*)\}},\s*input:\s*{STRING},?"
    rf"(?:\s*output:\s*{STRING},?)?(?:\s*wantErr:\s*(?P<error>\w+),?)?\s*\}}"
)
PAIR = re.compile(rf"{STRING}:\s*{STRING}")


def published(file: Path) -> Iterator[tuple[str, dict[str, str], bool, str | None]]:
    """Text, variables, mode and result (None for an error) of the tables in a Go test file."""
    source = file.read_text("utf-8")
    strict_from = source.index("func TestExpandStrict")
    for found in CASE.finditer(source):
        variables = {unquoted(k): unquoted(v) for k, v in PAIR.findall(found["params"])}
        fails = found["error"] not in (None, "nil")
        expected = None if fails else unquoted(found[3] or '""')
        yield unquoted(found[2]), variables, found.start() > strict_from, expected


def unquoted(literal: str) -> str:
    if literal.startswith("`"):
        return literal[1:-1]
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), literal)[
        1:-1
    ]
