"""The text that Flux substitutes variables in: a resource as sigs.k8s.io/yaml writes it.

Keys are sorted, sequences are not indented below their key, and plain and quoted scalars are folded
at the first space behind column 80. Source: go.yaml.in/yaml v2, emitterc.go and sorter.go.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from gitops.build.substitute import styles
from gitops.build.substitute.styles import BREAKS, Style

WIDTH = 80
_INDENT = 2
_LONGEST_KEY = 128
"""Bytes; a longer key is written behind a question mark."""

_ESCAPES = {
    "\0": "0",
    "\a": "a",
    "\b": "b",
    "\t": "t",
    "\n": "n",
    "\v": "v",
    "\f": "f",
    "\r": "r",
    "\x1b": "e",
    '"': '"',
    "\\": "\\",
    "\x85": "N",
    "\xa0": "_",
    "\u2028": "L",
    "\u2029": "P",
}
_ALWAYS_ESCAPED = '"\\' + BREAKS

UNESCAPED = {letter: char for char, letter in _ESCAPES.items()}
"""What the letter behind a backslash stands for."""


def dump(body: dict[str, Any]) -> str:
    """The text of a resource. Its values are JSON values."""
    emitter = _Emitter()
    emitter.node(body, in_mapping=False)
    emitter.new_line(0)
    return "".join(emitter.out)


def simple_key(text: str) -> str | None:
    """A key with its colon; None for one that is written behind a question mark."""
    if not _is_simple(text):
        return None
    emitter = _Emitter()
    emitter.string(text, folding=False)
    return "".join(emitter.out) + ":"


def string_at(text: str, indent: int, column: int) -> str:
    """A string as it follows a key or dash in the column `indent`, which ends before `column`."""
    emitter = _Emitter()
    emitter.indent, emitter.column = indent, column
    emitter.blank = emitter.fresh = False
    emitter.string(text, folding=True)
    return "".join(emitter.out)


class _Emitter:
    """Writes characters and remembers where it is.

    `blank` says that the last thing written can be followed without a space; `fresh` that only
    indicators which indent stand on the line so far.
    """

    def __init__(self) -> None:
        self.out: list[str] = []
        self.column = 0
        self.blank = True
        self.fresh = True
        self.indent = -_INDENT

    def node(self, value: Any, *, in_mapping: bool) -> None:
        """Write a value; `in_mapping` where it follows a key."""
        match value:
            case dict() if value:
                self._mapping(value)
            case list() if value:
                self._sequence(value, in_mapping)
            case dict():
                self._word("{}")
            case list():
                self._word("[]")
            case str():
                self.string(value, folding=True)
            case _:
                self._word(_word(value))

    def _mapping(self, mapping: dict[str, Any]) -> None:
        self.indent += _INDENT
        for key in sorted(mapping, key=cmp_to_key(_compare)):
            self.new_line(self.indent)
            if _is_simple(key):
                self.string(key, folding=False)
                self._indicator(":", spaced=False, indents=False)
            else:
                self._indicator("?", spaced=True, indents=True)
                self.string(key, folding=True)
                self.new_line(self.indent)
                self._indicator(":", spaced=True, indents=True)
            self.node(mapping[key], in_mapping=True)
        self.indent -= _INDENT

    def _sequence(self, sequence: list[Any], in_mapping: bool) -> None:
        deeper = 0 if in_mapping and not self.fresh else _INDENT
        self.indent += deeper
        for item in sequence:
            self.new_line(self.indent)
            self._indicator("-", spaced=True, indents=True)
            self.node(item, in_mapping=False)
        self.indent -= deeper

    def string(self, text: str, *, folding: bool) -> None:
        """Write a string in its style."""
        match styles.style_of(text):
            case Style.LITERAL:
                self._literal(text)
            case Style.DOUBLE:
                self._indicator('"', spaced=True, indents=False)
                self._double(text, folding)
                self._indicator('"', spaced=False, indents=False)
            case Style.SINGLE:
                self._indicator("'", spaced=True, indents=False)
                self._flowing(text, folding, quoted=True)
                self._indicator("'", spaced=False, indents=False)
            case Style.PLAIN:
                self._indicator("", spaced=True, indents=False)
                self._flowing(text, folding, quoted=False)

    def _word(self, text: str) -> None:
        self._indicator(text, spaced=True, indents=False)

    def _indicator(self, text: str, *, spaced: bool, indents: bool) -> None:
        if spaced and not self.blank:
            self._put(" ")
        self._put(text)
        self.blank = False
        self.fresh = self.fresh and indents

    def _put(self, text: str) -> None:
        self.out.append(text)
        self.column += len(text)

    def _break(self, char: str = "\n") -> None:
        self.out.append(char)
        self.column = 0

    def new_line(self, indent: int) -> None:
        """Go to a column, on a new line unless this one is still empty up to there."""
        if not self.fresh or self.column > indent or (self.column == indent and not self.blank):
            self._break()
        if self.column < indent:
            self._put(" " * (indent - self.column))
        self.blank = self.fresh = True

    def _literal(self, text: str) -> None:
        self._indicator("|", spaced=True, indents=False)
        self._put((str(_INDENT) if text[0] in " " + BREAKS else "") + _chomping(text))
        self._break()
        self.blank = self.fresh = True
        indent = self.indent + _INDENT
        for line in text.splitlines(keepends=True):
            content = line.rstrip(BREAKS)
            if content:
                self.new_line(indent)
                self._put(content)
                self.fresh = False
            if len(content) < len(line):
                self._break(line[-1])
                self.fresh = True

    def _flowing(self, text: str, folding: bool, *, quoted: bool) -> None:
        """A plain or single-quoted scalar."""
        spaces = breaks = False
        last = len(text) - 1
        for index, char in enumerate(text):
            if char == " ":
                inside = 0 < index < last or not quoted
                if (
                    folding
                    and inside
                    and not spaces
                    and self.column > WIDTH
                    and text[index + 1] != " "
                ):
                    self.new_line(self.indent + _INDENT)
                else:
                    self._put(" ")
                spaces = True
            elif char in BREAKS:
                self._break(char)
                self.fresh = breaks = True
            else:
                if breaks:
                    self.new_line(self.indent + _INDENT)
                self._put("''" if char == "'" and quoted else char)
                self.fresh = spaces = breaks = False

    def _double(self, text: str, folding: bool) -> None:
        spaces = False
        last = len(text) - 1
        for index, written in enumerate(_in_double_quotes(text)):
            may_break = folding and not spaces and self.column > WIDTH and 0 < index < last
            spaces = written == " "
            if spaces and may_break:
                self.new_line(self.indent + _INDENT)
                self._put("\\" if text[index + 1] == " " else "")
            else:
                self._put(written)


def in_double_quotes(text: str) -> str:
    """What stands between the quotes, if no line is broken."""
    return "".join(_in_double_quotes(text))


def _in_double_quotes(text: str) -> Iterator[str]:
    # Behind a byte order mark go-yaml takes every character for one.
    everything = text.startswith("\ufeff")
    for char in text:
        if everything or char in _ALWAYS_ESCAPED or styles.SPECIAL.match(char):
            yield _escaped(char)
        else:
            yield char


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return f"\\{_ESCAPES[char]}"
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _chomping(text: str) -> str:
    """What tells the reader how many line breaks stand at the end; one goes without saying."""
    if text[-1] not in BREAKS:
        return "-"
    return "+" if len(text) == 1 or text[-2] in BREAKS else ""


def _is_simple(key: str) -> bool:
    return len(key.encode()) <= _LONGEST_KEY and not any(char in key for char in BREAKS + "\r\x85")


def _word(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() if -(2**63) <= value < 2**64:
            return str(value)
        case _:
            return _float(float(value))


def _float(value: float) -> str:
    """The shortest digits, with an exponent from 1e6 up and below 1e-4: Go's `g` format."""
    number = Decimal(repr(value))
    exponent = number.adjusted()
    if number == 0 or -5 < exponent < 6:
        return f"{number.normalize():f}"
    digits = "".join(map(str, number.normalize().as_tuple().digits))
    mantissa = digits[0] + (f".{digits[1:]}" if digits[1:] else "")
    return f"{'-' if value < 0 else ''}{mantissa}e{exponent:+03d}"


def _compare(first: str, second: str) -> int:
    """The order of keys: digits in them count as numbers, and letters come last."""
    for index, (left, right) in enumerate(zip(first, second, strict=False)):
        if left == right:
            continue
        if left.isalpha() or right.isalpha():
            earlier = left < right if left.isalpha() and right.isalpha() else right.isalpha()
        else:
            earlier = _number_at(first, index, second) < _number_at(second, index, first)
        return -1 if earlier else 1
    return len(first) - len(second)


def _number_at(text: str, index: int, other: str) -> tuple[int, int, str]:
    """What the digits from an index on amount to, how far they reach, and the first character."""
    number = 0
    if "0" in (text[index], other[index]) and _ends_in_number(text[:index]):
        number = 1
    end = index
    while end < len(text) and text[end].isdecimal():
        number = number * 10 + ord(text[end]) - ord("0")
        end += 1
    return number, end, text[index]


def _ends_in_number(text: str) -> bool:
    """Whether the digits at the end are more than zeros."""
    start = len(text)
    while start and text[start - 1].isdecimal():
        start -= 1
    return text[start:].strip("0") != ""
