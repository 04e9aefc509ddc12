"""All that is wrong with one object, by the schema of its kind."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from gitops.check.schemas import defaults, metadata, quick, rules, thorough
from gitops.check.schemas.builtin import Schema
from gitops.check.schemas.problem import Fault, Problem

_BLOCKING = (Fault.TYPE, Fault.FORMAT, Fault.REQUIRED, Fault.ENUM, Fault.LIMIT)


class Validator:
    """Holds objects against one schema; what the schema needs is made when an object needs it."""

    def __init__(
        self, schema: Schema, *, custom: bool, known: quick.Known | None = None, text: bytes = b""
    ) -> None:
        """`known` are the checks that other validators made, and `text` is the schema as JSON where
        somebody has it: searching it takes a quarter of the time of a walk through a schema."""
        self._schema = schema
        self._custom = custom
        quickly = quick.check(schema, quick.Known() if known is None else known, root=custom)
        self._is_right: Callable[[Any], bool] = (
            quickly if not isinstance(quickly, type) else lambda _body: False
        )
        text = text or (msgspec.json.encode(schema) if custom else b"")
        self._rules = rules.Rules(schema, root=True) if rules.WORD in text else None
        self._has_defaults = b'"default"' in text

    def problems(self, body: dict[str, Any]) -> tuple[Problem, ...]:
        """Everything the API server would say of the object."""
        about = tuple(metadata.problems(body))
        if self._is_right(body):
            if self._rules is None:
                return about
            whole = defaults.filled(body, self._schema) if self._has_defaults else body
            return about + tuple(self._invalid(whole, is_right=whole == body))
        found = tuple(thorough.unknown(body, self._schema, (), root=self._custom))
        if self._custom:
            body = defaults.filled(body, self._schema, [each.pointer for each in found])
        return about + found + tuple(self._invalid(body))

    def _invalid(self, whole: dict[str, Any], *, is_right: bool = False) -> Iterator[Problem]:
        """What is wrong with an object that has its defaults; `is_right` says that its form is."""
        is_right = is_right or (self._custom and self._is_right(whole))
        found = [] if is_right else [*self._thorough(whole)]
        yield from found
        # Rules wait until the form is right (apiextensions-apiserver strategy.go, hasBlockingErr).
        if self._rules is not None and not any(each.fault in _BLOCKING for each in found):
            yield from self._rules.problems(whole)

    def _thorough(self, body: dict[str, Any]) -> Iterator[Problem]:
        yield from thorough.invalid(body, self._schema, ())
        yield from thorough.repeated(body, self._schema, ())
