"""The ValueAddTransformer: writes one value into fields of selected resources."""

from typing import Any

from gitops.build.kustomize import fields, namespaces, patches, settings
from gitops.build.kustomize.directive import Directive
from gitops.build.kustomize.fields import Mistake
from gitops.build.kustomize.keyed import is_null
from gitops.build.kustomize.problem import Problem
from gitops.build.kustomize.resource import Resource, text

_NAMESPACE = "metadata/namespace"
_CORRECT = "correct the fieldPath, or select objects that have the field"


def add(
    asked: Directive, resources: list[Resource], configuration: dict[str, Any]
) -> list[Resource]:
    """Writes the value, which by default is the name of the folder, into every target."""
    value = configuration.get("value", "").strip() or asked.place.folder.rpartition("/")[2]
    targets = [*configuration.get("targets", ()), *_targets_in_file(asked, configuration)]
    if not targets:
        hint = "give each target a selector and a fieldPath"
        asked.problem("kustomize/field-type", Problem("targets must name at least one", hint))
    for target in targets:
        selector = target.get("selector", {})
        for resource in patches.selected(asked, resources, selector) or ():
            problem = _write(resource, value, target)
            if problem:
                asked.problem("kustomize/field-spec", problem, resource)
            else:
                resource.steps.append(asked.step)
    return resources


def _targets_in_file(asked: Directive, configuration: dict[str, Any]) -> list[dict[str, Any]]:
    reference = configuration.get("targetFilePath")
    document = settings.load(asked, reference) if reference else None
    if document is None:
        return []
    mistakes: list[Mistake] = []
    known = {"targets": fields.PLUGINS["ValueAddTransformer"]["targets"]}
    checked = fields.check(document, known, mistakes, strict=False, lenient=True)
    for mistake in mistakes:
        asked.problem("kustomize/field-type", mistake.problem)
    targets: list[dict[str, Any]] = (checked or {}).get("targets", [])
    return targets


def _write(resource: Resource, value: str, target: dict[str, Any]) -> Problem | None:
    path, position = target.get("fieldPath", ""), target.get("filePathPosition", 0)
    if not path:
        return Problem("fieldPath must be set", "add it to the target: a path such as spec/path")
    if position < 0:
        hint = "count the parts of the path from 1; 0 or none replaces the whole value"
        return Problem("filePathPosition cannot be negative", hint)
    if path == _NAMESPACE:
        return namespaces.set_namespace(resource, value)
    *way, last = _split(path)
    node = resource.body
    for part in way:
        below = node.get(part)
        if is_null(below):
            below = node[part] = {}
        if type(below) is not dict:
            return Problem(f"{part!r} of {path} must be a mapping", _CORRECT)
        node = below
    if isinstance(node.get(last), dict | list):
        return Problem(f"{last!r} of {path} must be a single value", _CORRECT)
    node[last] = _inserted(text(node.get(last)), position - 1, value) if position else value
    return None


def _split(path: str) -> list[str]:
    parts: list[str] = []
    for piece in path.split("/"):
        if parts and parts[-1].endswith("\\"):
            parts[-1] = f"{parts[-1][:-1]}/{piece}"
        else:
            parts.append(piece)
    return [part.strip() for part in parts if part.strip()] or [path]


def _inserted(path: str, position: int, value: str) -> str:
    """The file path with the value as another part; far beyond its end means at its end."""
    parts = [part for part in path.split("/") if part]
    parts.insert(position, value)
    return ("/" if path.startswith("/") else "") + "/".join(parts)
