"""YAML files as sops writes them when it decrypts (stores/yaml, go.yaml.in/yaml v3).

sops wrote the encrypted file in its own plain form: blocks only, one thing per line. So its lines
are kept, encrypted values are replaced where they stand, and the `sops` blocks go.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from gitops.sources.sops import cipher, goscalar
from gitops.sources.sops.cipher import Scalar
from gitops.sources.sops.flat import Comment
from gitops.sources.sops.objects import Leaf, rebuild
from gitops.sources.yamlio import dump_all

_STEP = 4
"""Flux decrypts with the default settings of sops, whatever .sops.yaml said when encrypting."""

_BLOCK = re.compile("sops:(?: .*)?")
_START = re.compile(r"(?P<indent> *)(?P<dashes>(?:- +)*)(?P<rest>.*)", re.DOTALL)
_LITERAL = re.compile(r"(?P<head>(?:.*?: +)?[|>])(?P<hint>[1-9]?)(?P<chomp>[-+]?)(?: *#.*)?")


def write(text: str, bodies: Sequence[Mapping[str, Any]], leaf: Leaf, comment: Comment) -> str:
    """The file without its blocks, with plain values and comments.

    A file that somebody formatted anew is written from its contents, without comments.
    """
    values: dict[str, Any] = {}
    containers: dict[tuple[str, ...], None] = {(): None}

    def remember(value: Any, path: tuple[str, ...], pointer: tuple[str | int, ...]) -> Any:
        containers.update((path[:length], None) for length in range(1, len(path) + 1))
        plain = leaf(value, path, pointer)
        if plain is not value:
            values[value] = plain
        return plain

    plain = [rebuild(body, remember) for body in bodies]
    writer = _Writer(values, lambda remark: comment(remark, containers))
    lines = list(writer.write(text))
    return "".join(f"{line}\n" for line in lines) if writer.is_complete else dump_all(plain)


class _Writer:
    """Goes through the lines and keeps account of the columns that blocks had and get."""

    def __init__(self, values: Mapping[str, Any], remark: Callable[[str], str | None]) -> None:
        self._values = values
        self._missing = set(values)
        self._remark = remark
        self._levels = [(0, 0)]
        self._is_skipping = False
        self._literal: _Literal | None = None

    @property
    def is_complete(self) -> bool:
        """Whether every encrypted value was found in the text."""
        return not self._missing

    def write(self, text: str) -> Iterator[str]:
        for line in text.removesuffix("\n").split("\n"):
            if self._literal and (not line.strip() or _indent(line) > self._literal.outside):
                yield self._literal.line(line)
            elif not self._skips(line):
                self._literal = None
                yield from self._block(line)

    def _skips(self, line: str) -> bool:
        """Whether a line belongs to a `sops` block."""
        if line and not line.startswith(" "):
            self._is_skipping = _BLOCK.fullmatch(line) is not None
        return self._is_skipping

    def _block(self, line: str) -> Iterator[str]:
        start = _START.fullmatch(line)
        assert start is not None
        indent, dashes, rest = start["indent"], start["dashes"], start["rest"]
        if line.startswith("---"):
            self._levels = [(0, 0)]
        old, new = len(indent), self._column(len(indent))
        before, _, comment = rest.rpartition("#")
        plain = self._remark(comment)
        if plain is not None:
            # A decrypted comment comes to stand above what it stood behind.
            yield " " * new + "#" + plain
            rest = before.rstrip(" ")
        if rest:
            yield " " * new + "- " * dashes.count("-") + self._rest(rest, dashes, old, new)

    def _rest(self, rest: str, dashes: str, old: int, new: int) -> str:
        """What follows the dashes of a line."""
        for dash in re.finditer("- +", dashes):
            old, new = old + len(dash[0]), new + 2
            self._levels.append((old, new))
        key, value = rest[: rest.rfind("ENC[")], rest[rest.rfind("ENC[") :]
        if value in self._values and (not key or key.rstrip(" ").endswith(":")):
            self._missing.discard(value)
            inner = _deeper(new) if key or not dashes else new
            return key + _scalar(value, self._values[value], inner)
        literal = _LITERAL.fullmatch(rest)
        if literal and not rest.startswith("#"):
            has_key = len(literal["head"]) > 1
            outside = old if has_key or not dashes else old - 2
            hint = int(literal["hint"] or 0)
            self._literal = _Literal(outside, hint, _deeper(new) if has_key else new)
            return literal["head"] + (str(_STEP) if hint else "") + literal["chomp"]
        return rest

    def _column(self, old: int) -> int:
        """The column that what stood at a column gets."""
        while self._levels[-1][0] > old:
            self._levels.pop()
        if self._levels[-1][0] < old:
            self._levels.append((old, _deeper(self._levels[-1][1])))
        return self._levels[-1][1]


class _Literal:
    """A block scalar that goes on below its first line, deeper than `outside`.

    Its own lines begin as much deeper as its hint says, or where the first of them does.
    """

    def __init__(self, outside: int, hint: int, new: int) -> None:
        self.outside = outside
        self._old = outside + hint if hint else -1
        self._new = new

    def line(self, line: str) -> str:
        """One of its lines, at its new place."""
        if not line.strip():
            return line
        if self._old < 0:
            self._old = _indent(line)
        return " " * self._new + line[min(self._old, _indent(line)) :]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _deeper(column: int) -> int:
    """Where a block inside another begins: at the next multiple of the step (emitterc.go)."""
    return _STEP * ((column + _STEP) // _STEP)


def _scalar(encrypted: str, plain: Scalar | None, indent: int) -> str:
    found = cipher.parse(encrypted)
    match plain:
        case bool():
            return "true" if plain else "false"
        case int():
            return str(plain)
        case float():
            return goscalar.number(plain)
        case bytes():
            return goscalar.text(plain.decode(errors="surrogateescape"), indent, _STEP)
        case str() if found is None or found.kind != "time":
            return goscalar.text(plain, indent, _STEP)
        case _:
            return str(plain)
