"""Objects that the API server refuses, each problem at the line that causes it."""

import re
from collections.abc import Iterator

import msgspec

from gitops.check import certainty, fields, index, spot
from gitops.check.index import Index, Owned
from gitops.check.schemas import metadata, problem, quick, remedies
from gitops.check.schemas.definitions import Version, definitions, newest
from gitops.check.schemas.problem import Fault, Pointer, Problem
from gitops.check.schemas.validating import Validator
from gitops.model import finding
from gitops.model.finding import Finding, Severity
from gitops.model.ids import ObjectId
from gitops.model.manifest import Manifest
from gitops.model.secret import holds_placeholder

_RULES = {
    Fault.TYPE: "schema/type",
    Fault.UNKNOWN: "schema/unknown-field",
    Fault.REQUIRED: "schema/required",
    Fault.ENUM: "schema/enum",
    Fault.VALUE: "schema/value",
    Fault.FORMAT: "schema/value",
    Fault.LIMIT: "schema/value",
    Fault.DUPLICATE: "schema/duplicate",
    Fault.METADATA: "schema/metadata",
    Fault.RULE: "schema/rule",
    Fault.CONFLICT: "schema/conflict",
}


_NAMESPACE = ("metadata", "namespace")


class _Verdicts:
    """What was said of objects, by their bytes and schema: clusters share most of both."""

    def __init__(self, _facts: Index) -> None:
        self._validators: dict[bytes | int, Validator] = {}
        self._known = quick.Known()
        self._said: dict[tuple[bytes, bytes | int], tuple[Problem, ...]] = {}

    def of(self, manifest: Manifest, version: Version) -> tuple[Problem, ...]:
        """All that is wrong with an object. A schema is known by its text, and that of a kind of
        Kubernetes, which nobody lets go, by its identity."""
        schema = version.text or id(version.builtin)
        said = self._said.get((manifest.raw, schema))
        if said is None:
            said = self._validator(schema, version).problems(manifest.body())
            self._said[manifest.raw, schema] = said
        return said

    def _validator(self, schema: bytes | int, version: Version) -> Validator:
        found = self._validators.get(schema)
        if found is None:
            custom, text = version.builtin is None, version.text
            found = Validator(version.schema, custom=custom, known=self._known, text=text)
            self._validators[schema] = found
        return found


def refused(facts: Index) -> Iterator[Finding]:
    """Every object against the schema of its kind, where one is known.

    What a lock or a controller knows of an object is part of it, so it is not held against any;
    and nothing is said of values that only stand for others.
    """
    verdicts = facts.shared(_Verdicts)
    known = facts.view(definitions)
    for owners in facts.owned.values():
        owned, about = owners[0], owners[0].manifest.id
        version = known.versions(about.group, about.kind).get(about.version)
        if version and version.is_known and is_whole(owned):
            for found in _problems(facts, owned, version, verdicts):
                yield from _findings(facts, owned, version, found)


def is_whole(owned: Owned) -> bool:
    """Whether all fields of the object are there."""
    return owned.manifest.incomplete in ("", "placeholder")


def _problems(
    facts: Index, owned: Owned, version: Version, verdicts: _Verdicts
) -> Iterator[Problem]:
    if not version.builtin:
        yield from metadata.name_problems(owned.manifest.id.name)
    for found in verdicts.of(owned.manifest, version):
        if found.pointer == _NAMESPACE and not owned.manifest.id.namespace:
            continue  # The API server takes it off what has none: rest.BeforeCreate of apiserver.
        if not owned.manifest.incomplete or not _is_stand_in(facts.body(owned.manifest), found):
            yield found


def _is_stand_in(body: dict[str, object], found: Problem) -> bool:
    """Whether the value or what is in it, or for what compares several any value, may be other than
    it seems; a field that does not exist is there whatever its value."""
    if found.fault is Fault.UNKNOWN:
        return False
    value = fields.at(body, *found.pointer)
    several = found.fault in (Fault.RULE, Fault.CONFLICT)
    return several or holds_placeholder(msgspec.json.encode(value).decode())


def _findings(facts: Index, owned: Owned, version: Version, found: Problem) -> Iterator[Finding]:
    """What was imported may be of another release than the one that runs: a field or a choice that
    it has not may be newer, unless the name is nearly that of one that it has. So may be what
    Kubernetes has, where nobody named its version and a later one has it."""
    near = found.hint or found.fault not in _NEWER
    if version.builtin and not near and _may_come(facts, owned, version, found):
        yield _newer(facts, owned, found, *_assumed(facts))
    elif version.builtin or version.home:
        yield _finding(facts, owned, found)
    elif near:
        certain = _never_changes(owned, found) or certainty.tells_outside(facts)
        mistake = _finding(facts, owned, found)
        yield mistake if certain else spot.graded(mistake, Severity.WARNING)
    elif not _is_operators(
        owned.manifest.id, found, fields.at(owned.manifest.body(), *found.pointer)
    ):
        yield _newer(facts, owned, found, "the imported definitions", _IMPORT)


_NEWER = (Fault.UNKNOWN, Fault.ENUM)
_STABLE = re.compile(r"v\d+")
_IMPORT = "import the definitions of the release that runs there"


def _may_come(facts: Index, owned: Owned, version: Version, found: Problem) -> bool:
    """Whether the version of Kubernetes was assumed, and the newest says nothing of the kind."""
    if not facts.knowledge.kube_version_assumed:
        return False
    about = owned.manifest.id
    schema = facts.shared(newest).schema(about.group, about.version, about.kind)
    if schema is None:
        return True
    later = msgspec.structs.replace(version, builtin=schema)
    said = facts.shared(_Verdicts).of(owned.manifest, later)
    return all((each.fault, each.pointer) != (found.fault, found.pointer) for each in said)


def _never_changes(owned: Owned, found: Problem) -> bool:
    """Whether all releases of an imported definition say so: what is stable keeps its types, and
    what is looser comes later.

    Source: kubernetes/community, contributors/devel/sig-architecture/api_changes.md.
    """
    is_stable = bool(_STABLE.fullmatch(owned.manifest.id.version))
    return found.fault is Fault.METADATA or (is_stable and found.fault is Fault.TYPE)


def _assumed(facts: Index) -> tuple[str, str]:
    return (
        f"the definitions of Kubernetes {facts.knowledge.kube_version}, taken as none is named",
        "name the version that runs there, as kube-version in gitops.toml",
    )


_NOTIFIED = {"Alert": "eventSources", "Receiver": "resources"}


def _is_operators(about: ObjectId, found: Problem, value: object) -> bool:
    """Whether flux-operator adds the choice to what Flux defines.

    Source: flux-operator v0.58.1, internal/builder/templates.go, `notificationPatchTmpl`.
    """
    return (
        about.group == "notification.toolkit.fluxcd.io"
        and found.pointer[1:2] == (_NOTIFIED.get(about.kind),)
        and found.pointer[-1:] == ("kind",)
        and value in ("FluxInstance", "ResourceSet", "ResourceSetInputProvider")
    )


def _newer(facts: Index, owned: Owned, found: Problem, who: str, way_out: str) -> Finding:
    about = owned.manifest.id
    message = f"{about}: {problem.path(found.pointer)} {found.message}, say {who}"
    hint = f"correct it; or {way_out}"
    place = facts.at(owned, *found.pointer)
    return index.about(about, finding.warning(_RULES[found.fault], place, message, hint))


def _finding(facts: Index, owned: Owned, found: Problem) -> Finding:
    about = owned.manifest.id
    place = facts.at(owned, *_shown(found))
    message = f"{about}: {problem.path(found.pointer) or 'the object'} {_words(found)}"
    hint = remedies.remedy(found, about)
    if found.fault is Fault.DUPLICATE and owned.unit.id.kind == "HelmRelease":
        # Helm can replace such a list as a whole; it warns when it applies.
        return index.about(about, finding.warning("schema/duplicate", place, message, hint))
    return index.about(about, finding.error(_RULES[found.fault], place, message, hint))


def _shown(found: Problem) -> Pointer:
    """The field to look up: for one that is missing, what should hold it."""
    if found.fault is Fault.REQUIRED:
        return found.pointer[:-1]
    return (*found.pointer, *found.inside)


def _words(found: Problem) -> str:
    return f"breaks a rule: {found.message}" if found.fault is Fault.RULE else found.message
