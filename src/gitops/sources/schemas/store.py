"""CustomResourceDefinitions that somebody imported, each under the digest of its content.

schemas/
├── index.json           which definition stands for a kind
└── <sha256>.json        a CustomResourceDefinition
"""

import os
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

import msgspec

from gitops.errors import UsageError
from gitops.sources import cachedir, yamlio

_INDEX = "index.json"
_ENDS = (".yaml", ".yml", ".json")
KIND = "CustomResourceDefinition"


class Held(msgspec.Struct, frozen=True, order=True):
    """A definition in the store. `versions` are those that it serves."""

    group: str
    kind: str
    versions: tuple[str, ...]
    digest: str


class Store:
    """A folder of definitions; one that is imported later stands for its kind from then on."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._held: dict[tuple[str, str], Held] | None = None

    @property
    def fingerprint(self) -> str:
        """Changes whenever what the store holds does."""
        return sha256(cachedir.read(os.path.join(self._folder, _INDEX)) or b"").hexdigest()

    def listing(self) -> tuple[Held, ...]:
        """What is here, by group and kind."""
        return tuple(sorted(self._index().values()))

    def definition(self, group: str, kind: str) -> bytes | None:
        """The CustomResourceDefinition of a kind as JSON; None where none is here, whole and
        undamaged."""
        held = self._index().get((group, kind))
        text = held and cachedir.read(os.path.join(self._folder, f"{held.digest}.json"))
        if not held or not text or sha256(text).hexdigest() != held.digest:
            return None
        return text

    def add(self, definitions: Iterable[dict[str, Any]]) -> tuple[Held, ...]:
        """Keep definitions; what was kept of them, in their order."""
        index, added = dict(self._index()), []
        for definition in definitions:
            text = msgspec.json.encode(definition, order="sorted")
            held = _described(definition, sha256(text).hexdigest())
            cachedir.write(os.path.join(self._folder, f"{held.digest}.json"), text)
            index[held.group, held.kind] = held
            added.append(held)
        if added:
            kept = msgspec.json.encode(sorted(index.values()))
            cachedir.write(os.path.join(self._folder, _INDEX), kept)
            self._held = index
        return tuple(added)

    def _index(self) -> dict[tuple[str, str], Held]:
        if self._held is None:
            text = cachedir.read(os.path.join(self._folder, _INDEX)) or b"[]"
            try:
                found = msgspec.json.decode(text, type=tuple[Held, ...])
            except msgspec.DecodeError:
                found = ()
            self._held = {(held.group, held.kind): held for held in found}
        return self._held


def read(path: str) -> tuple[dict[str, Any], ...]:
    """The CustomResourceDefinitions in a file, or in the files of a folder and those below it."""
    if not os.path.exists(path):
        raise UsageError(f"{path} is not there")
    return tuple(found for file in _files(path) for found in _definitions(file))


def _files(path: str) -> Iterator[str]:
    if not os.path.isdir(path):
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders.sort()
        yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith(_ENDS))


def _definitions(file: str) -> Iterator[dict[str, Any]]:
    content = cachedir.read(file) or b""
    if KIND.encode() not in content:
        return
    documents, _ = yamlio.parse(content, file)
    for document in documents:
        value = document.value
        items = value.get("items", [value]) if isinstance(value, dict) else []
        yield from filter(_is_definition, items)


def _is_definition(value: Any) -> bool:
    """Whether it is a definition of which the kind and at least one version can be told."""
    try:
        return bool(value["kind"] == KIND and _described(value, "").versions)
    except (KeyError, TypeError, AttributeError):
        return False


def _described(definition: dict[str, Any], digest: str) -> Held:
    spec = definition["spec"]
    served = tuple(each["name"] for each in spec["versions"] if each.get("served"))
    return Held(spec["group"], spec["names"]["kind"], served, digest)
