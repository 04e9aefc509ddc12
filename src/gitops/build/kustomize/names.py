"""Names: the `namePrefix` and `nameSuffix` fields, and the hashes of generated objects."""

from collections.abc import Callable
from typing import Any

from gitops.build.kustomize import hashing
from gitops.build.kustomize.directive import Directive
from gitops.build.kustomize.fieldspecs import FieldSpecs, selects, walk
from gitops.build.kustomize.problem import Problem
from gitops.build.kustomize.resource import Resource, text
from gitops.model.origin import Step

_SKIPPED = (
    ("", "", "CustomResourceDefinition"),
    ("apiregistration.k8s.io", "", "APIService"),
    ("", "", "Namespace"),
)
"""Their names mean something outside, so no prefix or suffix is added."""


def add_prefix(asked: Directive, resources: list[Resource], prefix: str, specs: FieldSpecs) -> None:
    """Writes the prefix before the names."""
    for resource in resources:
        _rename(asked, resource, resource.prefixes, prefix, specs, lambda name: prefix + name)


def add_suffix(asked: Directive, resources: list[Resource], suffix: str, specs: FieldSpecs) -> None:
    """Writes the suffix after the names."""
    for resource in resources:
        _rename(asked, resource, resource.suffixes, suffix, specs, lambda name: name + suffix)


def add_hashes(resources: list[Resource]) -> None:
    """Writes the hash of its content after the name of what was generated."""
    for resource in resources:
        if resource.hashed:
            suffix = hashing.suffix(resource.body)
            resource.remember()
            resource.require_metadata()["name"] = f"{resource.name}-{suffix}"
            resource.steps.append(Step("generator", resource.source, "hash of the content"))


def _rename(
    asked: Directive,
    resource: Resource,
    context: list[str],
    added: str,
    specs: FieldSpecs,
    change: Callable[[str], str],
) -> None:
    first = resource.first[:3]
    if not added or any(selects(skipped, first) for skipped in _SKIPPED):
        return
    changed = False

    def write(holder: Any, key: Any) -> Problem | None:
        nonlocal changed
        if isinstance(holder[key], dict | list):
            return Problem(f"{key!r} must be a string", "give the object a name as one text")
        holder[key] = change(text(holder[key]))
        changed = True
        return None

    for spec in specs.items:
        if not selects(spec.gvk, first):
            continue
        if spec.path == "metadata/name":
            context.append(added)
            resource.remember()
        if selects(spec.gvk, resource.gvk):
            problem = walk(resource.body, spec.parts, write, str if spec.create else None)
            if problem:
                asked.problem("kustomize/field-spec", problem, resource)
    if changed:
        resource.steps.append(asked.step)
