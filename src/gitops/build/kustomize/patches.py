"""Patches: the `patches`, `patchesStrategicMerge` and `patchesJson6902` fields."""

from collections.abc import Iterable, Sequence
from enum import Enum, auto
from typing import Any

import msgspec

from gitops.build.kustomize import jsonpatch, objects, selectors, strategic
from gitops.build.kustomize.directive import Directive
from gitops.build.kustomize.jsonpatch import Operation
from gitops.build.kustomize.keyed import is_null
from gitops.build.kustomize.problem import Problem
from gitops.build.kustomize.resource import Key, Resource, describe, text, with_any_id
from gitops.build.kustomize.resource import written as as_written
from gitops.build.kustomize.state import State
from gitops.model.finding import Finding, Severity
from gitops.model.origin import Location, Step
from gitops.sources.yamlio import written

_encode = msgspec.json.encode


class Merge(msgspec.Struct, frozen=True):
    """A strategic merge patch: the document, where it stands, and what it may change."""

    body: dict[str, Any]
    at: Location
    renames: bool = False
    retypes: bool = False


class Source(msgspec.Struct, frozen=True):
    """The text of a patch; `inline` where it stands in the file that asks for it."""

    content: str
    at: Location
    inline: bool


class Outcome(Enum):
    """What a patch did to a resource."""

    CHANGED = auto()
    SAME = auto()
    DELETED = auto()
    FAILED = auto()


class Script(msgspec.Struct, frozen=True):
    """A JSON patch."""

    operations: tuple[Operation, ...]
    at: Location

    @property
    def only_tests(self) -> bool:
        """Whether it is there to make sure of something and not to change it."""
        return all(operation.op == "test" for operation in self.operations)


def apply(asked: Directive, resources: list[Resource], entry: dict[str, Any]) -> list[Resource]:
    """One entry of `patches`; what is left of the resources."""
    source = _source(asked, entry.get("path", ""), entry.get("patch", "").strip())
    patch = source and _read(asked, source, entry)
    target = entry.get("target")
    if not patch:
        return resources
    if target is None:
        if isinstance(patch, Script):
            hint = "add a target with kind and name"
            asked.problem("kustomize/patch-invalid", Problem("a JSON patch needs a target", hint))
            return resources
        return _merge_by_id(asked, resources, patch)
    if not isinstance(patch, Script) and len(patch) > 1:
        message = "several strategic merge patches cannot share one target"
        hint = "give each patch an entry of its own"
        asked.problem("kustomize/patch-invalid", Problem(message, hint))
        return resources
    _warn_of_wide(asked, target)
    found = selected(asked, resources, target)
    if found is None:
        return resources
    if not found:
        _warn_of_missing(asked, target)
        return resources
    if isinstance(patch, Script):
        _run(asked, found, patch, remember=True)
        return resources
    return _merge_selected(asked, resources, found, patch[0])


def apply_strategic(
    asked: Directive, resources: list[Resource], entries: Iterable[tuple[Directive, str]]
) -> list[Resource]:
    """The entries of `patchesStrategicMerge`: patches, or else paths of files of patches."""
    errors = asked.state.errors
    found = [(here, patch) for here, entry in entries for patch in _strategic(here, entry)]
    if not found and asked.state.errors == errors:
        asked.problem("kustomize/patch-invalid", Problem("there is no patch in any of them"))
    for here, patch in found:
        target = _only_match(here, resources, patch)
        if target is not None:
            resources = _merge_selected(here, resources, [target], patch)
    return resources


def _strategic(asked: Directive, entry: str) -> list[Merge]:
    parsed, findings = objects.parse(entry.encode(), asked.file.path, _STRINGS)
    if not _errors(findings):
        return _merges(parsed, Source(entry, asked.file, True), {})
    source = _source(asked, entry, "")
    if source is None:
        return []
    parsed, findings = objects.parse(source.content.encode(), source.at.path, _STRINGS)
    asked.state.report(*findings)
    return _merges(parsed, source, {})


def apply_json(asked: Directive, resources: list[Resource], entry: dict[str, Any]) -> None:
    """One entry of `patchesJson6902`, or of a plugin that names the patch `jsonOp`."""
    target = entry.get("target", {})
    if not target.get("name"):
        problem = Problem("the target must have a name", "add target.name")
        asked.problem("kustomize/patch-invalid", problem)
        return
    source = _source(asked, entry.get("path", ""), entry.get("patch", ""))
    if source is None:
        return
    operations = jsonpatch.parse(source.content) if source.content else ()
    if not operations:
        operations = Problem("the patch is empty")
    if isinstance(operations, Problem):
        asked.problem("kustomize/patch-invalid", operations)
        return
    found = selected(asked, resources, target)
    if found:
        _run(asked, found, Script(operations, source.at), remember=False)
    elif found is not None:
        _warn_of_missing(asked, target)


def selected(
    asked: Directive, resources: list[Resource], target: dict[str, Any]
) -> list[Resource] | None:
    """The resources that a target selects; None after a finding."""
    selector = selectors.compile(target)
    found = selector if isinstance(selector, Problem) else selectors.select(resources, selector)
    if isinstance(found, Problem):
        asked.state.problem("kustomize/selector", asked.below("target"), found)
        return None
    return found


def _source(asked: Directive, path: str, inline: str) -> Source | None:
    """The text of a patch; None after a finding."""
    if bool(path) == bool(inline):
        problem = Problem("exactly one of patch and path must be set")
        asked.problem("kustomize/patch-invalid", problem)
        return None
    if inline:
        return Source(inline, asked.file, True)
    content = asked.place.load(path)
    if isinstance(content, Problem):
        asked.problem("kustomize/missing-file", content)
        return None
    at = asked.place.named(text(asked.place.resolve(path)))
    try:
        return Source(content.decode(), at, False)
    except UnicodeDecodeError:
        asked.problem("kustomize/patch-invalid", Problem(f"{at} is not UTF-8"))
        return None


def _read(asked: Directive, source: Source, entry: dict[str, Any]) -> list[Merge] | Script | None:
    """What the text is. A mapping is a strategic merge patch, and a list a JSON patch."""
    strings = _STRINGS if "target" in entry else ()
    errors: list[Finding] = []
    if not source.content.startswith(("- ", "[")):
        parsed, findings = objects.parse(source.content.encode(), source.at.path, strings)
        errors = _errors(findings)
        if not errors:
            return _merges(parsed, source, entry.get("options", {})) or None
    operations = jsonpatch.parse(source.content)
    if isinstance(operations, Problem):
        _refuse(asked, operations, errors)
        return None
    return Script(operations, source.at) if operations else None


def _merges(parsed: list[objects.Read], source: Source, options: dict[str, Any]) -> list[Merge]:
    renames = bool(options.get("allowNameChange"))
    retypes = bool(options.get("allowKindChange"))
    return [
        Merge(body, source.at if source.inline else at, renames, retypes) for body, at in parsed
    ]


def _errors(findings: list[Finding]) -> list[Finding]:
    return [found for found in findings if found.severity is Severity.ERROR]


def _refuse(asked: Directive, problem: Problem, errors: list[Finding]) -> None:
    if not errors:
        asked.problem("kustomize/patch-invalid", problem)
        return
    reasons = f"{errors[0].message}; as a JSON patch: {problem.message}"
    message = f"neither a strategic merge patch nor a JSON patch: {reasons}"
    hint = "a strategic merge patch needs apiVersion, kind and metadata.name"
    asked.problem("kustomize/patch-invalid", Problem(message, hint))


def _warn_of_wide(asked: Directive, target: dict[str, Any]) -> None:
    if not any(target.get(field) for field in ("name", "labelSelector", "annotationSelector")):
        kind = target.get("kind")
        what = f"every {kind}" if kind else "everything"
        asked.state.warning(
            "kustomize/wide-patch",
            asked.at,
            f"{asked.name} changes {what} that is here or will be",
            "name the target, or select it by labels",
        )


def _warn_of_dead(
    asked: Directive, reason: str, hint: str = "remove the patch, or correct it"
) -> None:
    asked.state.warning("kustomize/dead-patch", asked.at, f"{asked.name} {reason}", hint)


def _warn_of_missing(asked: Directive, target: dict[str, Any]) -> None:
    hint = "remove the patch, or correct its target"
    if any("${" in value for value in target.values()):
        hint = "variables are substituted later, so a target cannot hold one"
    shown = ", ".join(f"{field} {target[field]!r}" for field in sorted(target)) or "everything"
    _warn_of_dead(asked, f"selects nothing: {shown}", hint)


def _run(asked: Directive, found: list[Resource], script: Script, *, remember: bool) -> None:
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
        _warn_of_dead(asked, "changes nothing")


def _merge_by_id(
    asked: Directive, resources: list[Resource], patches: list[Merge]
) -> list[Resource]:
    """Applies strategic merge patches to the resources whose ids they have."""
    for patch in patches:
        target = _only_match(asked, resources, patch)
        if target is None:
            continue
        outcome = _merge(asked, target, patch.body, patch)
        if outcome is Outcome.DELETED:
            resources = [resource for resource in resources if resource is not target]
        elif outcome is Outcome.SAME:
            _warn_of_dead(asked, f"changes nothing in {target}")
    return resources


def _merge_selected(
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
        _warn_of_dead(asked, "changes nothing")
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
    metadata.pop("namespace", None)
    if text(was.get("namespace")):
        metadata["namespace"] = was["namespace"]
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
    kept = {key: value for key, value in metadata.items() if key not in _STRINGS}
    for field in _STRINGS:
        values = metadata.get(field)
        if type(values) is dict and values:
            kept[field] = {key: as_written(value) for key, value in values.items()}
    return {**patch, "metadata": kept}


_STRINGS = ("labels", "annotations")


def _note(asked: Directive, resource: Resource, before: bytes, at: Location) -> bool:
    """Adds the step if the resource is not what it was."""
    if resource.former:
        resource.require_annotations()
    changed = _encode(resource.body) != before
    if changed:
        resource.steps.append(Step("patch", at, asked.name))
    return changed


def _only_match(asked: Directive, resources: list[Resource], patch: Merge) -> Resource | None:
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
