"""The lines of what building tells of a whole unit: it does not look them up itself."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from gitops.check import fields, locating
from gitops.check.index import Index, Owned
from gitops.model.finding import Finding
from gitops.model.origin import Location

Pointer = tuple[str | int, ...]

_VALUES = ("spec", "values")
_SOURCES = "source.toolkit.fluxcd.io"
_CHOSEN = ("digest", "semver", "tag")
"""What an OCIRepository is chosen by, the strongest first. Source: OCIRepositoryRef of
source-controller."""

_SPEC = re.compile(r"\bspec(?:\.\w+|\[\d+\])+")
_PART = re.compile(r"\w+")
_EXECUTING = re.compile(r'(\S+?):\d+:\d+:? executing "[^"]*" at <([^>]*)>')
_READ = re.compile(r"\.Values\.([\w.]+)")
_SUBCHART = re.compile(r"(?<=/)charts/([^/]+)(?=/)")
_OF_SCHEMA = re.compile(r"(\S+): - at '([^']*)':(?: additional properties '([^']+)')?")
_CHART = re.compile(r": (\S+)@\S+ does not render: ")


def placed(facts: Index, found: Finding) -> Finding:
    """The same finding at the line of the field that it is about."""
    at = _OF_FIELDS.get(found.rule)
    owned = facts.find(*found.subject.key) if found.subject and at else None
    if at is None or owned is None or owned.manifest.origin.source != found.at:
        return found
    return msgspec.structs.replace(found, at=at(facts, owned, found))


At = Callable[[Index, Owned, Finding], Location]
"""Where a finding about a Kustomization or HelmRelease belongs."""


def _field(*pointer: str) -> At:
    return lambda facts, owned, found: facts.at(owned, *pointer)


def _reference(*way: str) -> At:
    """The element of a list of references that the finding names."""

    def at(facts: Index, owned: Owned, found: Finding) -> Location:
        elements = fields.listing(fields.at(facts.body(owned.manifest), *way))
        is_path = found.rule == "helm/target-path"
        named = (
            number
            for number, each in enumerate(map(fields.mapping, elements))
            if f" {each.get('kind')}/{each.get('name')}" in found.message
            and (not is_path or "targetPath" in each)
        )
        number = next(named, None)
        return facts.at(owned, *way, *(() if number is None else (number, "name")))

    return at


def _version(facts: Index, owned: Owned, _found: Finding) -> Location:
    """What says which chart it is: in the release, or in the source that it refers to."""
    spec = fields.mapping(facts.body(owned.manifest).get("spec"))
    reference = fields.mapping(spec.get("chartRef"))
    namespace = reference.get("namespace") or owned.manifest.id.namespace
    key = (_SOURCES, fields.text(reference.get("kind")), namespace, reference.get("name", ""))
    source = facts.find(*key) if reference else None
    if source is None:
        return facts.at(owned, *_chart(spec))
    inner = fields.mapping(facts.body(source.manifest).get("spec"))
    if "version" in inner:
        return facts.at(source, "spec", "version")
    ref = fields.mapping(inner.get("ref"))
    chosen = next((each for each in _CHOSEN if each in ref), None)
    return facts.at(source, "spec", *(("ref", chosen) if chosen else ("url",)))


def _chart(spec: dict[str, Any]) -> Pointer:
    template = fields.mapping(fields.at(spec, "chart", "spec"))
    if not template:
        return ("spec", "chartRef")
    return ("spec", "chart", "spec", "version" if "version" in template else "chart")


def _said(facts: Index, owned: Owned, found: Finding) -> Location:
    """The last field that the message names."""
    named = _SPEC.findall(found.message)
    if not named:
        return found.at
    parts = _PART.findall(named[-1])
    return facts.at(owned, *(int(part) if part.isdigit() else part for part in parts))


def _given(facts: Index, owned: Owned, _found: Finding) -> Location:
    """The values of a release, or else where they come from."""
    spec = fields.mapping(facts.body(owned.manifest).get("spec"))
    given = next((each for each in ("values", "valuesFrom") if each in spec), None)
    return facts.at(owned, "spec", given) if given else owned.manifest.origin.source


def _shaping(facts: Index, owned: Owned, found: Finding) -> Location:
    """The value that the chart fails with, as far as the release has it; where Helm names none,
    what says which chart it is."""
    values = fields.mapping(fields.at(facts.body(owned.manifest), *_VALUES))
    path = _failing(found.message) if values else None
    if path is None:
        return _version(facts, owned, found)
    return facts.at(owned, *_VALUES, *locating.existing(values, path))


def _failing(message: str) -> Pointer | None:
    """The path of the value that Helm names: what a template reads, or what breaks a schema."""
    broken = _OF_SCHEMA.search(message)
    if broken:
        own = _CHART.search(message)
        below = () if own and own[1] == broken[1] else (broken[1],)
        return (*below, *_parts(broken[2]), *((broken[3],) if broken[3] else ()))
    executing = _EXECUTING.findall(message)
    read = [each for _, said in executing for each in _READ.findall(said)]
    if not read:
        return None
    path = tuple(read[-1].split("."))
    return path if path[0] == "global" else (*_SUBCHART.findall(executing[0][0]), *path)


def _parts(pointer: str) -> Sequence[str | int]:
    """The parts of a JSON pointer; a number is a position, for hardly a key is one."""
    return [int(part) if part.isdigit() else part for part in pointer.split("/")[1:]]


_OF_FIELDS: dict[str, At] = {
    "flux/component-not-local": _field("spec", "components"),
    "flux/invalid": _said,
    "flux/missing-component": _field("spec", "components"),
    "flux/missing-path": _field("spec", "path"),
    "flux/missing-variables": _reference("spec", "postBuild", "substituteFrom"),
    "flux/nothing-to-apply": _field("spec", "path"),
    "flux/variable-name": _field("spec", "postBuild"),
    "helm/chart-absent": _version,
    "helm/chart-refused": _field("spec", "chart", "spec", "chart"),
    "helm/duplicate-object": _version,
    "helm/ignored-crd-file": _version,
    "helm/invalid-release": _said,
    "helm/missing-values": _reference("spec", "valuesFrom"),
    "helm/render": _shaping,
    "helm/target-path": _reference("spec", "valuesFrom"),
    "helm/unnamed-object": _version,
    "helm/unreadable-values": _reference("spec", "valuesFrom"),
    "helm/version-of-program": _version,
    "lock/stale-chart": _version,
    "lock/stale-values": _given,
    "lock/stale-version": _version,
}
"""What is told of a whole Kustomization or HelmRelease, and is in one of its fields."""
