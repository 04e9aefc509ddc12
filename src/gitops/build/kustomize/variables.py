"""The legacy `vars` field: which object a variable reads, and what it finds there."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from gitops.build.kustomize import vars as substitution
from gitops.build.kustomize.directive import Directive
from gitops.build.kustomize.fieldspecs import FieldSpecs
from gitops.build.kustomize.problem import Problem
from gitops.build.kustomize.resource import DEFAULT_NAMESPACE, Resource, text

_BRACKETED = re.compile(r"\[[^\]]*\](?=\.|$)|(?:\\.|[^.\\])+")
_INDEXED = re.compile(r"(.*)\[(\d+)\]\Z")
_MISSING = object()


class Variable(msgspec.Struct, frozen=True):
    """A variable, the field it reads, and where it is declared."""

    name: str
    path: str
    declared: Directive


def declare(
    asked: Directive,
    variables: dict[str, Variable],
    resources: Sequence[Resource],
    entry: dict[str, Any],
) -> None:
    """Declares a variable and marks the resource that it reads."""
    name = entry.get("name", "")
    found = [resource for resource in resources if _is_meant(resource, entry.get("objref", {}))]
    if len(found) > 1:
        asked.problem("kustomize/variable", Problem(f"{name} could mean several objects"), *found)
    elif found:
        found[0].variables.append(name)
    path = entry.get("fieldref", {}).get("fieldPath") or "metadata.name"
    add(variables, Variable(name, path, asked))


def add(variables: dict[str, Variable], variable: Variable) -> None:
    """Adds a variable; two of one name are a mistake."""
    known = variables.setdefault(variable.name, variable)
    if known is not variable:
        problem = Problem(
            f"the variable {variable.name} is already declared at {known.declared.at}"
        )
        variable.declared.problem("kustomize/variable", problem)


def expand(
    variables: dict[str, Variable], resources: Sequence[Resource], specs: FieldSpecs
) -> None:
    """Writes the values of the variables wherever `$(NAME)` stands."""
    values: dict[str, Any] = {}
    for name in sorted(variables):
        variable = variables[name]
        read = next((resource for resource in resources if name in resource.variables), None)
        value = _MISSING if read is None else _value(read.body, variable.path)
        if value is not _MISSING:
            values[name] = value
        elif read is None:
            problem = Problem(f"no object is what the variable {name} reads")
            variable.declared.problem("kustomize/variable", problem)
        else:
            problem = Problem(f"the variable {name} reads {variable.path}, which is not there")
            variable.declared.problem("kustomize/variable", problem, read)
    if values:
        declared = variables[min(values)].declared
        fields = [
            {"group": group, "version": version, "kind": kind, "path": spec.path}
            for spec in specs.items
            for group, version, kind in (spec.gvk,)
        ]
        declared.state.report(*substitution.expand(values, resources, fields, declared.at))


def _is_meant(resource: Resource, wanted: dict[str, str]) -> bool:
    group, version = wanted.get("group", ""), wanted.get("version", "")
    if wanted.get("apiVersion"):
        parts = wanted["apiVersion"].split("/")
        group, version = (parts[0], parts[1]) if len(parts) == 2 else (group, parts[0])
    gvk = (group, version, wanted.get("kind", ""))
    namespace = wanted.get("namespace", "")
    return any(
        key[:3] == gvk
        and key[4] == wanted.get("name", "")
        and (not namespace or key[3] == (namespace or DEFAULT_NAMESPACE))
        for key in (resource.key, *resource.former_keys)
    )


def _value(node: Any, path: str) -> Any:
    """The value at `a.b[0].c` or `a.[name=x].c`, or `_MISSING`."""
    for part in _parts(path):
        if type(node) is dict:
            node = node.get(part, _MISSING)
        elif type(node) is list:
            node = _element(node, part)
        else:
            return _MISSING
    return node


def _parts(path: str) -> list[str]:
    parts: list[str] = []
    for part in _BRACKETED.findall(path):
        indexed = _INDEXED.match(part)
        if indexed:
            parts.extend(each for each in indexed.groups() if each)
        elif part[:1] == "[" and "=" not in part:
            parts.append(part[1:-1])
        else:
            parts.append(part.replace("\\.", "."))
    return parts


def _element(items: list[Any], part: str) -> Any:
    if part.isdecimal():
        return items[int(part)] if int(part) < len(items) else _MISSING
    key, equal, wanted = part.strip("[]").partition("=")
    if not equal:
        return _MISSING
    for item in items:
        if type(item) is dict and key in item and text(item[key]) == wanted:
            return item
    return _MISSING
