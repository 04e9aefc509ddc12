"""Generators: the `configMapGenerator` and `secretGenerator` fields, and how their objects join."""

from collections.abc import Callable
from typing import Any

from gitops.build.kustomize import generators, lineage
from gitops.build.kustomize.directive import Directive
from gitops.build.kustomize.lineage import Lineage
from gitops.build.kustomize.problem import Problem
from gitops.build.kustomize.resource import ORIGIN, Resource, describe, text, with_any_id
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.sources.tree import SourceTree

Make = Callable[
    [dict[str, Any], dict[str, Any], SourceTree, str, Location],
    tuple[dict[str, Any] | None, tuple[Finding, ...]],
]

KINDS: dict[str, tuple[str, Make]] = {
    "configMapGenerator": ("ConfigMapGenerator", generators.config_map),
    "secretGenerator": ("SecretGenerator", generators.secret),
}

MERGE = "merge"
REPLACE = "replace"


def run(asked: Directive, resources: list[Resource], origin: Lineage | None) -> None:
    """All generators of a kustomization."""
    body = asked.kustomization.body
    options = body.get("generatorOptions", {})
    for field, (kind, make) in KINDS.items():
        for pointer, entry in asked.kustomization.entries(field):
            made_by = Directive(asked.state, asked.kustomization, pointer, "generator")
            made = generate(made_by, make, entry, options)
            if made is None:
                continue
            if origin is not None:
                file = asked.kustomization.path.rpartition("/")[2]
                lineage.set_origin(made, origin.configured(file, lineage.builtin(kind)))
            absorb(made_by, resources, made)


def generate(
    asked: Directive, make: Make, entry: dict[str, Any], options: dict[str, Any]
) -> Resource | None:
    """The resource that one entry gives."""
    place = asked.place
    body, findings = make(entry, options, place.tree, place.folder, asked.file)
    asked.report(findings)
    if body is None:
        return None
    made = Resource(body, asked.file, asked.state.is_cluster_scoped)
    made.steps.append(asked.step)
    local = entry.get("options", {})
    made.hashed = not (options.get("disableNameSuffixHash") or local.get("disableNameSuffixHash"))
    made.behavior = entry.get("behavior", "")
    made.require_annotations()
    return made


def absorb(asked: Directive, resources: list[Resource], made: Resource) -> None:
    """Adds what was generated, or lets it replace or join what is there."""
    found = with_any_id(resources, made.key)
    if not found:
        if made.behavior in (MERGE, REPLACE):
            hint = "create it, or correct the name and the namespace"
            problem = Problem(f"there is no {describe(made.key)} to {made.behavior}", hint)
            asked.problem("kustomize/generator-no-match", problem)
        else:
            resources.append(made)
    elif len(found) > 1:
        message = f"several objects could be the {describe(made.key)} that is meant"
        problem = Problem(message, "give the generator the namespace of the one that is meant")
        asked.problem("kustomize/generator-no-match", problem, *found)
    elif made.behavior not in (MERGE, REPLACE):
        hint = "set behavior to merge or replace, or choose another name"
        problem = Problem(f"there is a {describe(made.key)} already", hint)
        asked.problem("kustomize/duplicate-id", problem, *found)
    else:
        _join(found[0], made)


def _join(old: Resource, made: Resource) -> None:
    """The old resource becomes the new one with the old one's identity and history."""
    origin = old.annotation(ORIGIN)
    _inherit(old, made)
    if made.behavior == MERGE:
        for field in ("data", "binaryData"):
            merged = {**_strings(old.body.get(field)), **_strings(made.body.get(field))}
            made.body.pop(field, None)
            if merged:
                made.body[field] = merged
        if origin:
            made.require_annotations()[ORIGIN] = origin
    old.body = made.body
    old.hashed = old.hashed and made.hashed
    old.steps.extend(made.steps)
    old.require_annotations()


def _inherit(old: Resource, made: Resource) -> None:
    """Takes over name, namespace, labels and annotations; what the new one says itself wins."""
    metadata = made.require_metadata()
    for field in ("labels", "annotations"):
        merged = {**old.strings(field), **made.strings(field)}
        metadata.pop(field, None)
        if merged:
            metadata[field] = merged
    metadata["name"] = old.name
    metadata.pop("namespace", None)
    if old.namespace:
        metadata["namespace"] = old.namespace


def _strings(data: Any) -> dict[str, str]:
    return {key: text(value) for key, value in data.items()} if type(data) is dict else {}
