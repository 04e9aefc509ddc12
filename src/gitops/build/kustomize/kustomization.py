"""One kustomization file: read, checked, and with its deprecated fields in their new places."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from gitops.build.kustomize import fields
from gitops.build.kustomize.fields import Mistake
from gitops.build.kustomize.place import Place
from gitops.build.kustomize.problem import Problem
from gitops.build.kustomize.state import State
from gitops.model.finding import Severity
from gitops.model.origin import Location
from gitops.sources import yamlio
from gitops.sources.tree import Kind, join
from gitops.sources.yamlio import Dialect

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
COMPONENT = "Component"

_VERSIONS = {
    "Kustomization": "kustomize.config.k8s.io/v1beta1",
    COMPONENT: "kustomize.config.k8s.io/v1alpha1",
}
_MOVED = {"resources": "bases", "images": "imageTags"}

Entry = tuple[str | int, ...]
"""Where in the file an entry of a list field stands."""


class KustomizationFile(msgspec.Struct, frozen=True):
    """A kustomization given in memory instead of read from the tree.

    `text` is that of the file it was made from, if there is one. What was laid over that file is
    asked for by `owner`: of the list fields in `added`, the entries from that number on.
    """

    body: dict[str, Any]
    at: Location
    text: bytes = b""
    owner: Location | None = None
    added: Mapping[str, int] = {}


class Kustomization(msgspec.Struct, frozen=True):
    """A kustomization that kustomize would accept as a file.

    `path` is the file in the tree of `place`; `text` is what it holds, "" where it was given in
    memory. `body` has proper field names, no nulls, and values of the right types.
    """

    place: Place
    path: str
    text: bytes
    body: dict[str, Any]
    given: KustomizationFile | None = None

    @property
    def is_component(self) -> bool:
        """Whether it is a Component."""
        return bool(self.body.get("kind") == COMPONENT)

    @property
    def file(self) -> Location:
        """The file as a whole."""
        return self.given.at if self.given else self.place.named(self.path)

    def file_of(self, *pointer: str | int) -> Location:
        """Who asks for a field: the file, or whoever laid the field over it."""
        return self._owner(pointer) or self.file

    def at(self, *pointer: str | int) -> Location:
        """The line of a field. It costs a reading of the file, so only findings ask."""
        owner = self._owner(pointer)
        if owner or not self.text:
            return owner or self.file
        return self.place.named(self.path, 0, yamlio.line_of(self.text, 0, pointer))

    def _owner(self, pointer: tuple[str | int, ...]) -> Location | None:
        match self.given, pointer:
            case KustomizationFile(owner=Location() as owner, added=added), (
                str(field),
                int(n),
                *_,
            ):
                return owner if field in added and n >= added[field] else None
            case _:
                return None

    def entries(self, field: str) -> Iterator[tuple[Entry, Any]]:
        """The entries of a list field and then of the field it replaced, with their places."""
        for name in (field, _MOVED.get(field, "")):
            for number, entry in enumerate(self.body.get(name, ())):
                yield (name, number), entry


def find(state: State, place: Place, asked_at: Callable[[], Location]) -> Kustomization | None:
    """The kustomization in a folder; None after a finding."""
    present = [name for name in NAMES if _is_file(place, join(place.folder, name))]
    folder = place.named(place.folder)
    if not present:
        state.error(
            "kustomize/no-kustomization",
            asked_at(),
            f"the folder {folder.path or '.'!r} has no kustomization.yaml",
            "add one, or refer to the files in it",
        )
        return None
    if len(present) > 1:
        state.error(
            "kustomize/several-kustomizations",
            asked_at(),
            f"the folder {folder.path or '.'!r} has {' and '.join(present)}",
            "keep one of them",
            *(place.named(join(place.folder, name)) for name in present),
        )
        return None
    return _read(state, place, join(place.folder, present[0]))


def given(state: State, place: Place, file: KustomizationFile) -> Kustomization | None:
    """A kustomization that was made in memory."""
    return _checked(state, Kustomization(place, file.at.path, file.text, file.body, file))


def _is_file(place: Place, path: str) -> bool:
    return place.kind(path) is Kind.FILE


def _read(state: State, place: Place, path: str) -> Kustomization | None:
    text = place.read(path)
    if isinstance(text, Problem):
        state.problem("kustomize/unreadable", place.named(path), text)
        return None
    documents, findings = yamlio.parse(text, place.named(path).path, Dialect.SIGS)
    # kustomize reads the first document and nothing after it.
    first = [each for each in findings if each.at.document == 0]
    state.report(*first)
    if any(each.severity is Severity.ERROR for each in first):
        return None
    body = documents[0].value if documents and documents[0].document == 0 else {}
    if type(body) is not dict:
        hint = "write fields of a kustomization, such as resources, at its top"
        at = place.named(path)
        state.error("kustomize/field-type", at, "the file must be a mapping", hint)
        return None
    return _checked(state, Kustomization(place, path, text, body))


def _checked(state: State, raw: Kustomization) -> Kustomization | None:
    mistakes: list[Mistake] = []
    body = fields.check(raw.body, fields.KUSTOMIZATION, mistakes)
    for mistake in mistakes:
        at = raw.at(*mistake.pointer)
        if mistake.unknown:
            state.problem("kustomize/unknown-field", at, mistake.problem)
        else:
            state.problem("kustomize/field-type", at, mistake.problem)
    if not mistakes and not any(body[field] not in ("",) for field in body if field not in _META):
        state.error(
            "kustomize/empty",
            raw.file,
            "the kustomization asks for nothing",
            "add resources, or remove what refers to it",
        )
        return None
    checked = msgspec.structs.replace(raw, body=_with_plural_sources(body))
    return checked if _has_known_type(state, checked) else None


_META = ("apiVersion", "kind")


def _with_plural_sources(body: dict[str, Any]) -> dict[str, Any]:
    for field in ("configMapGenerator", "secretGenerator"):
        for entry in body.get(field, ()):
            if entry.get("env"):
                entry["envs"] = [*entry.get("envs", ()), entry.pop("env")]
    return body


def _has_known_type(state: State, kustomization: Kustomization) -> bool:
    kind = kustomization.body.get("kind") or "Kustomization"
    version = kustomization.body.get("apiVersion")
    if kind not in _VERSIONS:
        state.error(
            "kustomize/wrong-kind",
            kustomization.at("kind"),
            f"the kind of a kustomization is Kustomization or Component, not {kind!r}",
            "correct the kind, or leave it out of a Kustomization",
        )
        return False
    if version and version != _VERSIONS[kind]:
        state.error(
            "kustomize/wrong-kind",
            kustomization.at("apiVersion"),
            f"the apiVersion of a {kind} is {_VERSIONS[kind]}, not {version!r}",
            "correct it; an object of Flux belongs in another file, listed under resources",
        )
        return False
    return True
