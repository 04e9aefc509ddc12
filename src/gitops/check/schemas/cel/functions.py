"""The functions of the language, of cel-go's extensions for texts and sets, and of Kubernetes.

Source: CEL specification, standard definitions; cel-go `ext/strings.go`, `ext/sets.go`; apiserver
`pkg/cel/library`.
"""

import base64
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from gitops.check.schemas import patterns
from gitops.check.schemas.cel import kubernetes, values
from gitops.check.schemas.cel.values import (
    CelError,
    Duration,
    Opaque,
    Optional,
    Timestamp,
    Type,
    Unsigned,
)

_UNITS = {
    "ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6,
    "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9,
}  # fmt: skip
_PART = re.compile(r"([0-9]*)(?:\.([0-9]*))?(ns|us|µs|μs|ms|s|m|h)")
_STAMP = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)\Z")
_SECOND = 10**9
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def duration(value: Any) -> Duration:
    """`1h30m`, as Go reads it."""
    if isinstance(value, Duration):
        return value
    text = value.removeprefix("-").removeprefix("+")
    if text == "0":
        return Duration(0)
    parts, end = 0, 0
    while end < len(text):
        part = _PART.match(text, end)
        if part is None or not (part[1] or part[2]):
            raise CelError(f"time: invalid duration {value!r}")
        unit = _UNITS[part[3]]
        fraction = int((part[2] or "0")[:18]) * unit // 10 ** len((part[2] or "0")[:18])
        parts += int(part[1] or 0) * unit + fraction
        end = part.end()
    if not text:
        raise CelError(f"time: invalid duration {value!r}")
    return Duration(-parts if value.startswith("-") else parts)


def timestamp(value: Any) -> Timestamp:
    """A time as RFC 3339 writes it, or seconds since 1970."""
    if isinstance(value, Timestamp):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Timestamp(value * _SECOND)
    found = _STAMP.match(value)
    if found is None:
        raise CelError(f"invalid timestamp {value!r}")
    year, month, day, hour, minute, second = (int(found[n]) for n in range(1, 7))
    moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    seconds = int((moment - _EPOCH) / timedelta(seconds=1))
    if found[8] != "Z":
        sign = -1 if found[8][0] == "-" else 1
        seconds -= sign * (int(found[8][1:3]) * 3600 + int(found[8][4:6]) * 60)
    return Timestamp(seconds * _SECOND + int((found[7] or "0").ljust(9, "0")[:9]))


def size(value: Any) -> int:
    """Characters, bytes, elements or entries."""
    if isinstance(value, str | bytes | list | dict):
        return len(value)
    raise values.no_overload(value)


def to_int(value: Any) -> int:
    """`int(…)`."""
    match value:
        case bool():
            raise values.no_overload(value)
        case int():
            return values.limited(int(value))
        case float():
            if not math.isfinite(value):
                raise CelError("integer overflow")
            return values.limited(int(value))
        case str() if re.fullmatch(r"[+-]?\d+", value):
            return values.limited(int(value))
        case Timestamp(nanos):
            return nanos // _SECOND
        case Duration(nanos):
            return nanos
        case str():
            raise CelError(f"strconv.ParseInt: parsing {value!r}: invalid syntax")
    raise values.no_overload(value)


def to_uint(value: Any) -> int:
    """`uint(…)`."""
    return values.limited(to_int(value), Unsigned())


def to_double(value: Any) -> float:
    """`double(…)`."""
    if values.is_number(value):
        return float(value)
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError as cause:
            raise CelError(f"strconv.ParseFloat: parsing {value!r}: invalid syntax") from cause
    raise values.no_overload(value)


def to_bool(value: Any) -> bool:
    """`bool(…)`."""
    if isinstance(value, bool):
        return value
    if value in ("1", "t", "true", "TRUE", "True", "T"):
        return True
    if value in ("0", "f", "false", "FALSE", "False", "F"):
        return False
    raise CelError(f"type conversion error from {value!r} to 'bool'")


def to_string(value: Any) -> str:
    """`string(…)`."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int():
            return str(int(value))
        case float():
            return _double_text(value)
        case bytes():
            return value.decode()
        case Duration(nanos):
            return f"{_decimal(nanos)}s"
        case Timestamp(nanos):
            return _stamp(nanos)
        case Opaque(text=text) if value.type != "kubernetes.Quantity":
            return text
    raise values.no_overload(value)


def _double_text(value: float) -> str:
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    text = repr(value)
    mantissa, e, exponent = text.partition("e")
    return (
        f"{mantissa}e{exponent[0] if exponent[0] in '+-' else '+'}{exponent.lstrip('+-'):0>2}"
        if e
        else text
    )


def _decimal(nanos: int) -> str:
    whole, rest = divmod(abs(nanos), _SECOND)
    fraction = f".{rest:09d}".rstrip("0") if rest else ""
    return f"{'-' if nanos < 0 else ''}{whole}{fraction}"


def _stamp(nanos: int) -> str:
    moment = _EPOCH + timedelta(seconds=nanos // _SECOND)
    rest = nanos % _SECOND
    fraction = f".{rest:09d}".rstrip("0") if rest else ""
    return f"{moment.strftime('%Y-%m-%dT%H:%M:%S')}{fraction}Z"


def matches(text: str, pattern: str) -> bool:
    """Whether the text holds a match."""
    return patterns.matcher(_text(pattern))(_text(text))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise values.no_overload(value)
    return value


def _of_texts(function: Callable[[str, str], Any]) -> Callable[[Any, Any], Any]:
    return lambda left, right: function(_text(left), _text(right))


def substring(text: str, start: int, end: int | None = None) -> str:
    """From one place up to another."""
    end = len(_text(text)) if end is None else end
    if not 0 <= start <= end <= len(text):
        raise CelError(f"index out of range: {start if not 0 <= start <= len(text) else end}")
    return text[start:end]


def split(text: str, separator: str, limit: int = -1) -> list[str]:
    """The parts between separators."""
    if limit == 0:
        return []
    if separator == "":
        parts = list(text)
        return (
            parts if limit < 0 or limit >= len(parts) else [*parts[: limit - 1], text[limit - 1 :]]
        )
    return _text(text).split(separator, -1 if limit < 0 else limit - 1)


def replace(text: str, old: str, new: str, limit: int = -1) -> str:
    """With `old` replaced, at most `limit` times."""
    return _text(text).replace(old, new, limit)


def join(parts: list[Any], separator: str = "") -> str:
    """The texts of a list, one after the other."""
    return separator.join(map(_text, parts))


def index_of(value: Any, wanted: Any, start: int = 0) -> int:
    """The first place of a text or element; -1 where it is not."""
    if isinstance(value, str):
        return value.find(_text(wanted), start)
    return next((n for n, each in enumerate(value) if values.equal(each, wanted)), -1)


def last_index_of(value: Any, wanted: Any, start: int | None = None) -> int:
    """The last place; the text has to begin at `start` or before."""
    if isinstance(value, str):
        end = len(value) if start is None else start + len(wanted)
        return value.rfind(_text(wanted), 0, end)
    found = [n for n, each in enumerate(value) if values.equal(each, wanted)]
    return found[-1] if found else -1


def char_at(text: str, position: int) -> str:
    """One character; none at the end."""
    if not 0 <= position <= len(_text(text)):
        raise CelError(f"index out of range: {position}")
    return text[position : position + 1]


def find(text: str, pattern: str) -> str:
    """The first match of a pattern, or nothing."""
    found = re.search(pattern, _text(text), re.ASCII)
    return found[0] if found else ""


def find_all(text: str, pattern: str, limit: int = -1) -> list[str]:
    """All matches of a pattern."""
    found = [each[0] for each in re.finditer(pattern, _text(text), re.ASCII)]
    return found if limit < 0 else found[:limit]


def is_sorted(elements: list[Any]) -> bool:
    """Whether no element is less than the one before it."""
    pairs = pairwise(elements)
    return all(values.compare(a, b, lambda x, y: bool(x <= y)) for a, b in pairs)


def total(elements: list[Any]) -> Any:
    """The sum; that of nothing is 0."""
    result: Any = None
    for each in elements:
        result = each if result is None else values.add(result, each)
    return 0 if result is None else result


def extreme(elements: list[Any], name: str, better: Callable[[Any, Any], bool]) -> Any:
    """The smallest or largest element."""
    if not elements:
        raise CelError(f"{name} called on empty list")
    best = elements[0]
    for each in elements[1:]:
        best = each if values.compare(each, best, better) else best
    return best


def string_format(text: str, given: list[Any]) -> str:
    """`%s`, `%d`, `%f` and their like filled in."""
    rest = iter(given)

    def filled(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        value = next(rest, None)
        match found[2]:
            case "s":
                return _shown(value)
            case "d":
                return str(int(value))  # type: ignore[arg-type]
            case "f" | "e":
                return f"{float(value):.{found[1] or 6}{found[2]}}"  # type: ignore[arg-type]
            case word:
                return format(value, {"b": "b", "o": "o", "x": "x", "X": "X"}[word])

    return re.sub(r"%(?:%|(?:\.(\d+))?([sdfebxXo]))", filled, text)


def _shown(value: Any) -> str:
    match value:
        case list():
            return f"[{', '.join(map(_shown, value))}]"
        case dict():
            pairs = sorted((_shown(key), _shown(each)) for key, each in value.items())
            return "{" + ", ".join(f"{key}: {each}" for key, each in pairs) + "}"
        case None:
            return "null"
        case Type(name):
            return name
    return to_string(value)


def or_value(found: Optional, other: Any) -> Any:
    """The value, or another where there is none."""
    return found.values[0] if found.values else other


def optional_value(found: Optional) -> Any:
    """The value that has to be there."""
    if not found.values:
        raise CelError("optional.none() dereference")
    return found.values[0]


def non_zero(value: Any) -> Optional:
    """Nothing for what is empty or zero."""
    return Optional((value,)) if value or isinstance(value, Opaque) else Optional()


def _every(values_: list[Any], others: list[Any]) -> bool:
    return all(values.contains(values_, each) for each in others)


def negate(value: Any) -> Any:
    """`-` before a value."""
    return -value if isinstance(value, float) else values.subtract(0, value)


def invert(value: Any) -> bool:
    """`!`."""
    if not isinstance(value, bool):
        raise values.no_overload(value)
    return not value


def _part(read: Callable[[datetime], int]) -> Callable[..., int]:
    def part(value: Any, zone: str = "UTC") -> int:
        if not isinstance(value, Timestamp) or zone not in ("UTC", "Z"):
            raise values.no_overload(value)
        return read(_EPOCH + timedelta(microseconds=value.nanos // 1000))

    return part


def _span(unit: int, read: Callable[[datetime], int]) -> Callable[..., int]:
    def span(value: Any, *zone: str) -> int:
        return int(value.nanos / unit) if isinstance(value, Duration) else _part(read)(value, *zone)

    return span


GLOBAL: dict[str, Callable[..., Any]] = {
    "!": invert,
    "-_": negate,
    "size": size,
    "int": to_int,
    "uint": to_uint,
    "double": to_double,
    "bool": to_bool,
    "string": to_string,
    "bytes": lambda value: value if isinstance(value, bytes) else _text(value).encode(),
    "dyn": lambda value: value,
    "type": lambda value: Type(values.kind(value)),
    "duration": duration,
    "timestamp": timestamp,
    "matches": matches,
    "optional.of": lambda value: Optional((value,)),
    "optional.none": Optional,
    "optional.ofNonZeroValue": non_zero,
    "sets.contains": _every,
    "sets.equivalent": lambda a, b: _every(a, b) and _every(b, a),
    "sets.intersects": lambda a, b: any(values.contains(a, each) for each in b),
    "strings.quote": lambda text: '"' + _text(text).replace("\\", "\\\\").replace('"', '\\"') + '"',
    "base64.encode": lambda value: base64.b64encode(value).decode(),
    "base64.decode": lambda text: base64.b64decode(text + "=" * (-len(text) % 4)),
    **kubernetes.GLOBAL,
}
"""By name, with that of its namespace."""

METHODS: dict[str, Callable[..., Any]] = {
    "size": size,
    "matches": matches,
    "contains": _of_texts(lambda text, part: part in text),
    "startsWith": _of_texts(str.startswith),
    "endsWith": _of_texts(str.endswith),
    "charAt": char_at,
    "indexOf": index_of,
    "lastIndexOf": last_index_of,
    "lowerAscii": lambda text: "".join(c.lower() if c.isascii() else c for c in _text(text)),
    "upperAscii": lambda text: "".join(c.upper() if c.isascii() else c for c in _text(text)),
    "replace": replace,
    "reverse": lambda text: _text(text)[::-1],
    "split": split,
    "substring": substring,
    "trim": lambda text: _text(text).strip(),
    "join": join,
    "format": string_format,
    "find": find,
    "findAll": find_all,
    "isSorted": is_sorted,
    "sum": total,
    "min": lambda elements: extreme(elements, "min", lambda a, b: bool(a < b)),
    "max": lambda elements: extreme(elements, "max", lambda a, b: bool(a > b)),
    "orValue": or_value,
    "or": lambda found, other: found if found.values else other,
    "value": optional_value,
    "hasValue": lambda found: bool(found.values),
    "getFullYear": _part(lambda moment: moment.year),
    "getMonth": _part(lambda moment: moment.month - 1),
    "getDate": _part(lambda moment: moment.day),
    "getDayOfMonth": _part(lambda moment: moment.day - 1),
    "getDayOfWeek": _part(lambda moment: moment.isoweekday() % 7),
    "getDayOfYear": _part(lambda moment: moment.timetuple().tm_yday - 1),
    "getHours": _span(3600 * _SECOND, lambda moment: moment.hour),
    "getMinutes": _span(60 * _SECOND, lambda moment: moment.minute),
    "getSeconds": _span(_SECOND, lambda moment: moment.second),
    "getMilliseconds": _span(10**6, lambda moment: moment.microsecond // 1000),
    **kubernetes.METHODS,
}
"""What is called on a value, which is the first argument."""
