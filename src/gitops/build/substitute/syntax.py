"""How Flux reads `${...}` in text.

Only `${` starts an expression, and `$$` stands for one `$`. After the name come `}`, a default
(`=` `:=` `:-` `:?` `:+`), a substring (`:offset:length`), a change of case (`,` `,,` `^` `^^`), a
replacement (`/ // /# /%`), or a pattern to cut off (`# ## % %%`); `${#name}` is the length. All
else is an error. Source: fluxcd/pkg envsubst/parse, whose every oddity is meant to be here.
"""

import re

from msgspec import Struct


class Expression(Struct, frozen=True):
    """`${name operator arguments}`; `start` and `end` are offsets in the text."""

    name: str
    operator: str
    arguments: tuple["str | Expression", ...]
    start: int
    end: int


class Malformed(Struct, frozen=True):
    """A `${` at `start` that Flux cannot read, and why. `open` says that more text might help."""

    start: int
    reason: str
    open: bool


Piece = str | Expression | Malformed

DEFAULTS = frozenset(("=", ":=", ":-", ":?", ":+"))
"""The operators that give a value to a variable that has none."""

_SPECIAL = re.compile(r"\$\$|\$\{")
_ESCAPED = re.compile(r"\\([/\\])|\$(\$)")
_UNTIL_CLOSE = re.compile(r"(?:[^}$]|\$(?!\{))+")
_UNTIL_COLON = re.compile(r"(?:[^:}$]|\$(?!\{))+")
_PATTERN = re.compile(r"(?:\\[/\\]|\$\$|[^/$]|\$(?!\{))+")
_REPLACEMENT = re.compile(r"(?:\\[/\\]|\$\$|[^}$]|\$(?!\{))+")
_REPLACE = re.compile(r"/[/#%]?")
_CASE = re.compile(r"[,^]{1,2}")
_CUT = re.compile(r"##?|%%?")
_COLONS = re.compile(r":+")
_SLASHES = re.compile(r"/+")

_NOT_A_NAME = "no variable name follows ${"
_NOT_CLOSED = "} is missing"
_NO_ARGUMENT = "the operator lacks its argument"
_BAD = "this is no operator that Flux knows"
_TOO_DEEP = "it is nested too deeply"

DEEPEST = 100
"""How deep expressions may nest here. Flux has no limit but its memory."""


def parse(text: str) -> list[Piece]:
    """The pieces of a text. Reading goes on after what is malformed, though Flux stops there.

    Flux takes a NUL for the end of the text.
    """
    return _Parser(text.partition("\0")[0]).pieces()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._open: list[int] = []
        self._reason = ""

    def pieces(self) -> list[Piece]:
        pieces: list[Piece] = []
        while found := _SPECIAL.search(self._text, self._at):
            pieces.append(self._text[self._at : found.start()])
            self._at = found.end()
            if found.group() == "$$":
                pieces.append("$")
            else:
                pieces.append(self._expression() or self._malformed())
        pieces.append(self._text[self._at :])
        return pieces

    def _malformed(self) -> Malformed:
        """The innermost expression that failed; reading goes on behind its `${`."""
        start = self._open[-1]
        self._open.clear()
        self._at = start + 2
        return Malformed(start, self._reason, self._reason is _NOT_CLOSED)

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self, pattern: re.Pattern[str]) -> str:
        """The text the pattern matches here, "" if it does not."""
        found = pattern.match(self._text, self._at)
        if found is None:
            return ""
        self._at = found.end()
        return found.group()

    def _name(self) -> str:
        start = self._at
        while (char := self._peek()) and (char.isalpha() or char.isdecimal() or char == "_"):
            self._at += 1
        return self._text[start : self._at]

    def _expression(self) -> Expression | None:
        """What follows a `${`, its `}` included."""
        start = self._at - 2
        self._open.append(start)
        if len(self._open) > DEEPEST:
            self._reason = _TOO_DEEP
            return None
        length = self._peek() == "#"
        self._at += length
        name = self._name()
        if not name:
            self._reason = _NOT_A_NAME
            return None
        operator, arguments = ("#", ()) if length else self._operation()
        if arguments is None or not self._closed():
            return None
        self._open.pop()
        return Expression(name, operator, arguments, start, self._at)

    def _operation(self) -> tuple[str, tuple[str | Expression, ...] | None]:
        """The operator and its arguments, up to the `}`; None in their place for an error."""
        match self._peek():
            case ":" if self._text[self._at + 1 : self._at + 2] in ("=", "-", "?", "+"):
                return self._sign(2), self._default()
            case ":":
                return self._sign(1), self._substring()
            case "=":
                return self._sign(1), self._default()
            case "," | "^":
                return self._take(_CASE), ()
            case "/":
                return self._take(_REPLACE), self._replacement()
            case "#" | "%":
                return self._take(_CUT), self._one(_UNTIL_CLOSE)
            case _:
                return "", ()

    def _sign(self, length: int) -> str:
        self._at += length
        return self._text[self._at - length : self._at]

    def _closed(self) -> bool:
        """Steps over the `}`."""
        if self._peek() != "}":
            self._reason = _BAD if self._peek() else _NOT_CLOSED
            return False
        self._at += 1
        return True

    def _argument(self, pattern: re.Pattern[str]) -> str | Expression | None:
        if self._text.startswith("${", self._at):
            self._at += 2
            return self._expression()
        taken = self._take(pattern)
        if not taken:
            self._reason = _NO_ARGUMENT if self._peek() else _NOT_CLOSED
            return None
        return taken

    def _one(self, pattern: re.Pattern[str]) -> tuple[str | Expression, ...] | None:
        argument = self._argument(pattern)
        return None if argument is None else (argument,)

    def _default(self) -> tuple[str | Expression, ...] | None:
        arguments: list[str | Expression] = []
        while self._peek() != "}":
            argument = self._argument(_UNTIL_CLOSE)
            if argument is None:
                return None
            arguments.append(argument)
        return tuple(arguments)

    def _substring(self) -> tuple[str | Expression, ...] | None:
        """Flux loses its place where a character beyond ASCII follows the first colon."""
        if not self._peek().isascii():
            self._reason = _BAD
            return None
        offset = self._argument(_UNTIL_COLON)
        if offset is None or not self._take(_COLONS):
            return None if offset is None else (offset,)
        length = self._argument(_UNTIL_CLOSE)
        return None if length is None else (offset, length)

    def _replacement(self) -> tuple[str | Expression, ...] | None:
        pattern = self._argument(_PATTERN)
        if pattern is None:
            return None
        if not self._take(_SLASHES):
            self._reason = _NO_ARGUMENT if self._peek() else _NOT_CLOSED
            return None
        if self._peek() == "}":
            return (_unescaped(pattern),)
        replacement = self._argument(_REPLACEMENT)
        return None if replacement is None else (_unescaped(pattern), _unescaped(replacement))


def _unescaped(argument: str | Expression) -> str | Expression:
    if isinstance(argument, Expression):
        return argument
    return _ESCAPED.sub(lambda found: found.group(1) or found.group(2), argument)
