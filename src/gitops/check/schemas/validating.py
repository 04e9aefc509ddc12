"""All that is wrong with one object, by the schema of its kind."""

from collections.abc import Callable, Iterator
from typing import Any

from gitops.check.schemas import defaults, metadata, quick, rules, thorough
from gitops.check.schemas.builtin import Schema
from gitops.check.schemas.problem import Fault, Pointer, Problem

_BLOCKING = (Fault.TYPE, Fault.FORMAT, Fault.REQUIRED, Fault.ENUM, Fault.LIMIT)


class Validator:
    """Holds objects against one schema; what the schema needs is made when an object needs it."""

    def __init__(self, schema: Schema, *, custom: bool) -> None:
        self._schema = schema
        self._custom = custom
        quickly = quick.check(schema, root=custom)
        self._is_right: Callable[[Any], bool] = (
            quickly if not isinstance(quickly, type) else lambda _body: False
        )
        self._rules = rules.of(schema) if custom else None

    def problems(self, body: dict[str, Any]) -> tuple[Problem, ...]:
        """Everything the API server would say of the object."""
        about = tuple(metadata.problems(body))
        if self._is_right(body):
            found: tuple[Problem, ...] = ()
            if self._rules is None:
                return about
        else:
            found = tuple(thorough.unknown(body, self._schema, (), root=self._custom))
        return about + found + tuple(self._invalid(body, [each.pointer for each in found]))

    def _invalid(self, body: dict[str, Any], unknown: list[Pointer]) -> Iterator[Problem]:
        whole = defaults.filled(body, self._schema, unknown) if self._custom else body
        found = [] if self._custom and self._is_right(whole) else [*self._thorough(whole)]
        yield from found
        # Rules wait until the form is right (apiextensions-apiserver strategy.go, hasBlockingErr).
        if self._rules is not None and not any(each.fault in _BLOCKING for each in found):
            yield from self._rules.problems(whole)

    def _thorough(self, body: dict[str, Any]) -> Iterator[Problem]:
        yield from thorough.invalid(body, self._schema, ())
        yield from thorough.repeated(body, self._schema, ())
