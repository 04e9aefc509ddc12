"""Reads `bootstrap/helmfile.d`: what Helmfile installs before Flux is there.

Source: helmfile 1.7, `pkg/state/state.go` and `release.go`. A file that ends in `.yaml` is no
template itself; the texts of its releases are.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from gitops.errors import PathError
from gitops.estate import early
from gitops.estate.early import Early
from gitops.estate.place import Source
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.sources import yamlio
from gitops.sources.tree import Kind, SourceTree, join

FOLDER = "bootstrap/helmfile.d"
CRDS = f"{FOLDER}/00-crds.yaml"
CORE = f"{FOLDER}/01-core.yaml"
ENVIRONMENTS = "bootstrap/environments.yaml"

_ENVIRONMENT = re.compile(r"\{\{\s*\.Environment\.Name\s*\}\}")


class Held(msgspec.Struct, frozen=True):
    """A file of values: a mapping, or the text of a template."""

    path: str
    content: dict[str, Any] | str


class Release(msgspec.Struct, frozen=True):
    """A release as its file has it; texts may be templates. `values` holds paths, which are
    relative to the file, and mappings."""

    position: int
    name: str
    namespace: str
    chart: str
    version: str
    values: tuple[str | dict[str, Any], ...]
    needs: tuple[str, ...]
    wait: bool

    @property
    def key(self) -> str:
        """What `needs` calls it."""
        return f"{self.namespace}/{self.name}"


class Helmfile(msgspec.Struct, frozen=True):
    """One file of the folder: a phase. `repositories` maps names to addresses."""

    source: Source
    releases: tuple[Release, ...]
    repositories: Mapping[str, str]

    def at(self, release: Release, *keys: str | int) -> Location:
        """The line of a release, or of a field of it."""
        return self.source.at("releases", release.position, *keys)


class Loaded(msgspec.Struct, frozen=True):
    """All phases, in their order. `environments` maps names to contexts of kubectl; `values` holds
    the files of values that can be read, by path; `early` what is made beside them."""

    phases: tuple[Helmfile, ...]
    environments: Mapping[str, str]
    environments_source: Source
    values: Mapping[str, Held]
    early: Early = Early()

    def files(self, phase: Helmfile, release: Release, environment: str) -> tuple[str, ...]:
        """The paths of a release's files of values, as one environment names them."""
        folder = phase.source.path.rpartition("/")[0]
        texts = (each for each in release.values if isinstance(each, str))
        return tuple(
            posixpath.normpath(join(folder, _ENVIRONMENT.sub(environment, text))) for text in texts
        )


def exists(tree: SourceTree) -> bool:
    """Whether the repository says what is installed before Flux, in the layout that is read here:
    other folders of this name are laid out as their owners like."""
    return tree.kind(FOLDER) is Kind.FOLDER and tree.kind(ENVIRONMENTS) is Kind.FILE


def load(tree: SourceTree) -> tuple[Loaded | None, tuple[Finding, ...]]:
    """The phases, unless a file cannot be read, and what is wrong with the files' form."""
    if not exists(tree):
        return None, ()
    names = sorted(name for name in tree.names(FOLDER) if name.endswith(".yaml"))
    read = [_document(tree, path) for path in (ENVIRONMENTS, *(join(FOLDER, n) for n in names))]
    wrong = tuple(found for _, _, mistakes in read for found in mistakes)
    if wrong:
        return None, wrong
    (around, contexts, _), *files = read
    phases = tuple(_phase(source, body) for source, body, _ in files)
    loaded = Loaded(phases, _contexts(contexts), around, {})
    held, made = dict(_values(tree, loaded)), early.find(tree)
    return msgspec.structs.replace(loaded, values=held, early=made), ()


def _document(tree: SourceTree, path: str) -> tuple[Source, dict[str, Any], tuple[Finding, ...]]:
    try:
        text = tree.read(path)
    except PathError as cause:
        return Source(path, b""), {}, (_unreadable(path, str(cause)),)
    documents, mistakes = yamlio.parse(text, path)
    if mistakes:
        return Source(path, text), {}, mistakes
    body = documents[0].value if len(documents) == 1 else None
    if not isinstance(body, dict):
        return Source(path, text), {}, (_unreadable(path, f"{path} is not one mapping"),)
    return Source(path, text, documents[0].document), body, ()


def _unreadable(path: str, words: str) -> Finding:
    return finding.error("estate/unreadable", Location(path), words, "make it one YAML document")


def _phase(source: Source, body: dict[str, Any]) -> Helmfile:
    defaults = _mapping(body.get("helmDefaults"))
    releases = enumerate(_listing(body.get("releases")))
    repositories = (_mapping(each) for each in _listing(body.get("repositories")))
    return Helmfile(
        source,
        tuple(_release(position, _mapping(each), defaults) for position, each in releases),
        {str(each.get("name")): str(each.get("url")) for each in repositories},
    )


def _release(position: int, body: dict[str, Any], defaults: dict[str, Any]) -> Release:
    texts = (str(body.get(key, "")) for key in ("name", "namespace", "chart", "version"))
    name, namespace, chart, version = texts
    return Release(
        position,
        name,
        namespace,
        chart,
        version,
        tuple(each for each in _listing(body.get("values")) if isinstance(each, str | dict)),
        tuple(str(each) for each in _listing(body.get("needs"))),
        bool(body.get("wait", defaults.get("wait", False))),
    )


def _contexts(body: dict[str, Any]) -> dict[str, str]:
    found = _mapping(body.get("environments"))
    return {str(name): str(_mapping(each).get("kubeContext", "")) for name, each in found.items()}


def _values(tree: SourceTree, loaded: Loaded) -> Iterator[tuple[str, Held]]:
    paths = {
        path
        for environment in loaded.environments
        for phase in loaded.phases
        for release in phase.releases
        for path in loaded.files(phase, release, environment)
    }
    for path in sorted(paths):
        held = _held(tree, path)
        if held is not None:
            yield path, held


def _held(tree: SourceTree, path: str) -> Held | None:
    try:
        text = tree.read(path)
    except PathError:
        return None
    if path.endswith(".gotmpl"):
        return Held(path, text.decode(errors="replace"))
    documents, mistakes = yamlio.parse(text, path)
    if mistakes or len(documents) > 1:
        return None
    return Held(path, _mapping(documents[0].value if documents else {}))


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _listing(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
