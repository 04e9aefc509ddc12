"""Versions and ranges against the library that Helm and Flux use."""

import random

import pytest

from gitops.model import semver
from tests.oracle import helmlib

pytestmark = pytest.mark.oracle

NUMBERS = ["0", "1", "2", "3", "10", "01", "x", "*", "X"]
TAILS = ["", "", "", "-rc.1", "-alpha", "-0", "-01", "-beta.2", "-9", "-10", "+b.1", "-a..b", "+x_"]
OPERATORS = ["", "", "=", "!=", ">", "<", ">=", "=>", "<=", "=<", "~", "~>", "^", "=="]
SEPARATORS = [" ", ", ", ",", "||", " || ", " - "]


def version(draw: random.Random, *, wild: bool) -> str:
    numbers = NUMBERS if wild else NUMBERS[:6]
    parts = (draw.choice(numbers) for _ in range(draw.choice([1, 2, 3, 3, 3, 4])))
    return draw.choice(["", "", "v"]) + ".".join(parts) + draw.choice(TAILS)


def range_of(draw: random.Random) -> str:
    text = ""
    for at in range(draw.choice([1, 1, 1, 2, 2, 3])):
        text += draw.choice(SEPARATORS) if at else ""
        text += draw.choice(OPERATORS) + draw.choice(["", "", " "]) + version(draw, wild=True)
    return text


def test_versions_and_ranges_mean_what_they_mean_to_helm() -> None:
    draw = random.Random(1)
    asked = [(range_of(draw), version(draw, wild=False)) for _ in range(30_000)]
    answers = helmlib.ask({"do": "semver", "range": r, "version": v} for r, v in asked)
    different = []
    for (text, number), answer in zip(asked, answers, strict=True):
        allowed, parsed = semver.parse_range(text), semver.parse(number)
        ours = {"admits": allowed.admits(parsed), "text": str(parsed)} if allowed and parsed else {}
        if ours != {key: answer[key] for key in ("admits", "text") if key in answer}:
            different.append((text, number, ours, answer))
    assert different == []
    assert sum("admits" in answer for answer in answers) > 8000
