"""What the operators of `${name operator arguments}` do to a value.

Source: fluxcd/pkg envsubst/funcs.go and template.go. Lengths and offsets count bytes, so half a
character can remain; such bytes are kept as lone surrogates (`surrogateescape`).
"""

import re
from collections.abc import Callable, Sequence

from gitops.build.substitute import pattern

_INTEGER = re.compile(r"([+-]?)0*([0-9]{1,19})")
_LARGEST = 2**63


def apply(operator: str, value: str, arguments: Sequence[str]) -> str | None:
    """The result, or None where Flux crashes: a negative length that leaves less than nothing."""
    function = _FUNCTIONS.get(operator)
    return function(value, arguments) if function else _default(value, arguments)


def _default(value: str, arguments: Sequence[str]) -> str:
    return value or "".join(arguments)


def _substring(value: str, arguments: Sequence[str]) -> str | None:
    text = _bytes(value)
    offset = _integer(arguments[0])
    if offset is None:
        return value
    if offset < 0:
        offset = max(len(text) + offset, 0)
    if len(arguments) == 1:
        return _text(text[offset:])
    length = _integer(arguments[1])
    if length is None:
        return value
    if offset + length >= len(text):
        return _text(text[offset:])
    return None if length < 0 else _text(text[offset : offset + length])


def _integer(text: str) -> int | None:
    """As Go's strconv.Atoi: no blanks, no underscores, 64 bits."""
    found = _INTEGER.fullmatch(text)
    if found is None:
        return None
    number = int(found.group(1) + found.group(2))
    return number if -_LARGEST <= number < _LARGEST else None


def _cut(cut: Callable[..., bytes], *, longest: bool) -> Callable[[str, Sequence[str]], str]:
    def cut_value(value: str, arguments: Sequence[str]) -> str:
        return _text(cut(_bytes(value), _bytes(arguments[0]), longest=longest))

    return cut_value


def _length_or_cut(value: str, arguments: Sequence[str]) -> str:
    if not arguments:
        return str(len(_bytes(value)))
    return _text(pattern.cut_prefix(_bytes(value), _bytes(arguments[0]), longest=False))


def _replace(count: int) -> Callable[[str, Sequence[str]], str]:
    def replace_in(value: str, arguments: Sequence[str]) -> str:
        return value.replace(arguments[0], "".join(arguments[1:]), count)

    return replace_in


def _replace_prefix(value: str, arguments: Sequence[str]) -> str:
    if len(arguments) == 2 and value.startswith(arguments[0]):
        return value.replace(arguments[0], arguments[1], 1)
    return value


def _replace_suffix(value: str, arguments: Sequence[str]) -> str:
    if len(arguments) == 2 and value.endswith(arguments[0]):
        return value.removesuffix(arguments[0]) + arguments[1]
    return value


def _lower(value: str) -> str:
    """Each character by itself, as Go does, and never to more than one."""
    return value.lower() if value.isascii() else "".join(map(_lower_char, value))


def _upper(value: str) -> str:
    return value.upper() if value.isascii() else "".join(map(_upper_char, value))


def _lower_char(char: str) -> str:
    """The one character whose simple lower case is not the first of its full one is U+0130."""
    return char.lower()[:1]


def _upper_char(char: str) -> str:
    for candidate in (char.upper(), char.title()):
        if len(candidate) == 1:
            return candidate
    return char


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogateescape")


def _text(text: bytes) -> str:
    return text.decode(errors="surrogateescape")


_FUNCTIONS: dict[str, Callable[[str, Sequence[str]], str | None]] = {
    ",": lambda value, _: _lower(value[:1]) + value[1:],
    ",,": lambda value, _: _lower(value),
    "^": lambda value, _: _upper(value[:1]) + value[1:],
    "^^": lambda value, _: _upper(value),
    ":": _substring,
    "/": _replace(1),
    "//": _replace(-1),
    "/#": _replace_prefix,
    "/%": _replace_suffix,
    "#": _length_or_cut,
    "##": _cut(pattern.cut_prefix, longest=True),
    "%": _cut(pattern.cut_suffix, longest=False),
    "%%": _cut(pattern.cut_suffix, longest=True),
}
