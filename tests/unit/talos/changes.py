"""Something else at a random place of a configuration."""

import copy
import random
from collections.abc import Sequence
from typing import Any

from gitops.sources import yamlio

_VALUES: list[Any] = [
    "",
    "a",
    "-1",
    "https://a:1/",
    "10.0.0.0/8",
    3,
    -1,
    1.5,
    True,
    None,
    {},
    {"a": 1},
    [],
    ["a"],
    [{}],
    [None],
    [[]],
]


def one(documents: Sequence[dict[str, Any]], draw: random.Random) -> str:
    """The text of the documents after one of them was changed."""
    changed = list(copy.deepcopy(tuple(documents)))
    number = draw.randrange(len(changed))
    changed[number] = _changed(changed[number], draw, 0)
    return yamlio.dump_all(changed)


def _changed(value: Any, draw: random.Random, depth: int) -> Any:
    goes_on = depth == 0 or draw.random() < 0.85
    match value:
        case dict() if value and goes_on:
            key = draw.choice(sorted(value))
            return {**value, key: _changed(value[key], draw, depth + 1)}
        case list() if value and goes_on:
            position = draw.randrange(len(value))
            inner = _changed(value[position], draw, depth + 1)
            return [*value[:position], inner, *value[position + 1 :]]
    return draw.choice(_VALUES)
