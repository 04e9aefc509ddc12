"""Whether a step decides a field, and at which line: patches, generators, transformers."""

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from gitops.check import fields
from gitops.check.locating import following
from gitops.check.locating.texts import Pointer, Text, Texts
from gitops.model.origin import Location, Step

_PART = re.compile(r"[^.\[\]]+")

_IDENTITY = {("apiVersion",), ("kind",), ("metadata", "name"), ("metadata", "namespace")}
"""Fields that in a patch tell which object is meant."""

_PAIRS = {"labels", "annotations", "matchLabels", "selector"}


def place(texts: Texts, step: Step, body: Any, pointer: Pointer) -> Location | None:
    """The line of the step that gives the field its value; None when the step leaves it alone."""
    match step.action:
        case "patch" | "post-renderer":
            return _of_patch(texts, step, body, pointer)
        case "generator":
            return _of_generator(texts, step, pointer)
        case "replacement":
            return _of_replacement(texts, step, pointer)
        case "transformer":
            return _of_transformer(texts, step, body, pointer)
        case "metadata":
            return _of_flux(texts, step, pointer)
        case _:
            return None


def _of_patch(texts: Texts, step: Step, body: Any, pointer: Pointer) -> Location | None:
    for patch in _patches(texts, step):
        if isinstance(patch.value, list):
            found = _in_script(patch, pointer)
        else:
            found = _in_merge(patch, body, pointer)
        if found:
            return found
    return None


def _in_merge(patch: Text, body: Any, pointer: Pointer) -> Location | None:
    """The field in a patch that is merged into the object, unless it only tells which object."""
    way = following.follow(patch.value, body, pointer)
    if not pointer or pointer in _IDENTITY or len(way) < len(pointer):
        return None
    is_whole = following.alike(fields.at(patch.value, *way), fields.at(body, *pointer))
    return patch.at(way) if is_whole else None


def _patches(texts: Texts, step: Step) -> Iterator[Text]:
    """The texts of a patch, which stands in the file that asks for it or is a file of its own."""
    asking = texts.document(step.at)
    if asking is None:
        return
    for prefix in ((), ("spec",)):
        way = (*prefix, *pointer_of(step.detail))
        entry = fields.at(asking.value, *way)
        if isinstance(entry, dict) and isinstance(entry.get("patch"), str):
            yield from asking.inner((*way, "patch"), entry["patch"])
            return
        if isinstance(entry, str) and "\n" in entry:
            yield from asking.inner(way, entry)
            return
        if isinstance(entry, dict) and prefix == ("spec",):
            return
    yield asking


def _in_script(patch: Text, pointer: Pointer) -> Location | None:
    """The last operation of a JSON patch that writes the field or something around it."""
    for number, operation in reversed(list(enumerate(patch.value))):
        way = _path_of(fields.mapping(operation).get("path"))
        if way and len(way) <= len(pointer) and all(map(_same, way, pointer)):
            rest = pointer[len(way) :]
            held = following.existing(operation.get("value"), rest)
            if len(held) == len(rest):
                return patch.at((number, "value", *held))
    return None


def _path_of(path: Any) -> list[str]:
    parts = fields.text(path).split("/")[1:]
    return [part.replace("~1", "/").replace("~0", "~") for part in parts]


def _same(written: str, part: str | int) -> bool:
    return written == str(part) or (written == "-" and isinstance(part, int))


def _of_generator(texts: Texts, step: Step, pointer: Pointer) -> Location | None:
    asking = texts.document(step.at)
    way = pointer_of(step.detail)
    entry = fields.mapping(fields.at(asking.value, *way)) if asking else {}
    if asking is None or not entry or len(pointer) < 2 or "data" not in str(pointer[0]).lower():
        return None
    key = str(pointer[1])
    for source in fields.listing(entry.get("files")):
        name, _, path = str(source).rpartition("=")
        if (name or posixpath.basename(path)) == key:
            return Location(_beside(step.at.path, path), 0, 1)
    for number, source in enumerate(fields.listing(entry.get("literals"))):
        if str(source).partition("=")[0] == key:
            return asking.at((*way, "literals", number))
    for source in [*fields.listing(entry.get("envs")), entry.get("env")]:
        found = _in_environment(texts, _beside(step.at.path, str(source)), key)
        if found:
            return found
    return asking.at(way)


def _beside(file: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), path))


def _in_environment(texts: Texts, path: str, key: str) -> Location | None:
    lines = (texts.content(path) or b"").decode(errors="replace").splitlines()
    for number, line in enumerate(lines, 1):
        if line.partition("=")[0].strip() == key:
            return Location(path, 0, number)
    return None


def _of_replacement(texts: Texts, step: Step, pointer: Pointer) -> Location | None:
    """The field path of a target that ends as the pointer does."""
    asking = texts.document(step.at)
    way = pointer_of(step.detail)
    entry = fields.at(asking.value, *way) if asking else None
    names = [part for part in pointer if isinstance(part, str)]
    for number, target in enumerate(fields.listing(fields.at(entry, "targets"))):
        for position, path in enumerate(fields.listing(fields.at(target, "fieldPaths"))):
            if asking and names and _PART.findall(str(path))[-1:] == names[-1:]:
                return asking.at((*way, "targets", number, "fieldPaths", position))
    return None


def _of_transformer(texts: Texts, step: Step, body: Any, pointer: Pointer) -> Location | None:
    asking = texts.document(step.at)
    way = pointer_of(step.detail)
    written = fields.at(asking.value, *way) if asking and way else None
    if asking is None or not pointer or written is None:
        return None
    if _writes(str(way[0]), written, body, pointer):
        return asking.at(way)
    pairs = written.get("pairs", written) if isinstance(written, dict) else {}
    if pointer[-1] in pairs and set(pointer) & _PAIRS:
        inside = ("pairs",) if "pairs" in written else ()
        return asking.at((*way, *inside, str(pointer[-1])))
    return None


def _writes(field: str, written: Any, body: Any, pointer: Pointer) -> bool:
    """Whether a transformer that is asked for by this field writes the one that is looked for."""
    match field:
        case "namespace":
            of_subject = "subjects" in pointer and pointer[-1] == "namespace"
            is_own = pointer == ("metadata", "namespace") or of_subject
            is_namespace = pointer == ("metadata", "name") and body.get("kind") == "Namespace"
            return (is_own or is_namespace) and following.alike(written, fields.at(body, *pointer))
        case "namePrefix" | "nameSuffix":
            return pointer[-1] == "name"
        case "images":
            name = fields.text(fields.at(written, "newName") or fields.at(written, "name"))
            image = fields.text(fields.at(body, *pointer))
            return pointer[-1] == "image" and re.split("[:@]", image)[0] == name
        case "replicas":
            return pointer == ("spec", "replicas")
        case _:
            return False


def _of_flux(texts: Texts, step: Step, pointer: Pointer) -> Location | None:
    """What a Flux Kustomization writes into all of its objects."""
    asking = texts.document(step.at)
    if asking is None or pointer[:1] != ("metadata",):
        return None
    if pointer == ("metadata", "namespace"):
        way: Pointer = ("spec", "targetNamespace")
    else:
        way = ("spec", "commonMetadata", *pointer[1:])
    is_there = len(pointer) > 1 and fields.at(asking.value, *way) is not None
    return asking.at(way) if is_there else None


def pointer_of(detail: str) -> Pointer:
    """The field that a step names: `patches[2]` -> (`patches`, 2); nothing for a detail that is no
    field."""
    if " " in detail or "/" in detail:
        return ()
    return tuple(int(part) if part.isdigit() else part for part in _PART.findall(detail))
