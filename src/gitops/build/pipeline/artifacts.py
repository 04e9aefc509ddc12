"""ExternalArtifacts: trees that an ArtifactGenerator composes from other sources.

Source: source-watcher, ArtifactGenerator v1beta1, `spec.artifacts[].copy`.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

import msgspec

from gitops.errors import MissingPath, UnreadablePath
from gitops.sources import tree as trees
from gitops.sources.tree import Kind, SourceTree

_PATTERN = re.compile(r"\*\*/|\*\*|\*|\?")
_MEANING = {"**/": r"(?:.*/)?", "**": r".*", "*": r"[^/]*", "?": r"[^/]"}


class Source(msgspec.Struct, frozen=True):
    """An input of a generator, under the name that its copies use."""

    alias: str
    kind: str
    name: str
    namespace: str = ""


class Copy(msgspec.Struct, frozen=True, rename={"source": "from", "target": "to"}):
    """`from` and `to` of one copy: `@alias/pattern` and `@artifact/path`."""

    source: str
    target: str
    exclude: tuple[str, ...] = ()
    strategy: str = "Overwrite"


class Artifact(msgspec.Struct, frozen=True):
    """One ExternalArtifact and the copies that fill it."""

    name: str
    copy: tuple[Copy, ...] = ()


class Spec(msgspec.Struct, frozen=True, rename="camel"):
    """`spec` of an ArtifactGenerator."""

    sources: tuple[Source, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    path_pattern: str = ""


class ComposedTree:
    """A tree whose files lie in other trees; `places` says where each one is."""

    def __init__(self, places: Mapping[str, tuple[SourceTree, str]]) -> None:
        self.places = dict(places)
        self._names = trees.MemoryTree(dict.fromkeys(places, b""))

    def kind(self, path: str) -> Kind | None:
        return self._names.kind(path)

    def read(self, path: str) -> bytes:
        if path in self.places:
            tree, place = self.places[path]
            return tree.read(place)
        if self._names.kind(path) is Kind.FOLDER:
            raise UnreadablePath(path, f"{path} is a folder")
        raise MissingPath(path, f"{path} does not exist")

    def names(self, path: str) -> tuple[str, ...]:
        return self._names.names(path)

    def is_link(self, path: str) -> bool:
        return False


def compose(artifact: Artifact, sources: Mapping[str, SourceTree]) -> ComposedTree | str:
    """The tree of one artifact, or why it cannot be told, for a person.

    `sources` maps the generator's aliases to trees.
    """
    places: dict[str, tuple[SourceTree, str]] = {}
    for copy in artifact.copy:
        if copy.strategy != "Overwrite":
            return f"its copy strategy {copy.strategy} is not reproduced here"
        alias, _, pattern = copy.source.removeprefix("@").partition("/")
        if alias not in sources:
            return f"its source @{alias} is not in this repository"
        target = copy.target.removeprefix("@artifact").lstrip("/")
        for path, name in _copied(sources[alias], pattern, target):
            if not any(_matches(rule, path) for rule in copy.exclude):
                places[name] = (sources[alias], path)
    return ComposedTree(places)


def _copied(tree: SourceTree, pattern: str, target: str) -> Iterator[tuple[str, str]]:
    """Source path and artifact path of every file that one copy takes, as `cp` would."""
    base = _literal(pattern)
    if "*" in pattern or "?" in pattern:
        for path in _files(tree, base):
            if _matches(pattern, path):
                yield path, trees.join(target.rstrip("/"), path[len(base) :].lstrip("/"))
    elif tree.kind(base) is Kind.FOLDER:
        into = trees.join(target.rstrip("/"), base.rpartition("/")[2])
        for path in _files(tree, base):
            yield path, trees.join(into, path[len(base) :].lstrip("/"))
    elif tree.kind(base) is Kind.FILE:
        inside = not target or target.endswith("/")
        name = base.rpartition("/")[2]
        yield base, trees.join(target.rstrip("/"), name) if inside else target


def _literal(pattern: str) -> str:
    """The folder before the first part that holds a wildcard."""
    parts: list[str] = []
    for part in pattern.strip("/").split("/"):
        if "*" in part or "?" in part:
            break
        parts.append(part)
    return "/".join(parts)


def _matches(pattern: str, path: str) -> bool:
    """A pattern without a slash matches the name of a file at any depth."""
    whole = pattern.strip("/")
    return bool(_compiled(whole).fullmatch(path if "/" in whole else path.rpartition("/")[2]))


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    pieces = _PATTERN.split(pattern)
    wildcards = [_MEANING[found] for found in _PATTERN.findall(pattern)]
    text = re.escape(pieces[0])
    for wildcard, piece in zip(wildcards, pieces[1:], strict=True):
        text += wildcard + re.escape(piece)
    return re.compile(text)


def _files(tree: SourceTree, folder: str) -> Iterator[str]:
    if tree.kind(folder) is not Kind.FOLDER:
        return
    for name in tree.names(folder):
        path = trees.join(folder, name)
        kind = tree.kind(path)
        if kind is Kind.FOLDER:
            yield from _files(tree, path)
        elif kind is Kind.FILE:
            yield path
