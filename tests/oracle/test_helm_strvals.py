"""Helm's `--set` grammar against Helm's own parser."""

import random
from copy import deepcopy
from typing import Any

import pytest

from gitops.build.helm import strvals
from tests.oracle import helmlib

pytestmark = pytest.mark.oracle

PIECES = [
    *("a", "b", "c.d", "=", "=", "=", ".", ",", "[0]", "[1]", "[2]", "[", "]", "{", "}", "\\"),
    *(
        "1",
        "-5",
        "007",
        "true",
        "null",
        "0",
        "x y",
        "é",
        "'",
        '"',
        "[x]",
        "[-1]",
        "[+1]",
        "[70000]",
    ),
]
HELD: list[dict[str, Any]] = [
    {},
    {"a": {"b": 1}, "b": [1, {"a": 2}, [3]], "c": "text"},
    {"a": [{"b": {"c": [1]}}], "b": None, "c": {"d": {"a": 1}}},
]


def requests(seed: int, count: int) -> list[dict[str, Any]]:
    draw = random.Random(seed)
    return [
        {
            "do": "strvals",
            "text": "".join(draw.choice(PIECES) for _ in range(draw.randint(1, 9))),
            "values": draw.choice(HELD),
            "typed": draw.random() < 0.8,
        }
        for _ in range(count)
    ]


def assigned(request: dict[str, Any]) -> dict[str, Any] | None:
    target = deepcopy(request["values"])
    try:
        strvals.assign(target, request["text"], typed=request["typed"])
    except strvals.Refused:
        return None
    return target  # type: ignore[no-any-return]


def test_assignments_give_what_helm_gives() -> None:
    asked = requests(1, 20_000)
    answers = helmlib.ask(asked)
    different = [
        (request, answer)
        for request, answer in zip(asked, answers, strict=True)
        if answer.get("values") != assigned(request)
    ]
    assert different == []
    assert sum("values" in answer for answer in answers) > 3000
