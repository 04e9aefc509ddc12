"""Scalars as go.yaml.in/yaml v3 writes them (encode.go stringv and floatv, emitterc.go)."""

import base64
import re
from decimal import Decimal

from gitops.sources.yamlio import scalars
from gitops.sources.yamlio.document import Dialect

_ODD = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe-\U0010ffff]")
"""What the emitter escapes; it knows no character above U+FFFF."""

_NEVER_PLAIN = re.compile(
    r"---|\.\.\.|[#,\[\]{}&*!|>'\"%@` ]|[-?:](?= |$)|.*(?::(?= |$)| #| $)", re.DOTALL
)
_SIXTY = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")
_OLD_BOOLEANS = frozenset(
    form
    for word in ("y", "yes", "on", "n", "no", "off")
    for form in (word, word.title(), word.upper())
)
_NAMED = {0: "0", 7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 27: "e", 34: '"'}
_NAMED |= {92: "\\", 0x85: "N", 0xA0: "_", 0x2028: "L", 0x2029: "P"}


def text(value: str, indent: int, step: int) -> str:
    """A string as the value of a block; the lines of a literal stand at `indent`."""
    if any("\udc80" <= char <= "\udcff" for char in value):
        raw = value.encode(errors="surrogateescape")
        return "!!binary " + base64.b64encode(raw).decode()
    if value == "<<":
        return "!!merge <<"
    if "\n" in value:
        return _literal(value, indent, step) or _double(value)
    if not _is_string(value) or _ODD.search(value):
        return _double(value)
    return "'" + value.replace("'", "''") + "'" if _NEVER_PLAIN.match(value) else value


def number(value: float) -> str:
    """A float with the fewest digits that tell it, in Go's %g."""
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    mantissa = "".join(map(str, digits)).rstrip("0") or "0"
    assert isinstance(exponent, int)
    power = len(digits) + exponent - 1
    if value and not -4 <= power < 6:
        fraction = f".{mantissa[1:]}" if mantissa[1:] else ""
        return f"{'-' * sign}{mantissa[0]}{fraction}e{power:+03d}"
    return f"{Decimal(repr(value)):f}".removesuffix(".0")


def _is_string(value: str) -> bool:
    """Whether it would be read back as a string without quotes."""
    kind = scalars.plain(value, Dialect.KUSTOMIZE).kind
    return (
        kind is scalars.Kind.STRING and value not in _OLD_BOOLEANS and not _SIXTY.fullmatch(value)
    )


def _literal(value: str, indent: int, step: int) -> str | None:
    """A literal block, unless it could not hold the value."""
    if _ODD.search(value.replace("\t", "")) or " \n" in value or value.endswith(" "):
        return None
    if value[0] == "\t":
        return "null"  # The library cannot read back what it writes here, and the value is lost.
    hint = str(step) if value[0] in " \n" else ""
    if not value.endswith("\n"):
        chomp = "-"
    else:
        chomp = "+" if value == "\n" or value.endswith("\n\n") else ""
    lines = value.removesuffix("\n").split("\n")
    return "\n".join([f"|{hint}{chomp}", *(" " * indent + line if line else "" for line in lines)])


def _double(value: str) -> str:
    return '"' + "".join(map(_escaped, value)) + '"'


def _escaped(char: str) -> str:
    code = ord(char)
    if char not in '"\\\n' and not _ODD.match(char):
        return char
    if code in _NAMED:
        return "\\" + _NAMED[code]
    if code <= 0xFF:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
