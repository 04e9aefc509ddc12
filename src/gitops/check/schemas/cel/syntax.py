"""Reads an expression into a tree.

Source: the grammar of the CEL specification, and the optional syntax `.?` and `[?]` of cel-go.
"""

import re
from typing import Any

import msgspec

from gitops.check.schemas.cel.values import CelError, Unsigned


class Literal(msgspec.Struct, frozen=True):
    """A value that is written out."""

    value: Any


class Name(msgspec.Struct, frozen=True):
    """A variable."""

    name: str


class Select(msgspec.Struct, frozen=True):
    """A field; `optional` where `.?` asks for it."""

    operand: "Tree"
    field: str
    optional: bool = False


class Item(msgspec.Struct, frozen=True):
    """An element, by position or key."""

    operand: "Tree"
    index: "Tree"
    optional: bool = False


class Call(msgspec.Struct, frozen=True):
    """A function, operator or macro; `target` is what a method is called on."""

    function: str
    arguments: "tuple[Tree, ...]"
    target: "Tree | None" = None


class ListOf(msgspec.Struct, frozen=True):
    """A list; the positions in `optional` hold optionals, which are left out when empty."""

    elements: "tuple[Tree, ...]"
    optional: frozenset[int] = frozenset()


class MapOf(msgspec.Struct, frozen=True):
    """A map; the same of its values."""

    entries: "tuple[tuple[Tree, Tree], ...]"
    optional: frozenset[int] = frozenset()


Tree = Literal | Name | Select | Item | Call | ListOf | MapOf

_TOKEN = re.compile(
    r"""(?P<space>(?:\s|//[^\n]*)+)
    |(?P<float>\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)
    |(?P<int>0x[0-9a-fA-F]+[uU]?|\d+[uU]?)
    |(?P<text>[rR]?[bB]?[rR]?(?:\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''
        |"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*|`[A-Za-z0-9_.\-/ ]+`)
    |(?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%!<>?:.,()\[\]{}])""",
    re.X | re.S,
)
_RAW = re.compile(r"[rR]?[bB]?[rR]?(?:'''.*?'''|\"\"\".*?\"\"\"|\"[^\"\n]*\"|'[^'\n]*')", re.S)
_ESCAPE = re.compile(
    r"\\(x[0-9a-fA-F]{2}|X[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|.)", re.S
)
_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_BINARY = (
    ("||",),
    ("&&",),
    ("<", "<=", ">=", ">", "==", "!=", "in"),
    ("+", "-"),
    ("*", "/", "%"),
)
_STRENGTH = {operator: level for level, same in enumerate(_BINARY) for operator in same}
"""How closely an operator binds."""
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None}


def parse(text: str) -> Tree:
    """The tree of an expression. Raises CelError where it is none."""
    reader = _Reader(_tokens(text))
    tree = reader.ternary()
    reader.expect("")
    return tree


def _tokens(text: str) -> list[tuple[str, str]]:
    found, position = [], 0
    while position < len(text):
        raw = _RAW.match(text, position) if text[position] in "rRbB" else None
        if raw and "r" in raw[0][: raw[0].find(raw[0][-1])].lower():
            found.append(("text", raw[0]))
            position = raw.end()
            continue
        token = _TOKEN.match(text, position)
        if token is None:
            raise CelError(f"Syntax error: {text[position : position + 20]!r} is not understood")
        if token.lastgroup != "space":
            found.append((str(token.lastgroup), token[0]))
        position = token.end()
    return [*found, ("end", "")]


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def _next(self) -> str:
        kind, text = self._tokens[self._at]
        return "\0" if kind == "text" else text

    def _take(self) -> tuple[str, str]:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _takes(self, *words: str) -> bool:
        if self._next in words and self._tokens[self._at][0] != "end":
            self._at += 1
            return True
        return False

    def expect(self, word: str) -> None:
        """Go past a token that has to be there."""
        if self._next != word:
            raise CelError(f"Syntax error: {self._next!r} where {word or 'the end'!r} is expected")
        self._at += 1

    def ternary(self) -> Tree:
        """A whole expression."""
        condition = self._binary(0)
        if not self._takes("?"):
            return condition
        then = self._binary(0)
        self.expect(":")
        return Call("?:", (condition, then, self.ternary()))

    def _binary(self, weakest: int) -> Tree:
        """Operators that bind at least so closely, from left to right."""
        left = self._unary()
        while (own := _STRENGTH.get(self._next, -1)) >= weakest:
            operator = self._take()[1]
            left = Call(operator, (left, self._binary(own + 1)))
        return left

    def _unary(self) -> Tree:
        if self._takes("!"):
            return Call("!", (self._unary(),))
        if self._takes("-"):
            inner = self._unary()
            if isinstance(inner, Literal) and isinstance(inner.value, int | float):
                return Literal(-inner.value)
            return Call("-_", (inner,))
        return self._member()

    def _member(self) -> Tree:
        tree = self._primary()
        while True:
            if self._takes("."):
                optional = self._takes("?")
                name = self._name()
                if not optional and self._takes("("):
                    tree = Call(name, self._arguments(")"), tree)
                else:
                    tree = Select(tree, name, optional)
            elif self._takes("["):
                optional = self._takes("?")
                tree = Item(tree, self.ternary(), optional)
                self.expect("]")
            else:
                return tree

    def _name(self) -> str:
        kind, text = self._take()
        if kind != "name":
            raise CelError(f"Syntax error: {text or 'the end'!r} where a name is expected")
        return text.strip("`")

    def _primary(self) -> Tree:
        kind, text = self._take()
        match kind:
            case "int":
                return Literal(_integer(text))
            case "float":
                return Literal(float(text))
            case "text":
                return Literal(_unquoted(text))
            case "name" if text in _WORDS:
                return Literal(_WORDS[text])
            case "name":
                return Call(text, self._arguments(")")) if self._takes("(") else Name(text)
            case "sign" if text == "(":
                tree = self.ternary()
                self.expect(")")
                return tree
            case "sign" if text == "[":
                return self._list()
            case "sign" if text == "{":
                return self._map()
            case "sign" if text == ".":
                return self._primary()
            case _:
                raise CelError(f"Syntax error: {text or 'the end'!r} begins no expression")

    def _arguments(self, end: str) -> tuple[Tree, ...]:
        found: list[Tree] = []
        while not self._takes(end):
            found.append(self.ternary())
            if not self._takes(","):
                self.expect(end)
                break
        return tuple(found)

    def _list(self) -> Tree:
        found: list[Tree] = []
        optional: set[int] = set()
        while not self._takes("]"):
            if self._takes("?"):
                optional.add(len(found))
            found.append(self.ternary())
            if not self._takes(","):
                self.expect("]")
                break
        return ListOf(tuple(found), frozenset(optional))

    def _map(self) -> Tree:
        found: list[tuple[Tree, Tree]] = []
        optional: set[int] = set()
        while not self._takes("}"):
            if self._takes("?"):
                optional.add(len(found))
            key = self.ternary()
            self.expect(":")
            found.append((key, self.ternary()))
            if not self._takes(","):
                self.expect("}")
                break
        return MapOf(tuple(found), frozenset(optional))


def _integer(text: str) -> Any:
    digits = text.rstrip("uU")
    number = int(digits, 16 if digits.startswith("0x") else 10)
    return number if digits == text else Unsigned(number)


def _unquoted(text: str) -> Any:
    start = min(position for position in (text.find("'"), text.find('"')) if position >= 0)
    prefix, body = text[:start].lower(), text[start:]
    width = 3 if body[:3] in ("'''", '"""') and len(body) >= 6 else 1
    inner = body[width:-width]
    if "r" not in prefix:
        inner = _ESCAPE.sub(_unescaped, inner)
    return inner.encode() if "b" in prefix else inner


def _unescaped(found: re.Match[str]) -> str:
    code = found[1]
    if code[0] in "xXuU" and len(code) > 1:
        return chr(int(code[1:], 16))
    if len(code) == 3:
        return chr(int(code, 8))
    return _ESCAPES.get(code, code)
