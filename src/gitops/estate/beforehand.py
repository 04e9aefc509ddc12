"""What Helmfile or kubectl brings before Flux is there, in whatever layout a repository has.

Source: helmfile 1.7, `releases` of `pkg/state/state.go`; that such files lie below a folder called
`bootstrap` is no rule of Helmfile, but the custom of whoever starts clusters with both.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from gitops.errors import PathError
from gitops.sources import yamlio
from gitops.sources.tree import Kind, SourceTree, join

_FOLDER = "bootstrap"
_DEEP = 3
"""How deep the folder may lie; below it, files may lie as deep again."""


class Brought(msgspec.Struct, frozen=True):
    """The releases, as `namespace/name`, and the namespaces."""

    releases: frozenset[str] = frozenset()
    namespaces: frozenset[str] = frozenset()


def load(tree: SourceTree) -> Brought:
    """All that is brought so. A file that cannot be read tells nothing."""
    bodies = [body for path in _files(tree, "", _DEEP) for body in _bodies(tree, path)]
    named = [name for body in bodies if "kind" not in body for name in _names(body.get("releases"))]
    return Brought(frozenset(named), frozenset(name for body in bodies for name in _space(body)))


def _files(tree: SourceTree, folder: str, depth: int) -> Iterator[str]:
    for path in _folders(tree, folder):
        if path.rpartition("/")[2] == _FOLDER:
            yield from _texts(tree, path, _DEEP)
        elif depth > 1:
            yield from _files(tree, path, depth - 1)


def _texts(tree: SourceTree, folder: str, depth: int) -> Iterator[str]:
    for name in tree.names(folder):
        path = join(folder, name)
        if name.endswith((".yaml", ".yml")) and tree.kind(path) is Kind.FILE:
            yield path
    if depth > 1:
        for path in _folders(tree, folder):
            yield from _texts(tree, path, depth - 1)


def _folders(tree: SourceTree, folder: str) -> Iterator[str]:
    for name in tree.names(folder):
        path = join(folder, name)
        hidden = name.startswith(".") or tree.is_link(path)
        if not hidden and tree.kind(path) is Kind.FOLDER:
            yield path


def _bodies(tree: SourceTree, path: str) -> Iterator[dict[str, Any]]:
    try:
        text = tree.read(path)
    except PathError:
        return
    if b"releases:" in text or b"kind: Namespace" in text:
        documents, _ = yamlio.parse(text, path)
        yield from (each.value for each in documents if isinstance(each.value, dict))


def _names(found: Any) -> Iterator[str]:
    for each in found if isinstance(found, list) else ():
        if isinstance(each, dict) and each.get("name"):
            yield f"{each.get('namespace', '')}/{each['name']}"


def _space(body: dict[str, Any]) -> Iterator[str]:
    metadata = body.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    if body.get("kind") == "Namespace" and isinstance(name, str):
        yield name
