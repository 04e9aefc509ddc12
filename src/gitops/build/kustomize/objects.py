"""Reads files of Kubernetes objects."""

from collections.abc import Iterator, Sequence
from typing import Any

from gitops.build.kustomize.keyed import is_null
from gitops.build.kustomize.resource import text as text_of
from gitops.build.kustomize.state import State
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.sources import yamlio
from gitops.sources.yamlio import written

Read = tuple[dict[str, Any], Location]
"""An object and where its document starts."""


def read(state: State, text: bytes, path: str) -> list[Read]:
    """The objects of a file, lists of objects taken apart; `path` is how findings call it."""
    objects, findings = parse(text, path)
    state.report(*findings)
    return objects


def parse(
    text: bytes, path: str, strings: Sequence[str] = ("annotations",)
) -> tuple[list[Read], list[Finding]]:
    """The objects of a file, lists of objects taken apart, and what is wrong with it.

    The metadata fields in `strings` become strings in kustomize, as they are written; nulls too.
    """
    documents, found = yamlio.parse(text, path, nulls=True)
    findings = list(found)
    queue: list[Read] = []
    for document in documents:
        at = Location(path, document.document, document.line)
        for body, place in _objects(document.value, at, findings):
            _spell(body, strings, text, document.document)
            queue.append((body, place))
    return list(_inlined(queue, findings)), findings


def _objects(value: Any, at: Location, findings: list[Finding]) -> Iterator[Read]:
    """The value if it is an object; nothing, and perhaps a finding, if it is not."""
    if is_null(value) or value in ({}, []):
        return
    if type(value) is not dict:
        findings.append(_not_an_object(at, f"the document is {_shape(value)}"))
        return
    kind = text_of(value.get("kind"))
    metadata = value.get("metadata")
    name = text_of(metadata.get("name")) if type(metadata) is dict else ""
    if not kind:
        findings.append(_not_an_object(at, "the document has no kind"))
    elif not name and not kind.endswith("List"):
        findings.append(_not_an_object(at, f"the {kind} has no metadata.name"))
    elif type(metadata) is dict and type(metadata.get("annotations")) is list:
        findings.append(_not_an_object(at, f"the annotations of the {kind} are a list"))
    else:
        yield value, at


def _spell(body: dict[str, Any], fields: Sequence[str], text: bytes, document: int) -> None:
    """Puts numbers and the like in fields of the metadata back into the text they were."""
    metadata = body.get("metadata")
    wanted = {
        ("metadata", field, key): values
        for field in fields
        if type(metadata) is dict and type(values := metadata.get(field)) is dict
        for key, value in values.items()
        if _is_read(value)
    }
    for scalar in written.scalars(text, document) if wanted else ():
        if scalar.keys in wanted:
            wanted[scalar.keys][scalar.keys[2]] = scalar.text


def _is_read(value: Any) -> bool:
    """Whether reading may have changed the text of a scalar; a time is a string already."""
    if type(value) is str:
        return value[4:5] == "-" and value[10:11] == "T"
    return value is not None and type(value) not in (dict, list)


def _inlined(queue: list[Read], findings: list[Finding]) -> Iterator[Read]:
    """Takes lists apart. What they hold comes after all that stood beside them, as in kustomize."""
    position = 0
    while position < len(queue):
        body, at = queue[position]
        position += 1
        if "items" not in body or not text_of(body.get("kind")).endswith("List"):
            yield body, at
        elif type(body["items"]) is list:
            for item in body["items"]:
                queue.extend(_objects(item, at, findings))
        elif not is_null(body["items"]):
            shape = _shape(body["items"])
            findings.append(_not_an_object(at, f"items of the {body['kind']} is {shape}"))


def _not_an_object(at: Location, what: str) -> Finding:
    return finding.error(
        "kustomize/not-an-object",
        at,
        f"not a Kubernetes object: {what}",
        "move what is no manifest elsewhere, or complete it",
    )


def _shape(value: Any) -> str:
    match value:
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case _:
            return "a single value"
