"""The legacy `vars` field: which object a variable reads, and what it finds there."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from gitops.build.kustomize import paths
from gitops.build.kustomize import vars as substitution
from gitops.build.kustomize.directive import Directive
from gitops.build.kustomize.fieldspecs import FieldSpecs
from gitops.build.kustomize.keyed import MISSING
from gitops.build.kustomize.problem import Problem
from gitops.build.kustomize.resource import Resource

_INDEXED = re.compile(r"(.*)\[(\d+)\]\Z")


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
        problem = Problem(f"{name} could mean several objects", "give objref the namespace of one")
        asked.problem("kustomize/variable", problem, *found)
    elif found:
        found[0].variables.append(name)
    path = entry.get("fieldref", {}).get("fieldPath") or "metadata.name"
    add(variables, Variable(name, path, asked))


def add(variables: dict[str, Variable], variable: Variable) -> None:
    """Adds a variable; two of one name are a mistake."""
    known = variables.setdefault(variable.name, variable)
    if known is not variable:
        problem = Problem(
            f"the variable {variable.name} is already declared at {known.declared.at}",
            "rename one of them, or declare it once in what uses both",
        )
        variable.declared.problem("kustomize/variable", problem)


def expand(
    variables: dict[str, Variable], resources: Sequence[Resource], specs: FieldSpecs
) -> None:
    """Writes the values of the variables wherever `$(NAME)` stands."""
    values: dict[str, Any] = {}
    for name in sorted(variables):
        value = _read(variables[name], resources)
        if isinstance(value, Problem):
            variables[name].declared.problem("kustomize/variable", value)
        else:
            values[name] = value
    if values:
        declared = variables[min(values)].declared
        fields = [
            {"group": group, "version": version, "kind": kind, "path": spec.path}
            for spec in specs.items
            for group, version, kind in (spec.gvk,)
        ]
        declared.report(substitution.expand(values, resources, fields, declared.file))


def _read(variable: Variable, resources: Sequence[Resource]) -> Any:
    """The value of a variable, or a Problem."""
    name = variable.name
    read = next((resource for resource in resources if name in resource.variables), None)
    if read is None:
        return Problem(f"no object is what the variable {name} reads", "correct its objref")
    value = _value(read.body, variable.path)
    if value is MISSING or isinstance(value, Problem):
        message = f"the variable {name} reads {variable.path} of {read}, which is not there"
        return Problem(message, "correct its fieldref.fieldPath, or add the field to the object")
    return value


def _is_meant(resource: Resource, wanted: dict[str, str]) -> bool:
    group, version = wanted.get("group", ""), wanted.get("version", "")
    if wanted.get("apiVersion"):
        parts = wanted["apiVersion"].split("/")
        group, version = (parts[0], parts[1]) if len(parts) == 2 else (group, parts[0])
    gvk = (group, version, wanted.get("kind", ""))
    namespace = wanted.get("namespace", "")
    return any(
        key[:3] == gvk and key[4] == wanted.get("name", "") and namespace in ("", key[3])
        for key in (resource.key, *resource.former_keys)
    )


def _value(body: dict[str, Any], path: str) -> Any:
    """The value at `a.b[0].c` or `a.[name=x].c`, or MISSING."""
    parts: list[str] = []
    for part in paths.split(path):
        indexed = _INDEXED.match(part)
        parts.extend(filter(None, indexed.groups()) if indexed else (part,))
    return paths.lookup(body, parts)
