"""Alerts on counters: whether they can end.

A counter grows until its program starts again: what compares it itself with a number fires for ever
once the number is passed. Source: prometheus.io, "Metric types". That a name ends in `_total` makes
no counter yet: exporters call gauges so, cnpg_backends_waiting_total and radarr_queue_total among
them. Some compare a counter on purpose, where it shall never have counted anything.
"""

import re
from collections.abc import Iterator

from gitops.check.fields import mapping, text
from gitops.check.index import Index
from gitops.check.spot import Spot
from gitops.check.traffic import alerts, ours
from gitops.check.traffic.alerts import Entry
from gitops.check.traffic.promql import expressions, reading
from gitops.check.traffic.promql.expressions import Binary, Call, Constant, Expression, Selector
from gitops.check.traffic.questions import Questions
from gitops.model.finding import Finding

_COUNTS = re.compile(r"(?:errors?|exceptions|failures|requests|requestCount|retries)_total$")
"""What is a counter by its name, but for those of `_HELD`."""

_HELD = re.compile(
    r"(?:active|current|merge|open|pending|pull|queued|waiting)_(?:errors?|requests|retries)_total$"
)
_HARDWARE = re.compile(r"(?:^|_)(?:ata|btrfs|disk|ecc|edac|mdadm|media|nvme|smart\w*|zfs|zpool)_")
"""What wears out: how much it has suffered in all is a question as good as any."""

_SPAN = re.compile(
    r"\b(?:(?:for|during|in|last|least|over|past|per|than|within)\s+)"
    r"(?:the\s+)?(?:last\s+|past\s+)?(?:\d+\s*|an?\s+)?(?:[smhd]|sec|min|second|minute|hour|day)s?\b"
)
_GROWTH = frozenset({"increase", "irate", "rate", "resets"})
"""Functions of counters; `delta` and `deriv` are of gauges."""


def endless(facts: Index) -> Iterator[Finding]:
    """An alert compares how fast a counter grows, not the counter."""
    for entry in alerts.entries(facts):
        read = reading.read(alerts.expression(entry)) if "alert" in entry.body else ""
        if isinstance(read, str) or not ours.writes(entry.owned):
            continue
        for name, number in compared(read):
            if _is_endless(facts, entry, name, number):
                yield Spot(facts, entry.owned, (*entry.way, "expr")).warning(
                    "alert/counter",
                    f"{entry.owned.manifest.id}: the expression of {entry.name} compares the "
                    f"counter {name} itself: once it has passed {number}, the alert does not end "
                    "before the program starts again",
                    f"compare what it has grown by, increase({name}[1h])",
                )


def compared(found: Expression) -> Iterator[tuple[str, str]]:
    """The series that are held against a number as they are, and the number; of what else has to
    hold at the same time nobody knows whether it ends."""
    match found:
        case Binary(sign="or", left=left, right=right):
            yield from compared(left)
            yield from compared(right)
        case Binary(sign=">" | ">=", left=left, right=Constant(text=number)):
            yield from ((name, number) for name in _bare(left))
        case Binary(sign="<" | "<=", left=Constant(text=number), right=right):
            yield from ((name, number) for name in _bare(right))
        case _:
            return


def _bare(found: Expression) -> Iterator[str]:
    match found:
        case Selector(name=name) if name.endswith("_total") and ":" not in name:
            yield name
        case Call(name="avg" | "max" | "min" | "sum", arguments=(inner,)):
            yield from _bare(inner)
        case _:
            return


def _is_endless(facts: Index, entry: Entry, name: str, number: str) -> bool:
    """Whether it is a counter for certain, and is not meant to be compared itself: it says of when
    it tells, or the number is one that is passed by and by."""
    by_name = _COUNTS.search(name) and not _HELD.search(name)
    if not by_name and name not in facts.view(_growing):
        return False
    is_once = not number.strip("0.") or "restarts" in name or _HARDWARE.search(name)
    told = mapping(entry.body.get("annotations")).values()
    return not is_once or any(tells_of_a_span(text(each)) for each in told)


def tells_of_a_span(told: str) -> bool:
    """Whether a text says in which time something has come about."""
    return bool(_SPAN.search(told.lower()))


def _growing(facts: Index) -> frozenset[str]:
    """The series of which something else in the repository asks how fast they grow."""
    return frozenset(
        inner.name
        for question in facts.view(Questions).all
        for each in expressions.parts(question.expression)
        if isinstance(each, Call) and each.name in _GROWTH
        for inner in each.arguments
        if isinstance(inner, Selector)
    )
