"""Objects made up from right ones by changing one field."""

import copy
import random
from collections.abc import Iterator
from typing import Any

WORDS: list[Any] = [
    *("", "x", "Local", "local", "Bad_Name", "-a", "a-", "a.b", "a/b", "*", "x" * 64, "y" * 300),
    *("8080", "10%", "150%", "-1", "0", "1Gi", "1GB", "10m", "/x", "../x", "None", "Always"),
    *("10.0.0.1", "10.0.0.0/8", "*/5 * * * *", "a b", "ä", "web", "TCP", "tcp", "example.org/x"),
]
NUMBERS: list[Any] = [-1, 0, 1, 2, 30, 100, 512, 3601, 65535, 65536, 200000, 1 << 31, 1 << 33]
OWN = ("apiVersion", "kind")


def mutations(seed: dict[str, Any], draw: random.Random, count: int) -> Iterator[dict[str, Any]]:
    """As many objects, each with one place changed."""
    for _ in range(count):
        body = copy.deepcopy(seed)
        places = _all(body)
        _change(*draw.choice(places), places, draw)
        yield body


def losses(seed: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each place of an object gone, null and empty, and each element of a list there twice."""
    count = len(_all(seed))
    for number in range(count):
        for how in ("gone", "null", "empty", "twice"):
            body = copy.deepcopy(seed)
            around, key = _all(body)[number]
            if _lost(around, key, how):
                yield body


def _lost(around: Any, key: Any, how: str) -> bool:
    value = around[key]
    match how:
        case "gone":
            del around[key]
        case "null":
            around[key] = None
        case "empty" if not isinstance(value, bool):
            around[key] = type(value)()
        case "twice" if isinstance(around, list):
            around.append(copy.deepcopy(value))
        case _:
            return False
    return True


def _all(body: dict[str, Any]) -> list[tuple[Any, Any]]:
    return [found for name in body if name not in OWN for found in _places(body, name)]


def _change(around: Any, key: Any, places: list[tuple[Any, Any]], draw: random.Random) -> None:
    value = around[key]
    match draw.randrange(8):
        case 0:
            del around[key]
        case 1 if isinstance(around, list):
            around.append(copy.deepcopy(value))
        case 1 if isinstance(value, dict | list):
            around[key] = type(value)()
        case 2:
            around[key] = copy.deepcopy(draw.choice(_alike(value, places)))
        case 3 if isinstance(around, dict):
            # A field from elsewhere: of two choices both, or what another kind of thing has.
            others = [(each, name) for each, name in places if name not in OWN]
            others = [(each, name) for each, name in others if isinstance(name, str)]
            found, name = draw.choice(others)
            around[name] = copy.deepcopy(found[name])
        case 4 if isinstance(value, str) and value:
            around[key] = draw.choice([value.swapcase(), value[:-1], value + "s", value + "_"])
        case _:
            around[key] = _other(value, draw)


def _other(value: Any, draw: random.Random) -> Any:
    match value:
        case bool():
            return not value
        case int():
            return draw.choice(NUMBERS)
        case str():
            return draw.choice(WORDS)
        case _:
            return draw.choice([None, type(value)()])


def _alike(value: Any, places: list[tuple[Any, Any]]) -> list[Any]:
    return [each[name] for each, name in places if isinstance(each[name], type(value))]


def _places(around: Any, key: Any) -> list[tuple[Any, Any]]:
    inner = around[key]
    keys = (
        inner if isinstance(inner, dict) else range(len(inner)) if isinstance(inner, list) else ()
    )
    return [(around, key), *(found for each in keys for found in _places(inner, each))]
