"""Reads a regular expression in Go's syntax (RE2) into a tree."""

from typing import NoReturn

import msgspec

from gitops.build.kustomize.problem import Problem

MAX_REPEAT = 1000
MAX_DEPTH = 100


class Chars(msgspec.Struct, frozen=True):
    """One character out of some ranges, or out of none of them."""

    ranges: tuple[tuple[int, int], ...]
    negated: bool = False
    fold: bool = False


class Assertion(msgspec.Struct, frozen=True):
    """A place: `A` begin, `Z` end, `^` begin of line, `$` end of line, `b`, `B`."""

    place: str


class Sequence(msgspec.Struct, frozen=True):
    """One after the other."""

    nodes: "tuple[Node, ...]"


class Choice(msgspec.Struct, frozen=True):
    """One of several."""

    nodes: "tuple[Node, ...]"


class Repeat(msgspec.Struct, frozen=True):
    """Several times; `most` is None for no end."""

    node: "Node"
    least: int
    most: int | None


Node = Chars | Assertion | Sequence | Choice | Repeat

ANY = Chars(((0, 9), (11, 0x10FFFF)))
ANY_OR_NEWLINE = Chars(((0, 0x10FFFF),))

_DIGIT = ((48, 57),)
_SPACE = ((9, 10), (12, 13), (32, 32))
_WORD = ((48, 57), (65, 90), (95, 95), (97, 122))
_CLASSES = {
    "d": _DIGIT,
    "s": _SPACE,
    "w": _WORD,
}
_NAMED = {
    "alnum": ((48, 57), (65, 90), (97, 122)),
    "alpha": ((65, 90), (97, 122)),
    "ascii": ((0, 127),),
    "blank": ((9, 9), (32, 32)),
    "cntrl": ((0, 31), (127, 127)),
    "digit": _DIGIT,
    "graph": ((33, 126),),
    "lower": ((97, 122),),
    "print": ((32, 126),),
    "punct": ((33, 47), (58, 64), (91, 96), (123, 126)),
    "space": ((9, 13), (32, 32)),
    "upper": ((65, 90),),
    "word": _WORD,
    "xdigit": ((48, 57), (65, 70), (97, 102)),
}
_ESCAPES = {"a": 7, "f": 12, "t": 9, "n": 10, "r": 13, "v": 11}
_PLACES = {"A": "A", "z": "Z", "b": "b", "B": "B"}


def whole(node: Node) -> Node:
    """What matches a text from end to end."""
    return Sequence((Assertion("A"), node, Assertion("Z")))


class _Refused(Exception):
    """The pattern is not one that Go reads, or not one that is supported here."""


def parse(pattern: str) -> Node | Problem:
    """The tree of a pattern."""
    reader = _Reader(pattern)
    try:
        node = reader.choice(frozenset(), 0)
        if reader.rest():
            reader.refuse("an unexpected )")
    except _Refused as cause:
        hint = "write it as Go reads it (RE2), and \\ before a sign that stands for itself"
        return Problem(f"the regular expression {pattern!r} has {cause}", hint)
    return node


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def rest(self) -> str:
        return self.text[self.position :]

    def refuse(self, reason: str) -> NoReturn:
        raise _Refused(reason)

    def peek(self, wanted: str) -> bool:
        return self.text.startswith(wanted, self.position)

    def take(self, wanted: str) -> bool:
        if self.peek(wanted):
            self.position += len(wanted)
            return True
        return False

    def next(self, missing: str) -> str:
        if self.position >= len(self.text):
            self.refuse(missing)
        self.position += 1
        return self.text[self.position - 1]

    def choice(self, flags: frozenset[str], depth: int) -> Node:
        if depth > MAX_DEPTH:
            self.refuse("too many groups inside each other")
        branches: list[Node] = []
        while True:
            branch, flags = self.sequence(flags, depth)
            branches.append(branch)
            if not self.take("|"):
                return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def sequence(self, flags: frozenset[str], depth: int) -> tuple[Node, frozenset[str]]:
        nodes: list[Node] = []
        while self.position < len(self.text) and not self.peek("|") and not self.peek(")"):
            if self.take("(?"):
                inner = self.flagged(flags, depth)
                if isinstance(inner, frozenset):
                    flags = inner
                    continue
                nodes.append(self.repeated(inner))
            elif self.take("\\Q"):
                quoted, end, _ = self.rest().partition("\\E")
                self.position += len(quoted) + len(end)
                nodes.extend(_char(ord(char), flags) for char in quoted)
                if quoted:
                    nodes[-1] = self.repeated(nodes[-1])
            else:
                nodes.append(self.repeated(self.atom(flags, depth)))
        return Sequence(tuple(nodes)), flags

    def flagged(self, flags: frozenset[str], depth: int) -> Node | frozenset[str]:
        """What follows `(?`: a group, or flags for the rest of the group around it."""
        if self.take("P<") or self.take("<"):
            name = self.text[self.position : self.text.find(">", self.position)]
            if not name.isidentifier():
                self.refuse("a group without a proper name")
            self.position += len(name) + 1
            return self.group(flags, depth)
        on, target = set(flags), True
        while True:
            char = self.next("an unfinished group")
            if char == ")":
                return frozenset(on)
            if char == ":":
                return self.group(frozenset(on), depth)
            if char == "-" and target:
                target = False
            elif char in "imsU":
                (on.add if target else on.discard)(char)
            else:
                self.refuse(f"the construct (?{char}")

    def group(self, flags: frozenset[str], depth: int) -> Node:
        node = self.choice(flags, depth + 1)
        if not self.take(")"):
            self.refuse("a missing )")
        return node

    def atom(self, flags: frozenset[str], depth: int) -> Node:
        char = self.next("nothing")
        if char == "(":
            return self.group(flags, depth)
        if char == "[":
            return self.bracket(flags)
        if char == ".":
            return ANY_OR_NEWLINE if "s" in flags else ANY
        if char == "^":
            return Assertion("^" if "m" in flags else "A")
        if char == "$":
            return Assertion("$" if "m" in flags else "Z")
        if char in "*+?":
            self.refuse(f"nothing before {char}")
        if char == "\\":
            return self.escape(flags)
        return _char(ord(char), flags)

    def escape(self, flags: frozenset[str]) -> Node:
        char = self.next("a backslash at its end")
        if char in _PLACES:
            return Assertion(_PLACES[char])
        if char.lower() in _CLASSES:
            return Chars(_CLASSES[char.lower()], char.isupper())
        return _char(self.code(char), flags)

    def code(self, char: str) -> int:
        """The character that an escape stands for."""
        if char in _ESCAPES:
            return _ESCAPES[char]
        if char == "x":
            digits = self.hexadecimal()
            if not digits or len(digits) > 6 or set(digits.lower()) - set("0123456789abcdef"):
                self.refuse("a bad \\x")
            return int(digits, 16)
        if not char.isascii() or char.isalnum():
            self.refuse(f"the escape \\{char}")
        return ord(char)

    def hexadecimal(self) -> str:
        if self.take("{"):
            digits, end, _ = self.rest().partition("}")
            self.position += len(digits) + len(end)
            return digits if end else ""
        digits = self.rest()[:2]
        self.position += len(digits)
        return digits if len(digits) == 2 else ""

    def bracket(self, flags: frozenset[str]) -> Node:
        negated = self.take("^")
        ranges: list[tuple[int, int]] = []
        first = True
        while first or not self.peek("]"):
            first = False
            ranges.extend(self.member())
        self.take("]")
        return Chars(tuple(ranges), negated, "i" in flags)

    def member(self) -> tuple[tuple[int, int], ...]:
        """One member of a character class."""
        if self.take("[:"):
            name, end, _ = self.rest().partition(":]")
            self.position += len(name) + len(end)
            if name.removeprefix("^") not in _NAMED or not end:
                self.refuse(f"the class [:{name}:]")
            known = _NAMED[name.removeprefix("^")]
            return _without(known) if name.startswith("^") else known
        char = self.next("a missing ]")
        if char == "\\" and self.rest()[:1].lower() in _CLASSES and self.rest():
            name = self.next("nothing")
            known = _CLASSES[name.lower()]
            return _without(known) if name.isupper() else known
        low = self.code(self.next("a missing ]")) if char == "\\" else ord(char)
        if not self.peek("-") or self.rest()[1:2] in ("]", ""):
            return ((low, low),)
        self.take("-")
        char = self.next("a missing ]")
        high = self.code(self.next("a missing ]")) if char == "\\" else ord(char)
        if high < low:
            self.refuse("a range that runs backwards")
        return ((low, high),)

    def repeated(self, node: Node) -> Node:
        """The node with the repetition that follows it, if one does."""
        least, most = self.repetition()
        if least < 0:
            return node
        self.take("?")
        if self.repetition()[0] >= 0:
            self.refuse("a repetition of a repetition")
        return Repeat(node, least, most)

    def repetition(self) -> tuple[int, int | None]:
        if self.take("*"):
            return 0, None
        if self.take("+"):
            return 1, None
        if self.take("?"):
            return 0, 1
        if not self.peek("{"):
            return -1, None
        counts, end, _ = self.rest()[1:].partition("}")
        least, comma, most = counts.partition(",")
        if not end or not _is_count(least) or (most and not _is_count(most)):
            return -1, None
        self.position += len(counts) + 2
        bounds = int(least), (int(most) if most else None if comma else int(least))
        if bounds[0] > MAX_REPEAT or (bounds[1] or 0) > MAX_REPEAT:
            self.refuse(f"a repetition of more than {MAX_REPEAT}")
        if bounds[1] is not None and bounds[1] < bounds[0]:
            self.refuse("a repetition that runs backwards")
        return bounds


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 9


def _char(code: int, flags: frozenset[str]) -> Chars:
    return Chars(((code, code),), fold="i" in flags)


def _without(ranges: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """Everything that is in none of the sorted ranges."""
    gaps: list[tuple[int, int]] = []
    start = 0
    for low, high in ranges:
        if low > start:
            gaps.append((start, low - 1))
        start = high + 1
    return (*gaps, (start, 0x10FFFF))
