"""The `replacements` field: values copied from one object into others."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import msgspec

from gitops.build.kustomize import fields, gojson, labelselector, paths, selectors
from gitops.build.kustomize.fields import Mistake
from gitops.build.kustomize.keyed import is_nothing, text_of
from gitops.build.kustomize.paths import Shape, Slot, Unparsed
from gitops.build.kustomize.problem import Problem
from gitops.build.kustomize.selectors import Selector
from gitops.errors import PathError
from gitops.model import finding
from gitops.model.finding import Finding, Severity
from gitops.model.ids import ObjectId
from gitops.model.origin import Location
from gitops.sources import tree as trees
from gitops.sources import yamlio
from gitops.sources.tree import SourceTree
from gitops.sources.yamlio import Dialect

_RULE = "kustomize/replacement"
_DIVIDES = "lead the path on to a single value, or remove options.delimiter"
_DEFAULT_PATH = "metadata.name"
_ID_FIELDS = ("group", "version", "kind", "name", "namespace")


class Subject(Protocol):
    """An object whose body may be changed in place."""

    body: dict[str, Any]

    @property
    def ids(self) -> Sequence[ObjectId]:
        """The present id first, then the ids it had before."""


class Value(msgspec.Struct, frozen=True):
    """What is copied: the value itself, and the text that goes into fields with a value."""

    value: Any
    text: str

    @property
    def shape(self) -> Shape:
        match self.value:
            case dict():
                return Shape.MAPPING
            case list():
                return Shape.LIST
            case _:
                return Shape.SCALAR


def load(
    entries: Sequence[dict[str, Any]], tree: SourceTree, folder: str, at: Location
) -> tuple[tuple[dict[str, Any], ...], tuple[Finding, ...]]:
    """The replacements of a kustomization, those that its entries name by `path` included."""
    loaded: list[dict[str, Any]] = []
    findings: list[Finding] = []
    for entry in entries:
        if not entry.get("path"):
            loaded.append(entry)
        elif entry.get("source") or entry.get("targets"):
            message = "a replacement has both a path and a source or targets"
            findings.append(finding.error(_RULE, at, message, "keep the path or the rest"))
        else:
            loaded.extend(_from_file(entry["path"], tree, folder, at, findings))
    return tuple(loaded), tuple(findings)


def apply(
    replacements: Sequence[dict[str, Any]], subjects: Sequence[Subject], at: Location
) -> tuple[Finding, ...]:
    """Changes the subjects in place, one replacement after the other."""
    findings: list[Finding] = []
    for replacement in replacements:
        value = _source(replacement, subjects)
        if isinstance(value, Problem):
            findings.append(finding.error(_RULE, at, value.message, value.hint))
            continue
        for target in replacement["targets"]:
            findings.extend(_fill(target, value, subjects, at))
    return tuple(findings)


def _from_file(
    path: str, tree: SourceTree, folder: str, at: Location, findings: list[Finding]
) -> Iterator[dict[str, Any]]:
    try:
        where = trees.resolve(folder, path)
        text = tree.read(where)
    except PathError as cause:
        hint = "correct the path; it is relative to the kustomization"
        findings.append(finding.error("kustomize/missing-file", at, str(cause), hint))
        return
    documents, found = yamlio.parse(text, where, Dialect.SIGS)
    findings.extend(found)
    if any(each.severity is Severity.ERROR for each in found):
        return
    body = documents[0].value if documents else None
    mistakes: list[Mistake] = []
    shape = [fields.REPLACEMENT] if isinstance(body, list) else fields.REPLACEMENT
    checked = fields.check(body, shape, mistakes, strict=False, lenient=True)
    for mistake in mistakes:
        line = yamlio.line_of(text, 0, mistake.pointer)
        spot = Location(where, 0, line)
        findings.append(finding.error(_RULE, spot, mistake.problem.message, mistake.problem.hint))
    if checked is not None:
        yield from checked if isinstance(checked, list) else [checked]


def _source(replacement: dict[str, Any], subjects: Sequence[Subject]) -> Value | Problem:
    source: dict[str, Any] | None = replacement.get("source")
    fixed: str | None = replacement.get("sourceValue")
    if source is not None and fixed is not None:
        return Problem("a replacement has both source and sourceValue", "keep one of the two")
    if fixed is not None and replacement.get("targets") is not None:
        return Value(yamlio.bare(fixed), fixed)
    if source is None or replacement.get("targets") is None:
        missing = "targets" if source is not None else "source"
        return Problem("a replacement needs a source and targets", f"add {missing}")
    body = _only(source, subjects)
    if isinstance(body, Problem):
        return body
    path = source.get("fieldPath") or _DEFAULT_PATH
    value = paths.lookup(body, paths.split(path))
    if isinstance(value, Problem):
        return Problem(f"{path} of {_shown(source)}: {value.message}", value.hint)
    if is_nothing(value) or value in ({}, []):
        return Problem(f"{_shown(source)} has no {path}", "correct the fieldPath of the source")
    return _part(value, source.get("options") or {})


def _only(source: dict[str, Any], subjects: Sequence[Subject]) -> dict[str, Any] | Problem:
    """The body of the one object that the source means."""
    found = [subject for subject in subjects if any(_is_meant(id, source) for id in subject.ids)]
    if len(found) == 1:
        return found[0].body
    if found:
        hint = "select it by kind, name and namespace"
        return Problem(f"{len(found)} objects could be the source {_shown(source)}", hint)
    return Problem(f"no object is the source {_shown(source)}", "correct the source")


def _is_meant(id: ObjectId, source: dict[str, Any]) -> bool:
    """Whole names, not patterns; no namespace is the namespace `default`."""
    same = all(source.get(field) in (None, "", getattr(id, field)) for field in _ID_FIELDS[:4])
    namespace = source.get("namespace")
    return same and (not namespace or namespace == (id.namespace or "default"))


def _part(value: Any, options: dict[str, Any]) -> Value | Problem:
    delimiter = options.get("delimiter")
    if not delimiter:
        return Value(value, text_of(value))
    if isinstance(value, dict | list):
        return Problem("a delimiter only divides a single value", _DIVIDES)
    pieces = text_of(value).split(delimiter)
    index = options.get("index") or 0
    if not 0 <= index < len(pieces):
        message = f"index {index} is beyond the {len(pieces)} parts of {text_of(value)!r}"
        return Problem(message, "count the parts from 0, or correct the delimiter")
    return Value(yamlio.retyped(value, pieces[index]), pieces[index])


def _fill(
    target: dict[str, Any], value: Value, subjects: Sequence[Subject], at: Location
) -> Iterator[Finding]:
    chosen = _chosen(target, subjects)
    if isinstance(chosen, Problem):
        yield finding.error(_RULE, at, chosen.message, chosen.hint)
        return
    if not chosen:
        message = f"a replacement selects nothing: {_shown(target['select'])}"
        hint = "remove the target, or correct what it selects"
        yield finding.warning("kustomize/dead-replacement", at, message, hint)
    options = target.get("options") or {}
    for subject in chosen:
        for path in target.get("fieldPaths") or [_DEFAULT_PATH]:
            problem = _set(subject.body, path, value, options)
            if problem:
                message = f"{path} of {subject.ids[0]}: {problem.message}"
                yield finding.error(_RULE, at, message, problem.hint)


def _chosen(target: dict[str, Any], subjects: Sequence[Subject]) -> list[Subject] | Problem:
    """What `select` fits and no `reject` does; a reject counts by its id or by its labels."""
    if target.get("select") is None:
        return Problem("a target of a replacement selects nothing", "add select to the target")
    tests: list[_Test] = []
    for entry in (target["select"], *(target.get("reject") or ())):
        test = _test(entry)
        if isinstance(test, Problem):
            return test
        tests.append(test)
    select, *rejects = tests
    return [
        subject
        for subject in subjects
        if select.fits_metadata(subject)
        and select.fits_id(subject)
        and not any(reject.refuses(subject) for reject in rejects)
    ]


class _Test(msgspec.Struct, frozen=True):
    """A selector that can be asked about one object."""

    selector: Selector
    labels: labelselector.Matches
    annotations: labelselector.Matches
    names_id: bool

    def fits_id(self, subject: Subject) -> bool:
        selector = self.selector
        return any(
            selector.group(id.group)
            and selector.version(id.version)
            and selector.kind(id.kind)
            and selector.name(id.name)
            and selector.namespace(id.namespace)
            for id in subject.ids
        )

    def fits_metadata(self, subject: Subject) -> bool:
        return self.labels(_strings(subject, "labels")) and self.annotations(
            _strings(subject, "annotations")
        )

    def refuses(self, subject: Subject) -> bool:
        if (self.selector.labels or self.selector.annotations) and self.fits_metadata(subject):
            return True
        return self.names_id and self.fits_id(subject)


def _test(entry: dict[str, Any]) -> _Test | Problem:
    selector = selectors.compile(entry)
    if isinstance(selector, Problem):
        return selector
    labels = labelselector.parse(selector.labels)
    annotations = labelselector.parse(selector.annotations)
    if isinstance(labels, Problem):
        return labels
    if isinstance(annotations, Problem):
        return annotations
    return _Test(selector, labels, annotations, any(entry.get(field) for field in _ID_FIELDS))


def _strings(subject: Subject, field: str) -> dict[str, str]:
    metadata = subject.body.get("metadata")
    values = metadata.get(field) if isinstance(metadata, dict) else None
    return {key: text_of(each) for key, each in values.items()} if isinstance(values, dict) else {}


def _set(body: dict[str, Any], path: str, value: Value, options: dict[str, Any]) -> Problem | None:
    parts = paths.split(path)
    create = value.shape if options.get("create") else None
    slots = paths.match(Slot([body], 0), parts, create)
    if isinstance(slots, Unparsed):
        return _set_inside(slots, value, create)
    if isinstance(slots, Problem):
        return slots
    if not slots:
        return Problem("there is no such field", "correct the fieldPath, or set options.create")
    for slot in slots:
        problem = _write(slot, value, options)
        if problem:
            return problem
    return None


def _write(slot: Slot, value: Value, options: dict[str, Any]) -> Problem | None:
    """A field with a single value keeps its type; anything else is replaced."""
    old, text, new = slot.value, value.text, value.value
    if options.get("delimiter"):
        if isinstance(old, dict | list):
            return Problem("a delimiter only divides a single value", _DIVIDES)
        text = _joined(text_of(old), text, options["delimiter"], options.get("index") or 0)
        new = text
    if isinstance(old, dict | list):
        slot.holder[slot.key] = _copied(new)
        return None
    if slot.new:
        slot.holder[slot.key] = yamlio.bare(text)
        return None
    retyped = yamlio.retyped(old, text)
    if retyped is None:
        message = f"{text!r} cannot stand where {old!r} stands, which is no text"
        return Problem(message, "correct the source, or quote what stands in the target")
    slot.holder[slot.key] = retyped
    return None


def _joined(old: str, text: str, delimiter: str, index: int) -> str:
    """An index below 0 puts the text before all parts, one beyond them behind all."""
    pieces = old.split(delimiter)
    if index < 0:
        pieces.insert(0, text)
    elif index >= len(pieces):
        pieces.append(text)
    else:
        pieces[index] = text
    return delimiter.join(pieces)


def _set_inside(found: Unparsed, value: Value, create: Shape | None) -> Problem | None:
    """Writes into the JSON that a field holds as text; YAML would have to keep its looks.

    A value that does not fit in there is dropped without a word, as in kustomize.
    """
    if found.slot is None:
        return found
    text = text_of(found.slot.value)
    documents, findings = yamlio.parse(text.encode(), "")
    if findings or not documents or not isinstance(documents[0].value, dict | list):
        return found
    if text.lstrip()[:1] not in ("{", "["):
        hint = "write the text as JSON, or patch the whole field"
        return Problem("replacing inside YAML in a text is not supported here", hint)
    parsed = [documents[0].value]
    slots = paths.match(Slot(parsed, 0), found.rest, create)
    if isinstance(slots, Problem):
        return slots
    if not slots:
        return Problem("there is no such field in the text", "correct the fieldPath")
    if any(_write(slot, value, {}) for slot in slots):
        return None
    indent = 2 if "\n" in text and "  " in text else 0
    found.slot.holder[found.slot.key] = gojson.encode(parsed[0], indent).decode()
    return None


def _copied(value: Any) -> Any:
    if type(value) is dict:
        return {key: _copied(item) for key, item in value.items()}
    if type(value) is list:
        return [_copied(item) for item in value]
    return value


def _shown(select: dict[str, Any]) -> str:
    fields = (*_ID_FIELDS, "labelSelector", "annotationSelector")
    return ", ".join(f"{each} {select[each]}" for each in fields if select.get(each)) or "anything"
