"""Matches regular expressions by following all their ways through the text at once."""

from collections.abc import Callable, Iterable

from gitops.build.kustomize.problem import Problem
from gitops.build.kustomize.regex import Assertion, Chars, Choice, Node, Repeat, Sequence

MAX_STATES = 20_000

_MATCH = -1


class _TooLarge(Exception):
    """The pattern needs more states than is reasonable."""


def compile(node: Node) -> Callable[[str], bool] | Problem:
    """A function that tells whether a text holds a match."""
    program = _Program()
    try:
        start = program.add(node, _MATCH)
    except _TooLarge:
        return Problem("the regular expression is too large", "repeat less in it, or write several")
    return lambda text: program.search(start, text)


class _Program:
    """States: each either tests one character, tests the place, or leads to other states."""

    def __init__(self) -> None:
        self.tests: list[Chars | Assertion | None] = []
        self.follows: list[tuple[int, ...]] = []

    def state(self, test: Chars | Assertion | None, *follows: int) -> int:
        if len(self.tests) >= MAX_STATES:
            raise _TooLarge
        self.tests.append(test)
        self.follows.append(follows)
        return len(self.tests) - 1

    def add(self, node: Node, after: int) -> int:
        """The first state of the node, whose last one leads to `after`."""
        match node:
            case Chars() | Assertion():
                return self.state(node, after)
            case Sequence(nodes):
                for part in reversed(nodes):
                    after = self.add(part, after)
                return after
            case Choice(nodes):
                return self.state(None, *(self.add(part, after) for part in nodes))
            case Repeat():
                return self.repeat(node, after)

    def repeat(self, node: Repeat, after: int) -> int:
        if node.most is None:
            loop = self.state(None)
            self.follows[loop] = (self.add(node.node, loop), after)
            after = loop
        else:
            end = after
            for _ in range(node.most - node.least):
                after = self.state(None, self.add(node.node, after), end)
        for _ in range(node.least):
            after = self.add(node.node, after)
        return after

    def search(self, start: int, text: str) -> bool:
        states = self.reach({start}, text, 0)
        for position, char in enumerate(text):
            if _MATCH in states:
                return True
            moved = {self.follows[state][0] for state in states if self.accepts(state, char)}
            states = self.reach(moved | {start}, text, position + 1)
        return _MATCH in states

    def accepts(self, state: int, char: str) -> bool:
        test = self.tests[state]
        return isinstance(test, Chars) and _holds(test, char)

    def reach(self, states: Iterable[int], text: str, position: int) -> set[int]:
        """All states that can be reached without reading a character."""
        todo, reached = list(states), set()
        while todo:
            state = todo.pop()
            if state in reached:
                continue
            reached.add(state)
            if state == _MATCH:
                continue
            test = self.tests[state]
            if test is None or (isinstance(test, Assertion) and _is_at(test, text, position)):
                todo.extend(self.follows[state])
        return reached


def _holds(chars: Chars, char: str) -> bool:
    codes = {ord(char)}
    if chars.fold:
        codes |= {ord(other) for other in (char.lower(), char.upper()) if len(other) == 1}
    inside = any(low <= code <= high for low, high in chars.ranges for code in codes)
    return inside != chars.negated


def _is_at(assertion: Assertion, text: str, position: int) -> bool:
    match assertion.place:
        case "A":
            return position == 0
        case "Z":
            return position == len(text)
        case "^":
            return position == 0 or text[position - 1] == "\n"
        case "$":
            return position == len(text) or text[position] == "\n"
    before = position > 0 and _is_word(text[position - 1])
    after = position < len(text) and _is_word(text[position])
    return (before != after) == (assertion.place == "b")


def _is_word(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char == "_")
