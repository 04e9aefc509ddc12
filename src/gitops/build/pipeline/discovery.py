"""Finds clusters and how each one starts, from what lies in the repository."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import Any

import msgspec

from gitops.build.flux import version
from gitops.build.pipeline import gotk, starting
from gitops.build.pipeline.results import Store
from gitops.errors import PathError
from gitops.model import finding
from gitops.model.cluster import Entry, SourceRef, Sync
from gitops.model.finding import Finding
from gitops.model.origin import Location
from gitops.sources import tree as trees
from gitops.sources import yamlio
from gitops.sources.tree import Kind, SourceTree

FOLDERS = ("kubernetes/clusters", "clusters")
"""Where clusters are looked for when nobody names them: one folder each."""

_MARKS = (b"kind: FluxInstance", b"instance:")
"""One of these is in every file that may declare a sync, gotk-sync.yaml apart."""

_SILENT = ("flux", "cluster", "config", "kubernetes")
"""Folders of a sync path that do not tell one cluster from another."""

_COPIED = ("template", "templates")
"""Folders that are no clusters, but what new ones are made of."""
_YAML = (".yaml", ".yml")
_GOTK_SYNC = "gotk-sync.yaml"
_WHOLE = f"flux-system/{_GOTK_SYNC}"
"""Where it lies if Flux applies the whole repository."""
_COMPONENTS = "gotk-components.yaml"
_COMPONENTS_VERSION = re.compile(rb"app\.kubernetes\.io/version: v(\d+\.\d+\.\d+)")
_decode = msgspec.msgpack.Decoder(tuple[Sync, ...]).decode
_encode = msgspec.msgpack.Encoder().encode


class Syncs:
    """What files declare of syncs, remembered by what they hold.

    `program` tells this program from others that use the same cache.
    """

    def __init__(self, cache: Store, program: str) -> None:
        self._cache = cache
        self._program = program
        self._everywhere: tuple[SourceTree, tuple[Sync, ...]] | None = None

    def everywhere(self, tree: SourceTree) -> tuple[Sync, ...]:
        """Every sync in a tree, which is read once for all clusters that ask."""
        if self._everywhere is None or self._everywhere[0] is not tree:
            texts = tuple(_texts(tree, ""))
            said = (found for path, text in texts for found in self.declared(text, path))
            self._everywhere = tree, (*said, *starting.starts(texts))
        return self._everywhere[1]

    def declared(self, text: bytes, path: str) -> tuple[Sync, ...]:
        """Every sync in a file."""
        if not (path.endswith(_GOTK_SYNC) or any(mark in text for mark in _MARKS)):
            return ()
        key = sha256(f"{self._program}\0{path}\0".encode() + text).hexdigest()
        kept = self._cache.get("syncs", key)
        if kept is not None:
            return _decode(kept)
        found = tuple(_declared(text, path))
        self._cache.put("syncs", key, _encode(found))
        return found


def entries(
    tree: SourceTree, wanted: Sequence[str], configured: Mapping[str, str], syncs: Syncs
) -> tuple[tuple[Entry, ...], tuple[Finding, ...]]:
    """The clusters of a repository, sorted by name.

    `wanted` are the `--entry` values, `DIR` or `NAME=DIR`; they win over `configured`, which wins
    over the folders looked in by default, which win over what a FluxInstance or gotk-sync names.
    """
    named = [_named(value) for value in wanted] or list(configured.items())
    findings = [_outside(name, path) for name, path in named if gotk.inside(path) is None]
    found = [
        Entry(name, inside) for name, path in named if (inside := gotk.inside(path)) is not None
    ]
    if not named:
        found = list(_by_folder(tree)) or list(_by_sync(tree, syncs))
        findings += [] if found else [_none()]
    existing = sorted({entry for entry in found if _is_folder(tree, entry.path)})
    findings += [_missing(entry) for entry in found if entry not in existing]
    first = {entry.name: entry for entry in reversed(existing)}
    findings += [_twin(first[each.name], each) for each in existing if each != first[each.name]]
    return tuple(first[name] for name in sorted(first)), tuple(findings)


def sync(tree: SourceTree, entry: Entry, syncs: Syncs) -> Sync:
    """How the cluster starts: as the entry folder declares, or another folder for it. Without a
    FluxInstance or gotk-sync, Flux is taken to be pointed at the entry folder itself."""
    declared = list(_syncs(tree, entry.path, syncs))
    if not any(found.path for found in declared):
        declared += [found for found in syncs.everywhere(tree) if found.path == entry.path]
    named = next((found.flux_version for found in declared if found.flux_version), "")
    own = next((found for found in declared if found.path == entry.path), None)
    chosen = own or next((found for found in declared if found.path), Sync(entry.path))
    return Sync(
        chosen.path,
        chosen.name,
        chosen.namespace,
        chosen.source,
        chosen.url,
        chosen.at,
        chosen.patches,
        named or _installed_version(tree, entry.path),
    )


def _named(value: str) -> tuple[str, str]:
    """The name and the path of an `--entry`; without a name, that of the folder."""
    name, equals, path = value.rpartition("=")
    last = [part for part in path.split("/") if part not in ("", ".")][-1:]
    return (name if equals else "".join(last) or "cluster"), path


def _is_folder(tree: SourceTree, path: str) -> bool:
    try:
        return tree.kind(path) is Kind.FOLDER
    except PathError:
        return False


def _by_folder(tree: SourceTree) -> Iterator[Entry]:
    for folder in FOLDERS:
        if not _is_folder(tree, folder):
            continue
        listed = [each for each in _listed(tree, folder) if each[0] not in _COPIED]
        children = {n: p for n, p in listed if any(_yaml_files(tree, p))}
        bases = {base for path in children.values() for base in _beside(tree, path)}
        for name, path in children.items():
            variants = () if name in bases else tuple(_variants(tree, path))
            yield from (Entry(f"{name}-{n}", p) for n, p in variants)
            if not (variants or name in bases):
                yield Entry(name, path)
        return


def _variants(tree: SourceTree, folder: str) -> Iterator[tuple[str, str]]:
    """The clusters of an environment: folders that build upon one beside them, where the folder
    that holds them is none itself."""
    held = _listed(tree, folder)
    if not any(name.endswith(_YAML) for name, _ in held):
        yield from (each for each in held if any(_beside(tree, each[1])))


def _beside(tree: SourceTree, folder: str) -> Iterator[str]:
    """The folders beside this one that it builds upon, which are no clusters themselves."""
    try:
        text = tree.read(trees.join(folder, "kustomization.yaml"))
    except PathError:
        return
    documents, _ = yamlio.parse(text, folder)
    resources = gotk.mapping(documents[0].value).get("resources") if documents else None
    for each in resources if isinstance(resources, list) else ():
        up, _, name = gotk.text(each).rstrip("/").partition("/")
        if up == ".." and name and "/" not in name:
            yield name


def _by_sync(tree: SourceTree, syncs: Syncs) -> Iterator[Entry]:
    """What the path of another one holds is no cluster of its own, but a part of that."""
    named = (found.path for found in syncs.everywhere(tree))
    paths = list(dict.fromkeys(path for path in named if path and _is_folder(tree, path)))
    for path in paths:
        if not any(path.startswith(f"{other}/") for other in paths):
            yield Entry(_cluster_name(path), path)
    if not paths and any(found.at.path == _WHOLE for found in syncs.everywhere(tree)):
        yield Entry("cluster", "")


def _cluster_name(path: str) -> str:
    """The last part of a sync path that says more than `this is the cluster`."""
    telling = [part for part in path.split("/") if part not in _SILENT]
    return telling[-1] if telling else "cluster"


def _syncs(tree: SourceTree, folder: str, syncs: Syncs) -> Iterator[Sync]:
    for path, text in _texts(tree, folder):
        yield from syncs.declared(text, path)


def _declared(text: bytes, path: str) -> Iterator[Sync]:
    documents, _ = yamlio.parse(text, path)
    for document in documents:
        at = Location(path, document.document, document.line)
        if isinstance(document.value, dict):
            yield from _sync_of(document.value, at)


def _sync_of(body: dict[str, Any], at: Location) -> Iterator[Sync]:
    kind = body.get("kind")
    spec, namespace = (
        gotk.mapping(body.get("spec")),
        gotk.text(gotk.mapping(body.get("metadata")).get("namespace")),
    )
    if kind == "FluxInstance":
        yield from _from_instance(spec, at, namespace)
    elif kind == "HelmRelease":
        instance = gotk.mapping(gotk.mapping(spec.get("values")).get("instance"))
        if "sync" in instance:
            yield from _from_instance(
                instance, at, gotk.text(spec.get("targetNamespace")) or namespace
            )
    elif kind == "Kustomization" and at.path.endswith(_GOTK_SYNC):
        yield gotk.of_kustomization(body, at)
    elif kind is None and "sync" in gotk.mapping(body.get("instance")):
        # A file of values, which a ConfigMap is generated from for `valuesFrom`.
        yield from _from_instance(gotk.mapping(body.get("instance")), at)


def _from_instance(spec: dict[str, Any], at: Location, namespace: str = "") -> Iterator[Sync]:
    """FluxInstance `spec`, or the same block in the values of the flux-instance chart.

    Source: flux-operator, docs/api/v1/fluxinstance.md: `sync.name` is by default the namespace.
    """
    namespace = namespace or "flux-system"
    distribution = gotk.mapping(spec.get("distribution"))
    said = gotk.text(distribution.get("version")), gotk.text(distribution.get("artifact"))
    block = gotk.mapping(spec.get("sync"))
    name = gotk.text(block.get("name")) or namespace
    patches = gotk.mapping(spec.get("kustomize")).get("patches")
    patches = patches if isinstance(patches, list) else []
    yield Sync(
        path=gotk.relative(gotk.text(block.get("path"))),
        name=name,
        namespace=namespace,
        source=SourceRef(gotk.text(block.get("kind")) or "GitRepository", namespace, name),
        url=gotk.text(block.get("url")),
        at=at,
        patches=tuple(patch for patch in patches if isinstance(patch, dict)),
        flux_version=version.of_distribution(*said),
    )


def _installed_version(tree: SourceTree, folder: str) -> str:
    """`flux bootstrap` stamps its version on every object of gotk-components.yaml."""
    for path, text in _texts(tree, folder):
        stamp = _COMPONENTS_VERSION.search(text) if path.endswith(_COMPONENTS) else None
        if stamp:
            return stamp.group(1).decode()
    return ""


def _texts(tree: SourceTree, folder: str) -> Iterator[tuple[str, bytes]]:
    """YAML files below a folder. What cannot be read is left to whoever builds it."""
    for path in _yaml_files(tree, folder):
        with suppress(PathError):
            yield path, tree.read(path)


def _yaml_files(tree: SourceTree, folder: str) -> Iterator[str]:
    """YAML files below a folder, sorted."""
    for name, path in _listed(tree, folder):
        if _is_folder(tree, path):
            yield from _yaml_files(tree, path)
        elif name.endswith(_YAML):
            yield path


def _listed(tree: SourceTree, folder: str) -> list[tuple[str, str]]:
    """Names and paths of what Flux would see in a folder: links are no part of any artifact, and
    following them could lead round in circles."""
    try:
        names = tree.names(folder)
    except PathError:
        return []
    paths = [(name, trees.join(folder, name)) for name in names if not name.startswith(".git")]
    return [(name, path) for name, path in paths if not tree.is_link(path)]


def _missing(entry: Entry) -> Finding:
    return finding.error(
        "cluster/missing-entry",
        Location(entry.path),
        f"cluster {entry.name!r} has no entry folder {entry.path!r}",
        "name an existing folder with --entry or in gitops.toml",
    )


def _outside(name: str, path: str) -> Finding:
    return finding.error(
        "cluster/missing-entry",
        Location(path),
        f"the entry folder {path!r} of cluster {name!r} is not in the repository",
        "name a folder relative to the root of the repository",
    )


def _twin(first: Entry, second: Entry) -> Finding:
    return finding.error(
        "cluster/same-name",
        Location(second.path),
        f"two clusters are called {first.name!r}, {first.path} and {second.path}, "
        "and only the first one is compiled",
        "give one of them another name: --entry NAME=DIR",
        Location(first.path),
    )


def _none() -> Finding:
    return finding.error(
        "cluster/none",
        Location(""),
        f"no cluster found: no folder in {' or '.join(FOLDERS)}, no FluxInstance, no gotk-sync",
        "name the folder that Flux is pointed at with --entry DIR",
    )
