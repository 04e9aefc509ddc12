"""What an expression is made of.

Source: prometheus/promql/parser, ast.go; VictoriaMetrics/metricsql, parser.go.
"""

from collections.abc import Iterator

import msgspec


class Matcher(msgspec.Struct, frozen=True):
    """`label="value"`, with the sign between them."""

    label: str
    sign: str
    value: str


class Constant(msgspec.Struct, frozen=True):
    """A number, a span of time or a text."""

    text: str


class Selector(msgspec.Struct, frozen=True):
    """Series by their name and labels; one list of matchers for each side of an `or`."""

    name: str
    matchers: tuple[tuple[Matcher, ...], ...] = ((),)


class Grouping(msgspec.Struct, frozen=True):
    """`by (a, b)`, `without (a)`, `on (a)` or `ignoring (a)`."""

    word: str
    labels: tuple[str, ...]


class Call(msgspec.Struct, frozen=True):
    """A function or an aggregation."""

    name: str
    arguments: tuple["Expression", ...]
    grouping: Grouping | None = None


class Binary(msgspec.Struct, frozen=True):
    """Two sides. `joined` is `group_left` or `group_right`, with the labels that it copies."""

    sign: str
    left: "Expression"
    right: "Expression"
    matching: Grouping | None = None
    joined: Grouping | None = None


class Union(msgspec.Struct, frozen=True):
    """Series of several expressions: `(a, b)` of MetricsQL."""

    parts: tuple["Expression", ...]


class Unknown(msgspec.Struct, frozen=True):
    """What is not looked into: templates of MetricsQL."""


Expression = Constant | Selector | Call | Binary | Union | Unknown


def parts(found: Expression) -> Iterator[Expression]:
    """The expression and all that it is made of."""
    yield found
    match found:
        case Call(arguments=inner) | Union(parts=inner):
            for each in inner:
                yield from parts(each)
        case Binary(left=left, right=right):
            yield from parts(left)
            yield from parts(right)
        case _:
            pass


def selectors(found: Expression) -> Iterator[Selector]:
    """All series that an expression asks for."""
    return (each for each in parts(found) if isinstance(each, Selector))
