"""Applies patches to resources, and tells what came of it."""

from collections.abc import Sequence
from enum import Enum, auto
from typing import Any

import msgspec

from gitops.build.kustomize import jsonpatch, strategic
from gitops.build.kustomize.directive import Directive
from gitops.build.kustomize.jsonpatch import Operation
from gitops.build.kustomize.keyed import is_null
from gitops.build.kustomize.problem import Problem
from gitops.build.kustomize.resource import Key, Resource, describe, text, with_any_id
from gitops.build.kustomize.resource import written as as_written
from gitops.build.kustomize.state import State
from gitops.model.origin import Location, Step
from gitops.sources.yamlio import written

STRINGS = ("labels", "annotations")
"""Fields of the metadata whose values are strings in kustomize, whatever they are in YAML."""

_encode = msgspec.json.Encoder(order="deterministic").encode


class Merge(msgspec.Struct, frozen=True):
    """A strategic merge patch: the document, where it stands, and what it may change."""

    body: dict[str, Any]
    at: Location
    renames: bool = False
    retypes: bool = False


class Script(msgspec.Struct, frozen=True):
    """A JSON patch."""

    operations: tuple[Operation, ...]
    at: Location

    @property
    def only_tests(self) -> bool:
        """Whether it is there to make sure of something and not to change it."""
        return all(operation.op == "test" for operation in self.operations)


class Outcome(Enum):
    """What a patch did to a resource."""

    CHANGED = auto()
    SAME = auto()
    DELETED = auto()
    FAILED = auto()


def run(asked: Directive, found: list[Resource], script: Script, *, remember: bool) -> None:
    """Applies a JSON patch to each resource found."""
    changed = False
    for resource in found:
        if remember:
            resource.remember()
        before = _encode(resource.body)
        body = jsonpatch.apply(resource.body, script.operations)
        if isinstance(body, Problem):
            asked.problem("kustomize/patch-failed", body, resource)
            changed = True
            continue
        resource.body = body
        changed |= _note(asked, resource, before, script.at)
    if not changed and not script.only_tests:
        warn_of_dead(asked, "changes nothing")


def merge_by_id(
    asked: Directive, resources: list[Resource], patches: list[Merge]
) -> list[Resource]:
    """Applies strategic merge patches to the resources whose ids they have."""
    for patch in patches:
        target = only_match(asked, resources, patch)
        if target is None:
            continue
        outcome = _merge(asked, target, patch.body, patch)
        if outcome is Outcome.DELETED:
            resources = [resource for resource in resources if resource is not target]
        elif outcome is Outcome.SAME:
            warn_of_dead(asked, f"changes nothing in {target}")
    return resources


def merge_selected(
    asked: Directive, resources: list[Resource], found: list[Resource], patch: Merge
) -> list[Resource]:
    """Applies one strategic merge patch to resources that were selected."""
    keys = {resource.key for resource in found}
    body = _with_strings(patch.body)
    left: list[Resource] = []
    outcomes: set[Outcome] = set()
    for resource in resources:
        if resource.key in keys:
            # The patch takes the version of its target; of one that has none, it makes a null.
            version = resource.body.setdefault("apiVersion", None)
            outcome = _merge(asked, resource, {**body, "apiVersion": version}, patch)
            resource.body.setdefault("apiVersion", None)
            outcomes.add(outcome)
            if outcome is Outcome.DELETED:
                continue
        left.append(resource)
    if outcomes == {Outcome.SAME}:
        warn_of_dead(asked, "changes nothing")
    if patch.renames or patch.retypes:
        asked.refuse_collisions(left)
    return left


def _merge(asked: Directive, target: Resource, body: dict[str, Any], patch: Merge) -> Outcome:
    """Applies a strategic merge patch; only what it is allowed to change changes of the id."""
    if patch.renames or patch.retypes:
        target.remember()
    before = _encode(target.body)
    kind, was = target.body.get("kind"), dict(target.metadata)
    merged = strategic.merge(target.body, body, asked.state.types, _Quotes(asked.state, target))
    if merged is None:
        return Outcome.DELETED
    if isinstance(merged, Problem):
        asked.problem("kustomize/patch-failed", merged, target)
        return Outcome.FAILED
    target.body = merged
    if not patch.retypes:
        merged["kind"] = kind
    metadata = target.require_metadata()
    if text(was.get("namespace")):
        metadata["namespace"] = was["namespace"]
    else:
        metadata.pop("namespace", None)
    if not patch.renames:
        metadata["name"] = was.get("name", "")
    if _drops_annotations(body):
        target.forget()
    return Outcome.CHANGED if _note(asked, target, before, patch.at) else Outcome.SAME


class _Quotes:
    """Whether the file that a resource comes from quotes a text. It is read when that is asked."""

    def __init__(self, state: State, resource: Resource) -> None:
        self.state = state
        self.source = resource.source

    def __call__(self, keys: Sequence[str], text: str) -> bool:
        content = self.state.text_of(self.source)
        return any(
            scalar.quoted and scalar.text == text and scalar.keys == tuple(keys)
            for scalar in written.scalars(content, self.source.document)
        )


def _drops_annotations(patch: dict[str, Any]) -> bool:
    metadata = patch.get("metadata")
    if type(metadata) is not dict or "annotations" not in metadata:
        return False
    annotations = metadata["annotations"]
    return is_null(annotations) or (type(annotations) is dict and "$patch" in annotations)


def _with_strings(patch: dict[str, Any]) -> dict[str, Any]:
    """The patch as it is when it has a target: its labels and annotations are strings.

    So a null there does not remove anything: kustomize writes the text of it.
    """
    metadata = patch.get("metadata")
    if type(metadata) is not dict or not ("labels" in metadata or "annotations" in metadata):
        return patch
    kept = {key: value for key, value in metadata.items() if key not in STRINGS}
    for field in STRINGS:
        values = metadata.get(field)
        if type(values) is dict and values:
            kept[field] = {key: as_written(value) for key, value in values.items()}
    return {**patch, "metadata": kept}


def _note(asked: Directive, resource: Resource, before: bytes, at: Location) -> bool:
    """Adds the step if the resource is not what it was."""
    if resource.former:
        resource.require_annotations()
    changed = _encode(resource.body) != before
    if changed:
        resource.steps.append(Step("patch", at, asked.name))
    return changed


def only_match(asked: Directive, resources: list[Resource], patch: Merge) -> Resource | None:
    """The one resource that has or had the id of the patch."""
    key = Resource(patch.body, patch.at, asked.state.is_cluster_scoped).key
    found = with_any_id(resources, key)
    if len(found) == 1:
        return found[0]
    hint = "name the namespace in the patch, or give it a target"
    if not found:
        hint = _near(resources, key) or "correct the apiVersion, kind, name or namespace"
    places = [resource.source for resource in found]
    if patch.at.path != asked.file.path:
        places.insert(0, patch.at)
    asked.state.error(
        "kustomize/patch-no-match",
        asked.at,
        f"{asked.name}: {len(found) or 'no'} resources match {describe(key)}",
        hint,
        *places,
    )
    return None


def _near(resources: list[Resource], key: Key) -> str:
    """A resource that differs from the id in one respect only."""
    for resource in resources:
        if sum(left != right for left, right in zip(resource.key, key, strict=True)) == 1:
            return (
                f"did you mean {describe(resource.key)} of {resource.gvk[0] or 'the core group'}?"
            )
    return ""


def warn_of_dead(
    asked: Directive, reason: str, hint: str = "remove the patch, or correct it"
) -> None:
    """Warn of a patch that does nothing; kustomize says nothing of it."""
    asked.state.warning("kustomize/dead-patch", asked.at, f"{asked.name} {reason}", hint)
