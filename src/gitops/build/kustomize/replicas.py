"""Replica counts: the `replicas` field."""

from typing import Any

from gitops.build.kustomize.directive import Directive
from gitops.build.kustomize.fieldspecs import FieldSpecs, selects, walk
from gitops.build.kustomize.problem import Problem
from gitops.build.kustomize.resource import Resource


def scale(
    asked: Directive, resources: list[Resource], entry: dict[str, Any], specs: FieldSpecs
) -> None:
    """Sets the count in the resources that have, or had, the name."""
    name, count = entry.get("name", ""), entry.get("count", 0)
    matched = False
    for resource in resources:
        changed = False

        def write(holder: Any, key: Any) -> Problem | None:
            nonlocal changed
            if isinstance(holder[key], dict | list):
                return Problem(f"{key!r} must be a number", "give the object one number there")
            changed |= holder[key] != count
            holder[key] = count
            return None

        ids = [id for id in (resource.key, *resource.former_keys) if id[4] == name]
        for spec in specs.items if ids else ():
            if not any(selects(spec.gvk, id[:3]) for id in ids):
                continue
            matched = True
            if selects(spec.gvk, resource.gvk):
                problem = walk(resource.body, spec.parts, write, int if spec.create else None)
                if problem:
                    asked.problem("kustomize/field-spec", problem, resource)
        if changed:
            resource.steps.append(asked.step)
    if not matched:
        hint = "correct the name; other kinds need a configurations file or a patch"
        problem = Problem(f"no Deployment, StatefulSet or the like is named {name!r}", hint)
        asked.problem("kustomize/replicas-no-match", problem)
