"""What the result of an expression is counted in, as far as the names of its series tell.

Source: prometheus.io, "Metric and label naming": the name ends with the unit, in base units; a
counter has `_total` after it. `rate` is per second: seconds in a second are a share.
"""

import re
from collections.abc import Iterable
from typing import Literal

from gitops.check.traffic.promql import functions
from gitops.check.traffic.promql.expressions import (
    Binary,
    Call,
    Constant,
    Expression,
    Selector,
    Union,
    selectors,
)

Dimension = Literal[
    "", "seconds", "milliseconds", "bytes", "bytes in a second", "a share of 1", "percent", "time"
]

_SUFFIXES: tuple[tuple[str, Dimension], ...] = (
    ("_timestamp_seconds", "time"),
    ("_time_seconds", ""),
    ("_seconds", "seconds"),
    ("_milliseconds", "milliseconds"),
    ("_bytes", "bytes"),
    ("_ratio", "a share of 1"),
    ("_percent", "percent"),
    ("_percentage", "percent"),
)
_COUNTER = re.compile(r"_(?:total|sum|bucket)$")
_IN_A_SECOND: dict[Dimension, Dimension] = {
    "seconds": "a share of 1",
    "bytes": "bytes in a second",
}
_RATES = frozenset({"deriv", "irate", "rate"})
_ALIKE = frozenset(
    {
        *("abs", "clamp_max", "clamp_min", "delta", "idelta", "increase", "round"),
        *("sort", "sort_desc", "label_replace", "histogram_quantile"),
        *(f"{each}_over_time" for each in ("avg", "max", "min", "last", "sum", "median")),
    }
)
_SUMMING = frozenset({"avg", "max", "median", "min", "sum", "topk", "bottomk"})


def of(found: Expression) -> Dimension:
    """What the result is counted in; "" where nobody can tell."""
    match found:
        case Selector(name=name):
            return _named(name)
        case Union(parts=parts):
            return _one(of(each) for each in parts)
        case Call():
            return _called(found)
        case Binary():
            return _combined(found)
        case _:
            return ""


def _named(name: str) -> Dimension:
    bare = _COUNTER.sub("", name)
    return next((unit for suffix, unit in _SUFFIXES if bare.endswith(suffix)), "")


def _one(found: Iterable[Dimension]) -> Dimension:
    each = {*found}
    return each.pop() if len(each) == 1 else ""


def _called(found: Call) -> Dimension:
    if found.name in _RATES:
        inner = _one(of(each) for each in found.arguments)
        rates: dict[Dimension, Dimension] = {
            "seconds": "a share of 1",
            "bytes": "bytes in a second",
        }
        return rates.get(inner, "")
    if found.name in _ALIKE or found.name in _SUMMING:
        given = [each for each in found.arguments if not isinstance(each, Constant)]
        return of(given[0]) if len(given) == 1 or found.name == "label_replace" else ""
    return "time" if found.name == "time" else ""


def _combined(found: Binary) -> Dimension:
    left, right = of(found.left), of(found.right)
    one, hundred = _number(found.left, found.right)
    match found.sign:
        case "/":
            alike = bool(left) and left == right and left != "time"
            return "a share of 1" if alike or _is_part(found) else _mean(found)
        case "*":
            return "percent" if hundred and "a share of 1" in (left, right) else ""
        case "-" if left == right == "time":
            return "seconds"
        case "-" if one and right == "a share of 1":
            return right
        case "+" | "-" if left == right:
            return "" if left == "time" else left
        case "and" | "unless" | "or" if left == right or found.sign != "or":
            return left
        case _:
            return ""


def _number(*sides: Expression) -> tuple[bool, bool]:
    """Whether the first is 1, and whether one is 100."""
    texts = [each.text if isinstance(each, Constant) else "" for each in sides]
    return texts[0] == "1", "100" in texts


def _mean(found: Binary) -> Dimension:
    """The sum of a histogram divided by its count is what it counts in."""
    left, right = ({each.name for each in selectors(side)} for side in (found.left, found.right))
    bases = {name.removesuffix("_sum") for name in left if name.endswith("_sum")}
    is_mean = len(bases) == 1 and right == {f"{min(bases)}_count"}
    return _named(min(bases)) if is_mean else ""


def _is_part(found: Binary) -> bool:
    """Whether some of the series of a name are divided by series of that name, both counted alike:
    what is left of requests that failed by all requests."""
    names = [{each.name for each in selectors(side)} for side in (found.left, found.right)]
    shapes = [_shape(side) for side in (found.left, found.right)]
    return names[0] == names[1] and len(names[0]) == 1 and shapes[0] == shapes[1] != ""


def _shape(found: Expression) -> str:
    """The calls around a series, where there is nothing else around it."""
    match found:
        case Selector():
            return "series"
        case Call(name=name, arguments=(inner,)) if name in functions.AGGREGATIONS | _RATES:
            inside = _shape(inner)
            return f"{name} {inside}" if inside else ""
        case _:
            return ""
