"""Manifests that lie beside a kustomization and that none lists.

Source: kustomize, `resources`: a kustomization has what it lists and nothing else of its folder.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from gitops.errors import PathError
from gitops.sources import yamlio
from gitops.sources.tree import Kind, SourceTree, join, parent, resolve

_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_ENDINGS = (".yaml", ".yml")
_OTHERWISE = ("gotk-",)
"""How files begin that `flux bootstrap` applies itself."""
_BY_HAND = "Job"
"""A kind that lies there for somebody to run, such as a restore."""
_OURS = "kustomize.config.k8s.io/"
_PLAIN = re.compile(r"[\w.-]+")
_WORD = re.compile(r"[^\s\"'#,\[\]]+\.ya?ml")


class Unlisted(msgspec.Struct, frozen=True):
    """A file with an object, and the kustomization of its folder."""

    path: str
    kind: str
    name: str
    kustomization: str


def load(tree: SourceTree, folders: Iterable[str]) -> tuple[Unlisted, ...]:
    """The manifests in these folders whose kustomization lists other files beside it, and that no
    kustomization names: not even in a comment, which is how people switch one off."""
    found = [each for folder in sorted(folders) for each in _left_out(tree, folder)]
    elsewhere = {*_named(tree, "")} if found else set()
    return tuple(each for each in found if each.path not in elsewhere)


def _left_out(tree: SourceTree, folder: str) -> Iterator[Unlisted]:
    names = _listing(tree, folder)
    own = next((name for name in _NAMES if name in names), "")
    text = _text(tree, join(folder, own)) if own else ""
    others = [each for each in names if each.endswith(_ENDINGS) and each != own]
    words = {*_PLAIN.findall(text)}
    named = {
        name for name in others if name in words or (name in text and not _PLAIN.fullmatch(name))
    }
    if _OURS not in text or not named:
        return
    for name in others:
        path = join(folder, name)
        if not (name.startswith((".", *_OTHERWISE)) or name in named or tree.is_link(path)):
            yield from _object(tree, path, join(folder, own))


def _object(tree: SourceTree, path: str, kustomization: str) -> Iterator[Unlisted]:
    """The first object of a file, where it is one for a cluster. Values and settings have no
    name."""
    text = _text(tree, path)
    documents, wrong = yamlio.parse(text.encode(), path) if "\nkind:" in f"\n{text}" else ((), ())
    body = documents[0].value if documents and not wrong else None
    if not isinstance(body, dict) or str(body.get("apiVersion", _OURS)).startswith(_OURS):
        return
    held = body.get("metadata")
    name, kind = held.get("name") if isinstance(held, dict) else None, body.get("kind")
    if isinstance(name, str) and isinstance(kind, str) and kind != _BY_HAND:
        yield Unlisted(path, kind, name, kustomization)


def _named(tree: SourceTree, folder: str) -> Iterator[str]:
    """Files of other folders that kustomizations of the repository name."""
    for name in _listing(tree, folder):
        path = join(folder, name)
        if name in _NAMES:
            yield from _targets(_text(tree, path), path)
        elif _is_folder(tree, path, name):
            yield from _named(tree, path)


def _is_folder(tree: SourceTree, path: str, name: str) -> bool:
    plain = not name.startswith(".") and not name.endswith(_ENDINGS)
    return plain and not tree.is_link(path) and tree.kind(path) is Kind.FOLDER


def _targets(text: str, path: str) -> Iterator[str]:
    for word in dict.fromkeys(_WORD.findall(text)):
        try:
            yield resolve(parent(path), word)
        except PathError:
            continue


def _listing(tree: SourceTree, folder: str) -> tuple[str, ...]:
    try:
        return tree.names(folder)
    except PathError:
        return ()


def _text(tree: SourceTree, path: str) -> str:
    try:
        return tree.read(path).decode(errors="replace")
    except PathError:
        return ""
