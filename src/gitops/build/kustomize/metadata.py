"""Labels and annotations: the `labels`, `commonLabels` and `commonAnnotations` fields."""

from collections.abc import Mapping
from typing import Any

from gitops.build.kustomize import fieldspecs
from gitops.build.kustomize.config import Config, from_entry
from gitops.build.kustomize.directive import Directive
from gitops.build.kustomize.fieldspecs import FieldSpecs, creating, walk
from gitops.build.kustomize.keyed import is_null
from gitops.build.kustomize.problem import Problem
from gitops.build.kustomize.resource import Resource

_METADATA_LABELS = creating("metadata/labels")


def add(
    asked: Directive, resources: list[Resource], pairs: Mapping[str, str], specs: FieldSpecs
) -> None:
    """Writes the pairs into the mappings at the field specs."""
    if not pairs:
        return
    step = asked.step
    writer = _Writer({key: pairs[key] for key in sorted(pairs)})
    for resource in resources:
        writer.changed = False
        for spec in specs.matching(resource.gvk):
            problem = walk(resource.body, spec.parts, writer, dict if spec.create else None)
            if problem:
                asked.problem("kustomize/field-spec", problem, resource)
        if writer.changed:
            resource.steps.append(step)


def label_specs(entry: Mapping[str, Any], config: Config) -> FieldSpecs | Problem:
    """Where an entry of `labels` writes: always metadata, and what it includes."""
    specs = fieldspecs.merge(_given(entry), config.labels.items)
    if isinstance(specs, Problem):
        return specs
    if entry.get("includeSelectors"):
        return fieldspecs.merge(specs, config.common_labels.items)
    if entry.get("includeTemplates"):
        specs = fieldspecs.merge(specs, config.template_labels.items)
        if isinstance(specs, Problem):
            return specs
    return fieldspecs.merge(specs, (_METADATA_LABELS,))


_NO_FIELDS = fieldspecs.specs(())


def _given(entry: Mapping[str, Any]) -> FieldSpecs:
    given = entry.get("fields")
    return fieldspecs.unsorted(map(from_entry, given)) if given else _NO_FIELDS


class _Writer:
    """Sets strings in a mapping, and notes whether that changed anything."""

    def __init__(self, pairs: dict[str, str]) -> None:
        self.pairs = pairs
        self.changed = False

    def __call__(self, holder: Any, key: Any) -> Problem | None:
        mapping = holder[key]
        if is_null(mapping):
            return None
        if type(mapping) is not dict:
            return Problem(f"{key!r} must be a mapping", "write key: value below it")
        for name, value in self.pairs.items():
            if mapping.get(name) != value:
                mapping[name] = value
                self.changed = True
        return None
