"""Patches: the `patches`, `patchesStrategicMerge` and `patchesJson6902` fields."""

from collections.abc import Iterable
from typing import Any

import msgspec

from gitops.build.kustomize import jsonpatch, objects, patching, selectors
from gitops.build.kustomize.directive import Directive
from gitops.build.kustomize.patching import STRINGS, Merge, Script
from gitops.build.kustomize.problem import Problem
from gitops.build.kustomize.resource import Resource, text
from gitops.model.finding import Finding, Severity
from gitops.model.origin import Location


class Source(msgspec.Struct, frozen=True):
    """The text of a patch; `inline` where it stands in the file that asks for it."""

    content: str
    at: Location
    inline: bool


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
        return patching.merge_by_id(asked, resources, patch)
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
        patching.run(asked, found, patch, remember=True)
        return resources
    return patching.merge_selected(asked, resources, found, patch[0])


def apply_strategic(
    asked: Directive, resources: list[Resource], entries: Iterable[tuple[Directive, str]]
) -> list[Resource]:
    """The entries of `patchesStrategicMerge`: patches, or else paths of files of patches."""
    errors = asked.state.errors
    found = [(here, patch) for here, entry in entries for patch in _strategic(here, entry)]
    if not found and asked.state.errors == errors:
        problem = Problem("there is no patch in any of them", "write one, or remove the field")
        asked.problem("kustomize/patch-invalid", problem)
    for here, patch in found:
        target = patching.only_match(here, resources, patch)
        if target is not None:
            resources = patching.merge_selected(here, resources, [target], patch)
    return resources


def _strategic(asked: Directive, entry: str) -> list[Merge]:
    parsed, findings = objects.parse(entry.encode(), asked.file.path, STRINGS)
    if not _errors(findings):
        return _merges(parsed, Source(entry, asked.file, True), {})
    source = _source(asked, entry, "")
    if source is None:
        return []
    parsed, findings = objects.parse(source.content.encode(), source.at.path, STRINGS)
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
        operations = Problem("the patch is empty", "write its operations, or remove the entry")
    if isinstance(operations, Problem):
        asked.problem("kustomize/patch-invalid", operations)
        return
    found = selected(asked, resources, target)
    if found:
        patching.run(asked, found, Script(operations, source.at), remember=False)
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
        hint = "keep one of the two" if path else "give the text as patch, or its file as path"
        problem = Problem("exactly one of patch and path must be set", hint)
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
        problem = Problem(f"{at} is not UTF-8", "save the file as UTF-8")
        asked.problem("kustomize/patch-invalid", problem)
        return None


def _read(asked: Directive, source: Source, entry: dict[str, Any]) -> list[Merge] | Script | None:
    """What the text is. A mapping is a strategic merge patch, and a list a JSON patch."""
    strings = STRINGS if "target" in entry else ()
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


def _warn_of_missing(asked: Directive, target: dict[str, Any]) -> None:
    hint = "remove the patch, or correct its target"
    if any("${" in value for value in target.values()):
        hint = "variables are substituted later, so a target cannot hold one"
    shown = ", ".join(f"{field} {target[field]!r}" for field in sorted(target)) or "everything"
    patching.warn_of_dead(asked, f"selects nothing: {shown}", hint)
