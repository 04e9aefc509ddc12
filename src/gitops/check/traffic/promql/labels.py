"""Which labels the result of an expression can have, and where an expression forgets some that it
needs.

Source: prometheus/promql, engine.go (resultMetric, aggregation, VectorBinop) and functions.go;
VictoriaMetrics/app/vmselect/promql.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

import msgspec

from gitops.check.traffic.promql import functions
from gitops.check.traffic.promql.expressions import (
    Binary,
    Call,
    Constant,
    Expression,
    Grouping,
    Selector,
    Union,
    selectors,
)

_EMPTY: frozenset[str] = frozenset()


class Labels(msgspec.Struct, frozen=True):
    """Labels that series can have: `named` and no others; or, where it is `open`, any but `gone`,
    because they are those of metrics."""

    named: frozenset[str] = _EMPTY
    open: bool = False
    gone: frozenset[str] = _EMPTY

    def has(self, label: str) -> bool:
        """Whether a series can have it."""
        return label not in self.gone if self.open else label in self.named

    def plus(self, more: Iterable[str]) -> "Labels":
        """These, and some that an expression gives."""
        added = frozenset(more)
        return Labels(self.named | added, self.open, self.gone - added)

    def less(self, fewer: Iterable[str]) -> "Labels":
        """These without some."""
        removed = frozenset(fewer)
        return Labels(self.named - removed, self.open, self.gone | removed if self.open else _EMPTY)

    def only(self, kept: Iterable[str]) -> "Labels":
        """Those among some."""
        return Labels(frozenset(each for each in kept if self.has(each)))


ANY = Labels(open=True)
NONE = Labels()

Result = Labels | None
"""The labels of series; None for a number or a text."""


@lru_cache(maxsize=8192)
def of(found: Expression) -> Result:
    """The labels of the result."""
    match found:
        case Constant():
            return None
        case Selector():
            return _selected(found)
        case Union(parts=parts):
            return _either(each for part in parts if (each := of(part)) is not None)
        case Binary():
            return _combined(found)
        case Call(name=name) if name in functions.AGGREGATIONS:
            return _aggregated(found)
        case Call():
            return _called(found)
        case _:
            return ANY


def _selected(found: Selector) -> Labels:
    """A matcher for the empty text asks for series without the label."""
    empty = [
        {each.label for each in matchers if each.sign == "=" and not each.value}
        for matchers in found.matchers
    ]
    return ANY.less(set.intersection(*empty) if empty else ())


def _either(found: Iterable[Labels]) -> Labels:
    each = tuple(found)
    if any(one.open for one in each):
        named = frozenset(label for one in each for label in one.named)
        gone = frozenset(label for one in each for label in one.gone)
        return Labels(named, True, frozenset(n for n in gone if not any(o.has(n) for o in each)))
    return Labels(frozenset(label for one in each for label in one.named))


def _both(one: Labels, other: Labels) -> Labels:
    if one.open and other.open:
        return Labels(one.named & other.named, True, one.gone | other.gone)
    return one.only(other.named) if one.open else other.only(one.named)


_EITHER = frozenset({"or", "default"})
_FILTERS = frozenset({"and", "unless", "if", "ifnot"})


def _combined(found: Binary) -> Result:
    left, right = of(found.left), of(found.right)
    if left is None or right is None:
        return left or right if found.sign not in _FILTERS else left
    if found.sign in _FILTERS:
        return left
    if found.sign in _EITHER:
        return _either((left, right))
    if found.joined is not None:
        many = left if found.joined.word == "group_left" else right
        return many.plus(found.joined.labels)
    match found.matching:
        case Grouping(word="on", labels=labels):
            return _both(left, right).only(labels)
        case Grouping(labels=labels):
            return _both(left.less(labels), right.less(labels))
        case None:
            return _both(left, right)


def _series(found: Call) -> Result:
    """The labels of what a function is given: all its arguments that are series."""
    given = [each for argument in found.arguments if (each := of(argument)) is not None]
    return _either(given) if given else None


def _aggregated(found: Call) -> Labels:
    inner = _series(found)
    if inner is None or found.name in functions.KEEPING:
        return inner or NONE
    added = _texts(found)[:1] if found.name in {"count_values", "quantiles"} else ()
    added = ("vmrange",) if found.name == "histogram" else added
    match found.grouping:
        case Grouping(word="by", labels=labels):
            kept = inner if "*" in labels else inner.only(labels)
        case Grouping(labels=labels):
            kept = inner.less(labels)
        case None:
            kept = NONE
    return kept.plus(added)


def _texts(found: Call) -> tuple[str, ...]:
    """The arguments of a function that are texts, in order."""
    return tuple(
        each.text[1:-1]
        for each in found.arguments
        if isinstance(each, Constant) and each.text[:1] in "\"'`"
    )


_OPAQUE = frozenset({"drop_common_labels", "info", "label_graphite_group", "prometheus_buckets"})
_NAMING = frozenset({"histogram_quantiles", "quantiles_over_time", "count_values_over_time"})


def _called(found: Call) -> Result:
    name, texts = found.name, _texts(found)
    if name in functions.SCALARS:
        return None
    if name in {"absent", "absent_over_time"}:
        return _absent(found.arguments)
    inner = _series(found)
    if name in _OPAQUE or name.startswith(("rollup", "aggr_")):
        return ANY
    if name == "vector" or inner is None:
        return NONE
    if name in _NAMING:
        return inner.plus(texts[:1])
    if name == "histogram_over_time":
        return inner.plus(("vmrange",))
    if name in {"histogram_quantile", "histogram_fraction", "histogram_share"}:
        return inner.less(("le", "vmrange")).plus(texts)
    return _relabelled(name, inner, texts)


def _relabelled(name: str, inner: Labels, texts: tuple[str, ...]) -> Labels:
    match name:
        case "label_replace" | "label_join":
            return inner.plus(texts[:1])
        case "label_set":
            return inner.plus(texts[::2])
        case "label_copy":
            return inner.plus(texts[1::2])
        case "label_move":
            return inner.less(texts[::2]).plus(texts[1::2])
        case "label_del":
            return inner.less(texts)
        case "label_keep":
            return inner.only(texts)
        case _:
            return inner


def _absent(arguments: tuple[Expression, ...]) -> Labels:
    """What is absent has the labels that were asked for with `=`."""
    match arguments:
        case (Selector(matchers=(matchers,)),):
            named = [each.label for each in matchers if each.label != "__name__"]
            sure = [e.label for e in matchers if e.sign == "=" and named.count(e.label) == 1]
            return Labels(frozenset(sure) - {"__name__"})
        case _:
            return NONE


class Slip(msgspec.Struct, frozen=True):
    """Something that an expression does not get, and what about it."""

    text: str
    labels: tuple[str, ...]


def slips(found: Expression) -> Iterator[Slip]:
    """Where labels are asked for that are gone, and where two sides can have none in common."""
    match found:
        case Binary(left=left, right=right):
            yield from slips(left)
            yield from slips(right)
            yield from _apart(found)
        case Union(parts=parts):
            for each in parts:
                yield from slips(each)
        case Call(arguments=arguments):
            for each in arguments:
                yield from slips(each)
            yield from _forgotten(found)
            yield from _without_buckets(found)
        case _:
            return


def _forgotten(found: Call) -> Iterator[Slip]:
    inner = _series(found)
    if found.grouping is None or found.grouping.word != "by" or inner is None:
        return
    lost = tuple(each for each in found.grouping.labels if each != "*" and not inner.has(each))
    if lost and not _given_up(found):
        yield Slip(f"{found.name} by ({', '.join(lost)}) of what has no such label any more", lost)


def _given_up(found: Call) -> bool:
    """Whether it aggregates numbers or what is absent, which have no labels at all."""
    return all(of(each) in (None, NONE) for each in found.arguments)


def _without_buckets(found: Call) -> Iterator[Slip]:
    """A quantile needs the bounds of the buckets, of which native histograms have none."""
    inner = _series(found)
    if found.name != "histogram_quantile" or inner is None or inner.has("le"):
        return
    names = {each.name for each in selectors(found)}
    if names and all(name.endswith("_bucket") for name in names) and not inner.has("vmrange"):
        yield Slip("histogram_quantile of what has no label le any more", ("le",))


def _apart(found: Binary) -> Iterator[Slip]:
    left, right = of(found.left), of(found.right)
    if left is None or right is None or found.sign in _EITHER:
        return
    match found.matching:
        case Grouping(word="on", labels=labels):
            for each in labels:
                if left.has(each) != right.has(each):
                    side = "right" if left.has(each) else "left"
                    yield Slip(f"the {side} side of {found.sign!r} has no label {each}", (each,))
        case Grouping(labels=labels):
            yield from _unlike(found.sign, left.less(labels), right.less(labels))
        case None:
            yield from _unlike(found.sign, left, right)


def _unlike(sign: str, left: Labels, right: Labels) -> Iterator[Slip]:
    if left.open or right.open or left.named == right.named:
        return
    one, other = (", ".join(sorted(each.named)) or "none" for each in (left, right))
    more = tuple(sorted(left.named ^ right.named))
    yield Slip(f"the sides of {sign!r} have unlike labels ({one}; {other})", more)
