"""The grammar of PromQL and of MetricsQL, which extends it.

It is our own because the libraries that there are know PromQL alone, and alerts here are read by
VictoriaMetrics. It takes whatever either language takes in form; types of values are not judged.
Source: prometheus/promql/parser, VictoriaMetrics/metricsql.
"""

import re
from functools import lru_cache

from gitops.check.traffic.promql.expressions import (
    Binary,
    Call,
    Constant,
    Expression,
    Grouping,
    Matcher,
    Selector,
    Union,
    Unknown,
)
from gitops.check.traffic.promql.functions import AGGREGATIONS, FUNCTIONS

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|\#[^\n]*)
  | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)
  | (?P<duration>(?:\d+(?:\.\d+)?(?:ms|[smhdwyi]))+(?![\w.]))
  | (?P<number>0x[0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?:[KMGT]i?B?|[kmgt]i?b?)?(?!\w))
  | (?P<name>[a-zA-Z_:][\w:.]*|\$\w+)
  | (?P<operator>=~|!~|==|!=|<=|>=|[-+*/%^<>=@,(){}\[\]:])
    """,
    re.X,
)

_BINDING = {
    "or": 1, "default": 1, "and": 2, "unless": 2, "if": 2, "ifnot": 2,
    "==": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3,
    "+": 4, "-": 4, "*": 5, "/": 5, "%": 5, "atan2": 5, "^": 6,
}  # fmt: skip
_MATCHERS = {"=", "!=", "=~", "!~"}
_GROUPING = frozenset({"by", "without"})
_MATCHING = frozenset({"on", "ignoring"})


class _Unreadable(Exception):
    """Says where and why; never leaves this module."""


def mistake(text: str) -> str:
    """Why an expression cannot be read, or ""."""
    found = read(text)
    return found if isinstance(found, str) else ""


@lru_cache(maxsize=4096)
def read(text: str) -> Expression | str:
    """The expression, or why it cannot be read."""
    try:
        return _Parser(text).whole()
    except _Unreadable as found:
        return str(found)


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise _Unreadable(f"unexpected {text[at : at + 10]!r}")
            if found.lastgroup != "space":
                self._tokens.append((str(found.lastgroup), found.group()))
            at = found.end()
        self._at = 0

    def whole(self) -> Expression:
        """Everything is one expression. Templates of MetricsQL are taken as they are."""
        if self._peek().lower() == "with" and self._ahead() == "(":
            return Unknown()
        found = self._expression(0)
        if self._at < len(self._tokens):
            raise _Unreadable(f"unexpected {self._peek()!r} after a complete expression")
        return found

    def _peek(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def _ahead(self) -> str:
        return self._tokens[self._at + 1][1] if self._at + 1 < len(self._tokens) else ""

    def _kind(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else "end"

    def _next(self) -> str:
        token = self._peek()
        if not token:
            raise _Unreadable("it ends too early")
        self._at += 1
        return token

    def _take(self, wanted: str) -> bool:
        if self._kind() != "string" and self._peek().lower() == wanted:
            self._at += 1
            return True
        return False

    def _need(self, wanted: str) -> None:
        if not self._take(wanted):
            raise _Unreadable(f"{wanted!r} is missing before {self._peek() or 'the end'!r}")

    def _expression(self, least: int) -> Expression:
        left = self._unary()
        while (binding := _BINDING.get(self._peek().lower(), 0)) > least:
            if self._kind() == "string":
                return left
            sign = self._next().lower()
            matching, joined = self._modifiers()
            right = self._expression(binding - 1 if sign == "^" else binding)
            left = Binary(sign, left, right, matching, joined)
        return left

    def _modifiers(self) -> tuple[Grouping | None, Grouping | None]:
        self._take("bool")
        matching = self._grouping(_MATCHING)
        if matching is None:
            return None, None
        word = self._peek().lower()
        if not (self._take("group_left") or self._take("group_right")):
            return matching, None
        copied = self._labels() if self._peek() == "(" else ()
        if self._take("prefix"):
            self._next()
        return matching, Grouping(word, copied)

    def _grouping(self, words: frozenset[str]) -> Grouping | None:
        word = self._peek().lower()
        if self._kind() != "name" or word not in words:
            return None
        self._next()
        return Grouping(word, self._labels())

    def _unary(self) -> Expression:
        while self._take("-") or self._take("+"):
            pass
        found = self._operand()
        self._suffixes()
        return found

    def _operand(self) -> Expression:
        kind, token = self._kind(), self._peek()
        if token == "(":
            parts = self._list(")")
            return parts[0] if len(parts) == 1 else Union(parts)
        if token == "{":
            return Selector("", self._matchers())
        if kind in {"number", "duration", "string"}:
            return Constant(self._next())
        if kind == "name":
            return self._named()
        raise _Unreadable(f"an operand is missing before {token or 'the end'!r}")

    def _named(self) -> Expression:
        name = self._next()
        grouping = None
        if self._peek().lower() in _GROUPING and self._ahead() == "(":
            grouping = self._grouping(_GROUPING)
            if self._peek() != "(":
                raise _Unreadable("'(' is missing after the labels of an aggregation")
        if self._peek() == "(":
            return self._call(name, grouping)
        if self._peek() == "{":
            return Selector(name, self._matchers())
        return Constant(name) if name.lower() in {"inf", "nan"} else Selector(name)

    def _call(self, name: str, grouping: Grouping | None) -> Expression:
        known = name.lower()
        if known not in FUNCTIONS | AGGREGATIONS and "$" not in name:
            raise _Unreadable(f"there is no function {name!r}")
        arguments = self._list(")")
        grouping = grouping or self._grouping(_GROUPING)
        if grouping and known in FUNCTIONS:
            raise _Unreadable(f"{grouping.word!r} stands after {name!r}, which aggregates nothing")
        if self._take("limit"):
            self._next()
        return Call(known, arguments, grouping)

    def _list(self, end: str) -> tuple[Expression, ...]:
        self._next()
        found = []
        while not self._take(end):
            found.append(self._expression(0))
            if self._peek() != end:
                self._need(",")
        return tuple(found)

    def _labels(self) -> tuple[str, ...]:
        self._need("(")
        found = []
        while not self._take(")"):
            if self._kind() not in {"name", "string"} and self._peek() != "*":
                raise _Unreadable(f"{self._peek() or 'the end'!r} is no label")
            found.append(self._next().strip("\"'"))
            if self._peek() != ")":
                self._need(",")
        return tuple(found)

    def _matchers(self) -> tuple[tuple[Matcher, ...], ...]:
        self._need("{")
        found: list[list[Matcher]] = [[]]
        while not self._take("}"):
            found[-1].append(self._matcher())
            if self._take("or"):
                found.append([])
            elif self._peek() != "}":
                self._need(",")
        return tuple(tuple(each) for each in found)

    def _matcher(self) -> Matcher:
        if self._kind() not in {"name", "string"}:
            raise _Unreadable(f"{self._peek() or 'the end'!r} is no label")
        quoted = self._kind() == "string"
        label = self._next().strip("\"'`")
        if self._peek() not in _MATCHERS:
            if not quoted:
                raise _Unreadable(f"a matcher is missing before {self._peek() or 'the end'!r}")
            return Matcher("__name__", "=", label)
        sign = self._next()
        if self._kind() != "string":
            raise _Unreadable(f"{self._peek() or 'the end'!r} is no text in quotes")
        return Matcher(label, sign, _unquoted(self._next()))

    def _suffixes(self) -> None:
        while True:
            if self._take("["):
                self._range()
            elif self._take("offset"):
                self._take("-")
                self._unary()
                return
            elif self._take("@"):
                self._unary()
            elif not self._take("keep_metric_names"):
                return

    def _range(self) -> None:
        """`[5m]`, `[5m:1m]`, `[5m:]`, and `[$__interval]` in dashboards."""
        empty = True
        while not self._take("]"):
            if self._kind() not in {"duration", "number", "name"} and self._peek() != ":":
                raise _Unreadable(f"{self._peek() or 'the end'!r} is no span of time")
            self._next()
            empty = False
        if empty:
            raise _Unreadable("'[]' has no span of time")


def _unquoted(token: str) -> str:
    """A text without its quotes. Of what is escaped only backslashes and quotes are looked at."""
    if token[0] == "`":
        return token[1:-1]
    return re.sub(r"\\([\\\"'])", r"\1", token[1:-1])
