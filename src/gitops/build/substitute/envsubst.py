"""Flux's variable substitution in a text."""

import re
from collections.abc import Callable, Mapping

from msgspec import Struct

from gitops.build.substitute import operators, syntax
from gitops.build.substitute.syntax import Expression, Malformed

ESCAPE = (
    "write $${ for a literal ${, or keep the whole object as it is with the label or annotation "
    "kustomize.toolkit.fluxcd.io/substitute: disabled"
)
_SHOWN = 60
_HALF = re.compile("[\udc80-\udcff]")


class Problem(Struct, frozen=True):
    """Why Flux refuses a text. `offset` is that of `expression` in the text. `name` is the
    variable that has no value, "" for other mistakes."""

    offset: int
    expression: str
    message: str
    hint: str
    name: str = ""


class Result(Struct, frozen=True):
    """`used` names every variable that the text mentions. With a problem, `text` is for the
    reader only: Flux makes nothing of it. `open` says that an expression has no end in this text,
    so that it would swallow what follows."""

    text: str
    used: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()
    open: bool = False


def substitute(text: str, variables: Mapping[str, str], *, strict: bool) -> Result:
    """The text with every expression replaced by its value.

    In strict mode a variable that is not among `variables` is a problem unless the expression has
    a default; else it is empty.
    """
    return evaluate(text, variables.get, strict=strict)


def evaluate(text: str, lookup: Callable[[str], str | None], *, strict: bool) -> Result:
    """`substitute` with a function that gives the value of a variable, or None."""
    if "$" not in text and "\0" not in text:
        return Result(text)
    evaluation = _Evaluation(text, lookup, strict)
    replaced = "".join(map(evaluation.value, syntax.parse(text)))
    if _HALF.search(replaced):
        replaced = evaluation.whole(replaced)
    problems = tuple(evaluation.problems)
    return Result(replaced, frozenset(evaluation.used), problems, evaluation.open)


class _Evaluation:
    def __init__(self, text: str, lookup: Callable[[str], str | None], strict: bool) -> None:
        self._text = text
        self._lookup = lookup
        self._strict = strict
        self.used: set[str] = set()
        self.problems: list[Problem] = []
        self.open = False

    def value(self, piece: syntax.Piece) -> str:
        match piece:
            case str():
                return piece
            case Malformed(start, reason, is_open):
                self.open = self.open or is_open
                shown = _shown(self._text, start)
                self.problems.append(
                    Problem(start, shown, f"{shown} cannot be read: {reason}", ESCAPE)
                )
                return ""
            case Expression():
                return self._expression(piece)

    def _expression(self, asked: Expression) -> str:
        arguments = [self.value(argument) for argument in asked.arguments]
        self.used.add(asked.name)
        found = self._lookup(asked.name)
        if found is None and self._strict and asked.operator not in syntax.DEFAULTS:
            self._problem(
                asked,
                f"variable {asked.name} has no value",
                f"define {asked.name}, give a default with ${{{asked.name}:=value}}, or {ESCAPE}",
                asked.name,
            )
        result = operators.apply(asked.operator, found or "", arguments)
        if result is None:
            self._problem(asked, "the length is negative", "count from the start instead")
        return result or ""

    def _problem(self, asked: Expression, message: str, hint: str, name: str = "") -> None:
        shown = self._text[asked.start : asked.end][:_SHOWN]
        self.problems.append(Problem(asked.start, shown, f"{shown}: {message}", hint, name))

    def whole(self, text: str) -> str:
        """The text with its halves of characters joined; one that remains alone is a problem."""
        joined = text.encode(errors="surrogateescape").decode(errors="surrogateescape")
        if _HALF.search(joined):
            self.problems.append(
                Problem(0, "", "a character is cut in half", "offsets and lengths count bytes")
            )
        return joined


def _shown(text: str, start: int) -> str:
    """As much of a malformed expression as helps to find it."""
    line = text[start : start + _SHOWN].partition("\n")[0]
    return line[: line.find("}") + 1] or line
