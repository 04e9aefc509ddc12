"""From an object and a field of it to the line that decides the field."""

from collections.abc import Sequence
from typing import Any

from gitops.check import fields
from gitops.check.locating import following, steps, values
from gitops.check.locating.texts import Pointer, Text, Texts
from gitops.model.manifest import Manifest
from gitops.model.origin import Location, Step
from gitops.sources.tree import SourceTree

MADE = "made"
"""`incomplete` of what a controller makes: its fields stand in no file."""


class Locator:
    """Looks into the files of a repository, and only where it is asked to.

    The place is always in the repository, if anything about the object is: what a chart renders is
    decided by its HelmRelease, what a remote base holds by the line that names the base.
    """

    def __init__(self, tree: SourceTree) -> None:
        self._texts = Texts(tree)

    def __call__(self, manifest: Manifest, pointer: Sequence[str | int]) -> Location:
        """The line that decides a field, or the nearest that is known.

        A field that several texts hold is decided by the latest of them, as kustomize applies them
        one after another. For a field that is not there it is the line of what should hold it.
        """
        body = {} if manifest.incomplete == MADE else manifest.body()
        held = following.existing(body, pointer)
        later: list[Step] = []
        for step in reversed(manifest.origin.steps):
            if step.action == "helm":
                return self._of_release(step, later, body, held)
            later.append(step)
        written = self._of_steps(later, body, held)
        return written or self._of_source(manifest, body, held, tuple(pointer[len(held) :]))

    def taken(self, manifest: Manifest) -> Location | None:
        """The line of the kustomization that takes in the component which an object is of."""
        for step in reversed(manifest.origin.steps):
            asking = self._texts.document(step.at) if step.action == "component" else None
            if asking is not None:
                return asking.at(steps.pointer_of(step.detail))
        return None

    def line(self, at: Location) -> str:
        """What stands at a place; "" where there is no such line."""
        lines = (self._texts.content(at.path) or b"").splitlines()
        return lines[at.line - 1].decode(errors="replace") if 0 < at.line <= len(lines) else ""

    def _of_release(
        self, helm: Step, later: Sequence[Step], body: Any, pointer: Pointer
    ) -> Location:
        release = self._texts.document(helm.at)
        if release is None:
            return helm.at
        return self._of_steps(later, body, pointer) or values.place(release, body, pointer)

    def _of_steps(self, later: Sequence[Step], body: Any, pointer: Pointer) -> Location | None:
        """The latest step that holds the field; `later` begins with the last one."""
        found = (steps.place(self._texts, step, body, pointer) for step in later)
        return next((place for place in found if place), None)

    def _of_source(
        self, manifest: Manifest, body: Any, pointer: Pointer, inside: Pointer
    ) -> Location:
        """`inside` leads on into a text, such as a dashboard or the settings of a program."""
        source = self._texts.document(manifest.origin.source)
        if source is None:
            return self._nearest(manifest)
        prefix = _in_list(source, manifest)
        text = fields.at(source.value, *prefix)
        pointer = _spelled(manifest, text, pointer)
        way = (*prefix, *following.follow(text, body, pointer))
        written = fields.text(fields.at(source.value, *way)) if inside else ""
        if "\n" in written and (inner := source.inner(way, written)):
            return inner[0].at(inside)
        return source.at(way) if pointer or prefix else manifest.origin.source

    def _nearest(self, manifest: Manifest) -> Location:
        """For what no file of the repository holds: the first that asked for it."""
        source = manifest.origin.source
        if self._texts.content(source.path) is not None:
            return source
        for step in manifest.origin.steps:
            asking = self._texts.document(step.at)
            if asking is not None:
                return _entry(asking, step) or step.at
        return source


def _spelled(manifest: Manifest, text: Any, pointer: Pointer) -> Pointer:
    """The same field as it was written: Flux turns `stringData` of a Secret into `data`."""
    plain = ("stringData", *pointer[1:])
    is_data = manifest.id.kind == "Secret" and pointer[:1] == ("data",)
    if is_data and not _has(text, pointer) and _has(text, plain):
        return plain
    return pointer


def _has(text: Any, pointer: Pointer) -> bool:
    return following.existing(text, pointer) == pointer


def _in_list(source: Text, manifest: Manifest) -> Pointer:
    """The way to an object that stands in a List: that of its kind and name."""
    if not fields.text(fields.at(source.value, "kind")).endswith("List"):
        return ()
    for number, item in enumerate(fields.listing(fields.at(source.value, "items"))):
        if fields.at(item, "kind") == manifest.id.kind and following.alike(
            fields.at(item, "metadata", "name"), manifest.id.name
        ):
            return ("items", number)
    return ()


def _entry(asking: Text, step: Step) -> Location | None:
    """The line of `resources` or `components` that names what a step took in."""
    for field in ("resources", "components", "bases"):
        entries = fields.listing(fields.at(asking.value, field))
        if step.detail in entries:
            return asking.at((field, entries.index(step.detail)))
    return None
