"""The legacy `vars` field: `$(NAME)` in places that field specs name."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from gitops.build.kustomize import fieldspecs
from gitops.build.kustomize.keyed import is_null, text_of
from gitops.build.kustomize.problem import Problem
from gitops.build.kustomize.replacements import Subject
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.origin import Location

_REFERENCE = re.compile(r"\$(?:\$|\(([^)]*)\))")
"""`$$` stands for a dollar sign that begins no reference."""


def expand(
    values: Mapping[str, Any],
    subjects: Sequence[Subject],
    field_specs: Sequence[Mapping[str, Any]],
    at: Location,
) -> tuple[Finding, ...]:
    """Replaces `$(NAME)` in the fields that `field_specs` name; unknown names stay as they are.

    A field that is nothing but a reference takes over the type of the value. A name that stands
    nowhere is a warning.
    """
    expander = _Expander(values)
    findings: list[Finding] = []
    for subject in subjects:
        for spec in field_specs:
            if _selects(spec, subject):
                parts = fieldspecs.split_path(spec["path"])
                problem = fieldspecs.walk(subject.body, parts, expander.fill)
                if problem:
                    message = f"{spec['path']} of {subject.ids[0]}: {problem.message}"
                    findings.append(finding.error("kustomize/variable", at, message, problem.hint))
    for name in sorted(values.keys() - expander.used):
        message = f"$({name}) stands in no field that variables are looked for in"
        hint = "remove the variable; replacements are the way to copy values"
        findings.append(finding.warning("kustomize/unused-variable", at, message, hint))
    return tuple(findings)


def _selects(spec: Mapping[str, Any], subject: Subject) -> bool:
    id = subject.ids[0]
    return all(
        spec.get(field) in (None, "", getattr(id, field)) for field in ("group", "version", "kind")
    )


class _Expander:
    def __init__(self, values: Mapping[str, Any]) -> None:
        self.used: set[str] = set()
        self._values = values

    def fill(self, holder: Any, key: Any) -> Problem | None:
        """Expands a string, the strings that a mapping holds, or a list of strings."""
        match holder[key]:
            case str() as text:
                holder[key] = self._expanded(text)
            case dict() as mapping:
                for name, item in mapping.items():
                    if isinstance(item, str):
                        mapping[name] = self._expanded(item)
            case list() as items:
                if not all(isinstance(item, str) for item in items):
                    hint = "quote the elements, or take the path out of varReference"
                    return Problem("variables may stand only in a list of strings", hint)
                items[:] = map(self._expanded, items)
            case _:
                pass
        return None

    def _expanded(self, text: str) -> Any:
        if "$" not in text:
            return text
        whole = _REFERENCE.fullmatch(text)
        if whole and whole[1] is not None:
            return self._value(whole[1])
        return _REFERENCE.sub(self._text, text)

    def _text(self, match: re.Match[str]) -> str:
        return "$" if match[1] is None else text_of(self._value(match[1]))

    def _value(self, name: str) -> Any:
        value = self._values.get(name)
        if is_null(value) or isinstance(value, dict | list):
            return f"$({name})"
        self.used.add(name)
        return value
