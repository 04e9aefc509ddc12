"""Expressions of metrics against the parser of Prometheus.

Ours takes MetricsQL as well and does not judge types, so it may read what Prometheus refuses; what
both read means the same.
"""

import random

import pytest

from gitops.check.traffic.promql import expressions, reading
from gitops.check.traffic.promql.expressions import (
    Binary,
    Call,
    Constant,
    Expression,
    Grouping,
    Selector,
)
from tests.oracle import promqllib

pytestmark = pytest.mark.oracle

LABELS = ["a", "b", "le", "pod", "on", "by", "group_left", "sum", "offset", "bool"]
NAMES = ["up", "x:y", "node_memory_Bytes"]
SPANS = ["5m", "1h30m", "1d", "500ms"]
COMPARED = ["==", "!=", "<", "<=", ">", ">="]
SUMS = ["+", "-", "*", "/", "%", "^", "atan2"]
SETS = ["and", "or", "unless"]
OF_RANGES = ["rate", "increase", "max_over_time", "absent_over_time", "changes"]
OF_VECTORS = ["abs", "ceil", "absent", "sort", "timestamp"]
AGGREGATIONS = ["sum", "max", "MIN", "count", "group", "stddev"]


def labels(draw: random.Random) -> str:
    found = dict.fromkeys(draw.choice(LABELS) for _ in range(draw.randrange(4)))
    last = "," if found and draw.random() < 0.1 else ""
    return f"({', '.join(found)}{last})"


def selector(draw: random.Random) -> str:
    signs = ["=", "!=", "=~", "!~"]
    texts = ['"v"', "'w'", '"a|b"', "`c`", '"x\\"y"', '""']
    given = [draw.choice(LABELS) + draw.choice(signs) + draw.choice(texts) for _ in range(2)]
    given = given[: draw.randrange(3)]
    braces = "{" + ",".join(given) + "}" if given or draw.random() < 0.2 else ""
    return draw.choice(NAMES) + braces


def suffix(draw: random.Random) -> str:
    return draw.choice(["", "", "", " offset 5m", " offset -1h", " @ 1609746000", " @ start()"])


def ranged(draw: random.Random, depth: int) -> str:
    span = draw.choice(SPANS)
    if depth and draw.random() < 0.2:
        return f"({vector(draw, depth - 1)})[{span}:{draw.choice(['', '1m'])}]{suffix(draw)}"
    return f"{selector(draw)}[{span}]{suffix(draw)}"


def matching(draw: random.Random, *, grouped: bool) -> str:
    word = draw.choice(["", "", " on ", " ignoring", " ON"])
    if not word:
        return ""
    more = [" group_left", " group_right", " group_left (extra)", " group_right(extra)"]
    joined = draw.choice(more) if grouped and draw.random() < 0.4 else ""
    return f"{word}{labels(draw)}{joined}"


def vector(draw: random.Random, depth: int) -> str:
    if not depth:
        return selector(draw) + suffix(draw)
    kind = draw.randrange(8)
    inner = vector(draw, depth - 1)
    if kind == 0:
        return f"{draw.choice(OF_RANGES)}({ranged(draw, depth)})"
    if kind == 1:
        return f"{draw.choice(OF_VECTORS)}({inner})"
    if kind in (2, 3):
        name = draw.choice(AGGREGATIONS)
        by = f"{draw.choice(['by', 'without', 'BY'])} {labels(draw)}"
        return draw.choice([f"{name}({inner})", f"{name} {by} ({inner})", f"{name}({inner}) {by}"])
    if kind == 4:
        return f"-{inner}" if draw.random() < 0.3 else f"({inner})"
    if kind == 5:
        return f"histogram_quantile(0.9, {inner})"
    other = vector(draw, depth - 1)
    if kind == 6:
        return f"{inner} {draw.choice(SETS)}{matching(draw, grouped=False)} {other}"
    sign = draw.choice([*SUMS, *COMPARED, *(f"{each} bool" for each in COMPARED)])
    if draw.random() < 0.2:
        return f"{inner} {sign} {draw.choice(['2', '1e3', '0x1F'])}"
    return f"{inner} {sign}{matching(draw, grouped=True)} {other}"


def broken(draw: random.Random, expression: str) -> str:
    at = draw.randrange(len(expression))
    put = draw.choice(["", "(", ")", "}", ",", " ", '"', "[", "="])
    return expression[:at] + put + expression[at + 1 :]


def said(found: Expression) -> str:
    match found:
        case Selector(name=name, matchers=(matchers,)):
            return " ".join(["select", name, *(f"{m.label}{m.sign}{m.value}" for m in matchers)])
        case Call(name=name, grouping=None):
            return f"call {name}"
        case Call(name=name, grouping=Grouping(word=word, labels=given)):
            return " ".join(["call", name, *(["without"] if word == "without" else []), *given])
        case Binary(sign=sign, matching=matched, joined=joined):
            words = [*(matched.labels if matched else ())]
            words += ["on"] if matched and matched.word == "on" else []
            return " ".join([sign, *words, *((joined.word, *joined.labels) if joined else ())])
        case Constant():
            return "constant"
        case _:
            return type(found).__name__


def test_what_prometheus_reads_is_read_and_means_the_same() -> None:
    draw = random.Random(1)
    right = [vector(draw, draw.randrange(5)) for _ in range(20_000)]
    asked = right + [broken(draw, each) for each in right]
    different = []
    for text, answer in zip(asked, promqllib.ask(asked), strict=True):
        found = reading.read(text)
        if "mistake" in answer:
            continue
        parts = [] if isinstance(found, str) else [*expressions.parts(found)]
        ours = found if isinstance(found, str) else [said(each) for each in parts]
        if ours != answer["parts"]:
            different.append((text, ours, answer["parts"]))
    assert different[:10] == []


def test_most_of_what_prometheus_cannot_read_is_refused() -> None:
    draw = random.Random(2)
    asked = [broken(draw, vector(draw, draw.randrange(4))) for _ in range(20_000)]
    syntax = [
        text
        for text, answer in zip(asked, promqllib.ask(asked), strict=True)
        if "unexpected" in answer.get("mistake", "") or "unclosed" in answer.get("mistake", "")
    ]
    refused = [text for text in syntax if reading.mistake(text)]
    assert len(refused) > 0.9 * len(syntax) > 0
