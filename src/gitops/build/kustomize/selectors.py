"""Selectors of patches and replacements: patterns for ids, selectors for labels."""

from collections.abc import Iterable
from typing import Any

import msgspec

from gitops.build.kustomize import labelselector, patterns
from gitops.build.kustomize.patterns import Matcher
from gitops.build.kustomize.problem import Problem
from gitops.build.kustomize.resource import Resource


class Selector(msgspec.Struct, frozen=True):
    """What a `target` asks for, ready to be asked."""

    group: Matcher
    version: Matcher
    kind: Matcher
    name: Matcher
    namespace: Matcher
    labels: str
    annotations: str


def compile(target: dict[str, Any]) -> Selector | Problem:
    """A selector from its fields, which are strings."""
    matchers: dict[str, Matcher] = {}
    for field in ("group", "version", "kind", "name", "namespace"):
        matcher = patterns.whole(target.get(field, ""))
        if isinstance(matcher, Problem):
            return matcher
        matchers[field] = matcher
    labels, annotations = target.get("labelSelector", ""), target.get("annotationSelector", "")
    return Selector(labels=labels, annotations=annotations, **matchers)


def select(resources: Iterable[Resource], selector: Selector) -> list[Resource] | Problem:
    """The resources that fit, by their first or present name and namespace."""
    found = [resource for resource in resources if _has_id(resource, selector)]
    for text, field in ((selector.labels, "labels"), (selector.annotations, "annotations")):
        if not text or not found:
            continue
        matches = labelselector.parse(text)
        if isinstance(matches, Problem):
            return matches
        found = [resource for resource in found if matches(resource.strings(field))]
    return found


def _has_id(resource: Resource, selector: Selector) -> bool:
    group, version, kind = resource.gvk
    if not (selector.kind(kind) and selector.group(group) and selector.version(version)):
        return False
    if not selector.name(resource.name) and not selector.name(resource.first[4]):
        return False
    return selector.namespace(resource.effective_namespace) or selector.namespace(resource.first[3])
