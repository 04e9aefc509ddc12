"""Images: the `images` field."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from gitops.build.kustomize import patterns
from gitops.build.kustomize.directive import Directive
from gitops.build.kustomize.fieldspecs import FieldSpecs, walk
from gitops.build.kustomize.keyed import is_null
from gitops.build.kustomize.patterns import Matcher
from gitops.build.kustomize.problem import Problem
from gitops.build.kustomize.resource import Resource, text

_LISTS = ("containers", "initContainers")


class Change(msgspec.Struct, frozen=True):
    """A new name, tag or digest for the images that match.

    A name that is no pattern is a Problem only where there is an image to compare it with.
    """

    matches: Matcher | Problem
    name: str
    tag: str
    digest: str
    tag_suffix: str


def change(entry: Mapping[str, str]) -> Change:
    """The change that an entry of `images` asks for."""
    new = (entry.get(field, "") for field in ("newName", "newTag", "digest", "tagSuffix"))
    return Change(patterns.image(entry.get("name", "")), *new)


def replace(asked: Directive, resources: list[Resource], wanted: Change, specs: FieldSpecs) -> None:
    """Changes images in all lists of containers, and then in the fields of the field specs.

    What stands in both is changed twice if it matches twice: that is how kustomize does it.
    """
    step = asked.step
    writer = _Writer(wanted)
    for resource in resources:
        gvk = resource.gvk
        if gvk[2] == "CustomResourceDefinition":
            continue
        writer.changed = False
        problem = _in_containers(resource.body, writer)
        for spec in specs.matching(gvk):
            problem = problem or walk(resource.body, spec.parts, writer)
        if problem:
            asked.problem("kustomize/field-spec", problem, resource)
        if writer.changed:
            resource.steps.append(step)


class _Writer:
    """Changes one image, and notes whether that changed anything."""

    def __init__(self, wanted: Change) -> None:
        self.wanted = wanted
        self.changed = False

    def __call__(self, holder: Any, key: Any) -> Problem | None:
        value = holder[key]
        if isinstance(value, dict | list):
            return Problem(f"{key!r} must be a string", "write it as name:tag or name@digest")
        image = text(value)
        if isinstance(self.wanted.matches, Problem):
            return self.wanted.matches
        if is_null(value) or not self.wanted.matches(image):
            return None
        changed = _changed(image, self.wanted)
        if changed != image:
            holder[key] = changed
            self.changed = True
        return None


def _in_containers(node: Any, writer: _Writer) -> Problem | None:
    todo = [node]
    for part in _parts(todo):
        for name in _LISTS:
            for container in part[name] if type(part.get(name)) is list else ():
                if is_null(container):
                    continue
                if type(container) is not dict:
                    message = f"{name!r} holds something that is no mapping"
                    return Problem(message, "make each container a mapping with name and image")
                if "image" in container and (problem := writer(container, "image")):
                    return problem
    return None


def _parts(todo: list[Any]) -> Iterator[dict[str, Any]]:
    """Every mapping below, parents first."""
    while todo:
        node = todo.pop()
        if type(node) is dict:
            yield node
            todo.extend(value for value in node.values() if type(value) in (dict, list))
        else:
            todo.extend(value for value in node if type(value) in (dict, list))


def _changed(image: str, wanted: Change) -> str:
    name, tag, digest = split(image)
    name = wanted.name or name
    if wanted.tag:
        tag, digest = wanted.tag, wanted.digest
    elif wanted.digest:
        tag, digest = "", wanted.digest
    elif wanted.tag_suffix:
        tag, digest = tag + wanted.tag_suffix, ""
    return name + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")


def split(image: str) -> tuple[str, str, str]:
    """Name, tag and digest; a colon before the first slash belongs to a port."""
    slash = max(image.find("/"), 0)
    at = image.find("@", slash)
    colon = image.find(":", slash)
    if at >= 0 and (at < colon or colon < 0):
        return image[:at], "", image[at + 1 :]
    if colon < 0:
        return image, "", ""
    if at < 0:
        return image[:colon], image[colon + 1 :], ""
    return image[:colon], image[colon + 1 : at], image[at + 1 :]
