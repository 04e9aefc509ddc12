"""Files that texts name, and where pods have them.

Source: Kubernetes, volumes: a Secret or a ConfigMap is mounted as a file for each key, or for each
of `items`.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Key
from gitops.check.pods import Template
from gitops.check.spot import Spot, narrowed
from gitops.check.wiring.producers import Producers
from gitops.check.wiring.templates import Templates
from gitops.model.finding import Finding

Way = tuple[str | int, ...]

_PATH = re.compile(r"(?<![\w/.:$}*-])(?:/[A-Za-z0-9_][-\w.]*){2,}(?![\w/*$({-])")


class _Mount(msgspec.Struct, frozen=True):
    """A folder with the files in it, which None stands for where nobody can tell."""

    path: str
    files: frozenset[str] | None

    def has(self, path: str) -> bool:
        """Whether the file may be there: `..data` and folders below are not looked at."""
        return self.files is None or "/" in self._rest(path) or self._rest(path) in self.files

    def holds(self, path: str) -> bool:
        """Whether the path leads into the folder."""
        return path.startswith(f"{self.path}/")

    def _rest(self, path: str) -> str:
        return path.removeprefix(f"{self.path}/")


def lost(facts: Index) -> Iterator[Finding]:
    """A file that a text names is where it is mounted.

    Told is of a path into a mounted folder whose files are known, and of the name of a mounted file
    at a place where nothing is mounted. Other paths may be of the image.
    """
    for template in facts.view(Templates).applied:
        for way, container in template.containers:
            mounts = [*_mounts(facts, template, container)]
            for spot, words in _read(facts, template, way, container) if mounts else ():
                yield from _lost(spot, words, mounts)


def _lost(spot: Spot, words: str, mounts: list[_Mount]) -> Iterator[Finding]:
    for path in dict.fromkeys(_PATH.findall(words)):
        inside = [each for each in mounts if each.holds(path)]
        folder, _, name = path.rpartition("/")
        twins = [each for each in mounts if each.files and name in each.files and "." in name]
        if inside and not any(each.has(path) for each in inside):
            known = ", ".join(sorted({*(max(inside, key=lambda each: len(each.path)).files or ())}))
            why, hint = f"where the files are {known or 'none'}", "correct the name of the file"
        elif not inside and twins and _is_beside(folder, twins[0].path):
            why = "where nothing is mounted"
            hint = f"it is mounted as {twins[0].path}/{name}"
        else:
            continue
        message = f"{spot.who} names the file {path}, {why}"
        mistake = spot.error("pod/file-missing", message, hint)
        yield narrowed(mistake, spot.facts, path, words)


def _is_beside(folder: str, mounted: str) -> bool:
    """Whether two folders have one parent: elsewhere in an image there may be any file."""
    return folder.rpartition("/")[0] == mounted.rpartition("/")[0] != ""


def _mounts(facts: Index, template: Template, container: dict[str, Any]) -> Iterator[_Mount]:
    volumes = {mapping(each).get("name"): mapping(each) for each in _volumes(template)}
    for each in map(mapping, listing(container.get("volumeMounts"))):
        volume = volumes.get(each.get("name"), {})
        path = text(each.get("mountPath")).rstrip("/")
        is_whole = not each.get("subPath") and not each.get("subPathExpr")
        files = _files(facts, template.namespace, volume) if is_whole else None
        yield _Mount(path, files)


def _volumes(template: Template) -> list[Any]:
    return listing(template.spec.get("volumes"))


def _files(facts: Index, namespace: str, volume: dict[str, Any]) -> frozenset[str] | None:
    for field, kind, named in (
        ("secret", "Secret", "secretName"),
        ("configMap", "ConfigMap", "name"),
    ):
        source = mapping(volume.get(field))
        if source and source.get("optional") is not True:
            items = [text(mapping(each).get("path")) for each in listing(source.get("items"))]
            key = ("", kind, namespace, text(source.get(named)))
            return frozenset(items) if items else _keys(facts, key)
    return None


def _keys(facts: Index, key: Key) -> frozenset[str] | None:
    producers = facts.view(Producers)
    keys = producers.keys(key) if producers.of(key) else None
    return frozenset(keys) if keys is not None else None


def _read(
    facts: Index, template: Template, way: Way, container: dict[str, Any]
) -> Iterator[tuple[Spot, str]]:
    """Texts that a container reads: its arguments, its variables and the ConfigMaps it mounts."""
    for field in ("command", "args"):
        for position, each in enumerate(listing(container.get(field))):
            yield Spot(facts, template.owner, (*way, field, position)), text(each)
    for position, each in enumerate(listing(container.get("env"))):
        where = (*way, "env", position, "value")
        yield Spot(facts, template.owner, where), text(mapping(each).get("value"))
    mounted = {mapping(each).get("name") for each in listing(container.get("volumeMounts"))}
    for volume in map(mapping, _volumes(template)):
        name = text(at(volume, "configMap", "name")) if volume.get("name") in mounted else ""
        found = facts.find("", "ConfigMap", template.namespace, name) if name else None
        for key, words in mapping(facts.body(found.manifest).get("data") if found else {}).items():
            if found:
                yield Spot(facts, found, ("data", key)), text(words)
