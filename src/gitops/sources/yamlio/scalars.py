"""What the Go YAML libraries take a scalar for.

The rules are those of go.yaml.in/yaml v2.4 (beneath sigs.k8s.io/yaml) and v3.0 (beneath kyaml), and
of Go's encoding/json, through which every value passes on its way to the API server.
"""

import codecs
import re
from base64 import b64decode
from binascii import Error as Base64Error
from calendar import monthrange
from decimal import Decimal
from enum import Enum, auto
from math import isfinite
from struct import pack, unpack
from typing import NamedTuple

from gitops.sources.yamlio.document import Dialect, Null


class Kind(Enum):
    """The type a scalar resolves to; MERGE is the key `<<`, TAGGED a string with a foreign tag."""

    NULL = auto()
    BOOL = auto()
    INT = auto()
    FLOAT = auto()
    TIMESTAMP = auto()
    BINARY = auto()
    MERGE = auto()
    TAGGED = auto()
    STRING = auto()


class Scalar(NamedTuple):
    """A resolved scalar; a float is one that JSON may not be able to say."""

    kind: Kind
    value: str | int | float | bool | Null | None


_LONG = "tag:yaml.org,2002:"
_KINDS = {
    _LONG + "null": Kind.NULL,
    _LONG + "bool": Kind.BOOL,
    _LONG + "int": Kind.INT,
    _LONG + "float": Kind.FLOAT,
    _LONG + "timestamp": Kind.TIMESTAMP,
}

_WORDS = {
    "<<": Scalar(Kind.MERGE, "<<"),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), Scalar(Kind.NULL, None)),
    **dict.fromkeys(("true", "True", "TRUE"), Scalar(Kind.BOOL, True)),
    **dict.fromkeys(("false", "False", "FALSE"), Scalar(Kind.BOOL, False)),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), Scalar(Kind.FLOAT, float("nan"))),
    **dict.fromkeys((".inf", ".Inf", ".INF"), Scalar(Kind.FLOAT, float("inf"))),
    **dict.fromkeys(("+.inf", "+.Inf", "+.INF"), Scalar(Kind.FLOAT, float("inf"))),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), Scalar(Kind.FLOAT, float("-inf"))),
}
_YES = ("y", "Y", "yes", "Yes", "YES", "on", "On", "ON")
_NO = ("n", "N", "no", "No", "NO", "off", "Off", "OFF")
_OLD_WORDS = {
    **_WORDS,
    **dict.fromkeys(_YES, Scalar(Kind.BOOL, True)),
    **dict.fromkeys(_NO, Scalar(Kind.BOOL, False)),
}
_NUMERIC = frozenset("0123456789+-.")

_INT = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_DOTTED = re.compile(r"\.[0-9](?:_?[0-9])*(?:[eE][-+]?[0-9](?:_?[0-9])*)?")
_TIMESTAMP = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:([Tt]| +)([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]+))?"
    r"(Z|[-+][0-9]{2}:[0-9]{2})?)?"
)


def plain(text: str, dialect: Dialect) -> Scalar:
    """An unquoted scalar without a tag."""
    word = (_OLD_WORDS if dialect is Dialect.SIGS else _WORDS).get(text)
    if word is not None:
        return word
    if text[0] in _NUMERIC:
        return _timestamp(text, dialect) or _number(text) or Scalar(Kind.STRING, text)
    return Scalar(Kind.STRING, text)


def tagged(tag: str, text: str, dialect: Dialect) -> Scalar | None:
    """A scalar with a tag other than `!`; None when it cannot be what its tag says.

    Unknown tags mean a string.
    """
    if tag == _LONG + "merge" and text == "<<":
        return Scalar(Kind.MERGE, text)
    if tag == _LONG + "binary":
        return _binary(text)
    kind = _KINDS.get(tag)
    if kind is None:
        return Scalar(Kind.STRING if tag in (_LONG + "str", "!") else Kind.TAGGED, text)
    found = plain(text, dialect)
    if kind is Kind.FLOAT and isinstance(found.value, int) and found.kind is Kind.INT:
        return Scalar(Kind.FLOAT, float(found.value))
    return found if found.kind is kind else None


def bare(text: str, dialect: Dialect = Dialect.KUSTOMIZE) -> str | int | float | bool | None:
    """The JSON value of a text that stands without quotes; what JSON cannot say stays text."""
    value = plain(text, dialect).value
    if isinstance(value, float):
        number = json_number(value)
        return text if number is None else number
    return None if isinstance(value, Null) else value


def retyped(old: object, text: str) -> str | int | float | bool | None:
    """What a scalar becomes when kustomize puts another text into its node, which keeps its type.

    None when the text cannot be of that type.
    """
    match old:
        case str():
            return text
        case bool():
            tag = "bool"
        case int():
            tag = "int"
        case float():
            tag = "float"
        case _:
            return None
    scalar = tagged(_LONG + tag, text, Dialect.KUSTOMIZE)
    value = scalar.value if scalar else None
    if isinstance(value, float):
        return json_number(value)
    return None if isinstance(value, Null) else value


def json_number(value: float) -> int | float | None:
    """The number as Go's JSON encoder writes it and its YAML decoder reads it back.

    A float without a fraction becomes the integer that its shortest digits name. None stands for
    what JSON cannot say: infinities and NaN.
    """
    if not isfinite(value):
        return None
    if value.is_integer() and abs(value) < 1e21:
        return int(value) if abs(value) < 2**53 else int(Decimal(repr(value)))
    return value


def float_key(value: float) -> str:
    """A float as a mapping key: sigs.k8s.io/yaml prints it with the digits of a 32-bit float."""
    short = _single(value)
    if not isfinite(short):
        return {"inf": ".inf", "-inf": "-.inf"}.get(str(short), ".nan")
    digits = next(n for n in range(1, 10) if _single(float(f"{short:.{n}g}")) == short)
    mantissa, _, exponent = f"{short:.{digits - 1}e}".partition("e")
    if -5 < int(exponent) < 6:
        return f"{Decimal(f'{mantissa}e{exponent}'):f}"
    return f"{mantissa}e{exponent}"


def _single(value: float) -> float:
    try:
        single: float = unpack("f", pack("f", value))[0]
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
    return single


def _number(text: str) -> Scalar | None:
    if text[0] == ".":
        return _float(text) if _DOTTED.fullmatch(text) else None
    bare = text.replace("_", "")
    match = _INT.fullmatch(bare)
    number = _integer(*match.groups("")) if match else None
    if number is not None and -(2**63) <= number < (2**63 if bare[0] in "+-" else 2**64):
        return Scalar(Kind.INT, number)
    return _float(bare) if _FLOAT.fullmatch(bare) else None


def _integer(sign: str, hexadecimal: str, binary: str, octal: str, decimal: str) -> int:
    for digits, base in ((hexadecimal, 16), (binary, 2), (octal, 8), (decimal, 10)):
        if digits and len(digits) <= 70:
            return int(sign + digits, base)
    return 2**70


def _float(text: str) -> Scalar | None:
    value = float(text)
    return Scalar(Kind.FLOAT, value) if isfinite(value) else None


def _timestamp(text: str, dialect: Dialect) -> Scalar | None:
    """v3 gives a time, which JSON writes as RFC 3339; v2 leaves the text alone."""
    match = _TIMESTAMP.fullmatch(text)
    if match is None or not _is_time(*match.groups("")):
        return None
    if dialect is Dialect.SIGS:
        return Scalar(Kind.TIMESTAMP, text)
    year, month, day, _, hour, minute, second, fraction, zone = match.groups("")
    fraction = fraction[:9].rstrip("0")
    clock = f"{hour:0>2}:{minute:0>2}:{second:0>2}" + (f".{fraction}" if fraction else "")
    zone = "Z" if zone in ("", "+00:00", "-00:00") else zone
    return Scalar(Kind.TIMESTAMP, f"{year}-{month:0>2}-{day:0>2}T{clock}{zone}")


def _is_time(*parts: str) -> bool:
    year, month, day, separator, hour, minute, second, _, zone = parts
    if not 1 <= int(month) <= 12 or not 1 <= int(day) <= monthrange(int(year) or 4, int(month))[1]:
        return False
    if not separator:
        return True
    in_range = int(hour) < 24 and int(minute) < 60 and int(second) < 60
    return in_range and bool(zone) == (separator in "Tt") and zone[1:3] < "24"


def _binary(text: str) -> Scalar | None:
    """Bytes that are no UTF-8 become replacement characters, one each, in Go's JSON."""
    try:
        raw = b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
    except (Base64Error, ValueError):
        return None
    return Scalar(Kind.BINARY, raw.decode(errors="gitops-each"))


def _replace_each(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return "\ufffd" * (error.end - error.start), error.end


codecs.register_error("gitops-each", _replace_each)
