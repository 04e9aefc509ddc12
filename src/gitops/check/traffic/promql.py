"""The grammar of PromQL and of MetricsQL, which extends it: whether an expression can be read.

It is our own because the libraries that there are know PromQL alone, and alerts here are read by
VictoriaMetrics. It takes whatever either language takes in form; names of functions and types of
values are not judged. Source: prometheus/promql/parser, VictoriaMetrics/metricsql.
"""

import re

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|\#[^\n]*)
  | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)
  | (?P<duration>-?(?:\d+(?:\.\d+)?(?:ms|[smhdwyi]))+(?![\w.]))
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
_GROUPING = {"by", "without"}


class _Unreadable(Exception):
    """Says where and why; never leaves this module."""


def mistake(text: str) -> str:
    """Why an expression cannot be read, or ""."""
    try:
        _Parser(text).whole()
    except _Unreadable as found:
        return str(found)
    return ""


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

    def whole(self) -> None:
        """Everything is one expression. Templates of MetricsQL are taken as they are."""
        if self._peek().lower() == "with" and self._ahead() == "(":
            return
        self._expression(0)
        if self._at < len(self._tokens):
            raise _Unreadable(f"unexpected {self._peek()!r} after a complete expression")

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

    def _expression(self, least: int) -> None:
        self._unary()
        while (binding := _BINDING.get(self._peek().lower(), 0)) > least:
            if self._kind() == "string":
                return
            operator = self._next()
            self._modifiers()
            self._expression(binding - 1 if operator == "^" else binding)

    def _modifiers(self) -> None:
        self._take("bool")
        if self._take("on") or self._take("ignoring"):
            self._labels()
            if self._take("group_left") or self._take("group_right"):
                if self._peek() == "(":
                    self._labels()
                if self._take("prefix"):
                    self._next()

    def _unary(self) -> None:
        while self._take("-") or self._take("+"):
            pass
        self._operand()
        self._suffixes()

    def _operand(self) -> None:
        kind, token = self._kind(), self._peek()
        if token == "(":
            self._list(")")
        elif token == "{":
            self._matchers()
        elif kind in {"number", "duration", "string"}:
            self._next()
        elif kind == "name":
            self._named()
        else:
            raise _Unreadable(f"an operand is missing before {token or 'the end'!r}")

    def _named(self) -> None:
        self._next()
        if self._peek().lower() in _GROUPING and self._ahead() == "(":
            self._next()
            self._labels()
            if self._peek() != "(":
                raise _Unreadable("'(' is missing after the labels of an aggregation")
        if self._peek() == "(":
            self._list(")")
            if self._peek().lower() in _GROUPING:
                self._next()
                self._labels()
            if self._take("limit"):
                self._next()
        elif self._peek() == "{":
            self._matchers()

    def _list(self, end: str) -> None:
        self._next()
        while not self._take(end):
            self._expression(0)
            if self._peek() != end:
                self._need(",")

    def _labels(self) -> None:
        self._need("(")
        while not self._take(")"):
            if self._kind() not in {"name", "string"} and self._peek() != "*":
                raise _Unreadable(f"{self._peek() or 'the end'!r} is no label")
            self._next()
            if self._peek() != ")":
                self._need(",")

    def _matchers(self) -> None:
        self._need("{")
        while not self._take("}"):
            if self._kind() not in {"name", "string"}:
                raise _Unreadable(f"{self._peek() or 'the end'!r} is no label")
            quoted = self._kind() == "string"
            self._next()
            if self._peek() in _MATCHERS:
                self._next()
                if self._kind() != "string":
                    raise _Unreadable(f"{self._peek() or 'the end'!r} is no text in quotes")
                self._next()
            elif not quoted:
                raise _Unreadable(f"a matcher is missing before {self._peek() or 'the end'!r}")
            if self._peek() != "}" and not self._take("or"):
                self._need(",")

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
