"""`docs/inventory.md`: each technology that was asked for, its version, and where it is defined.

Nothing here depends on which charts are at hand: versions are those that the repository names.
"""

from collections.abc import Iterator
from functools import cached_property

import msgspec

from gitops.estate import reading
from gitops.model.build import Fleet, Unit
from gitops.model.estate import Estate
from gitops.model.finding import Finding
from gitops.model.flux import KUSTOMIZE_GROUP
from gitops.model.inventory import Inventory, Section, Technology
from gitops.model.manifest import Manifest
from gitops.sources.tree import SourceTree

PATH = "docs/inventory.md"
SOURCE = "docs/inventory.yaml"

_HEAD = """\
# Inventory

What the platform was asked to hold, and what it holds. `gitops generate` derives this page from
[inventory.yaml](inventory.yaml), `fleet.yaml` and the compiled clusters.
"""
_COLUMNS = ("Technology", "Asked for", "Version here", "Defined in", "Clusters", "State")
_IN_PLACE = "in place"
_MISSING = "**missing**"


def load(tree: SourceTree) -> tuple[Inventory | None, tuple[Finding, ...]]:
    """The rows, unless some cannot be read, and what is wrong with their file."""
    found, wrong = reading.read(tree, SOURCE, Inventory)
    return (found.facts if found else None), wrong


def text(inventory: Inventory, fleet: Fleet, estate: Estate, tree: SourceTree) -> str:
    """The page. Its last line counts what is missing."""
    page = _Page(fleet, estate, tree)
    sections = [page.section(each) for each in inventory.sections]
    rows = sum(len(each.technologies) for each in inventory.sections)
    return "\n".join([_HEAD, *sections, f"{rows} technologies, {page.missing} of them missing.\n"])


class _Page:
    def __init__(self, fleet: Fleet, estate: Estate, tree: SourceTree) -> None:
        self._fleet = fleet
        self._estate = estate
        self._tree = tree
        self.missing = 0

    def section(self, section: Section) -> str:
        """A heading and a table."""
        lines = [f"## {section.name}", "", _row(_COLUMNS), _row(["---"] * len(_COLUMNS))]
        lines += [_row(self._cells(each)) for each in section.technologies]
        return "\n".join([*lines, ""])

    def _cells(self, each: Technology) -> Iterator[str]:
        clusters = [name for name, _ in self._units(each)]
        version = self._version(each)
        versioned = bool(version) or not (each.release or each.object or each.fact)
        held = bool(each.file) and self._tree.kind(each.file) is not None
        there = versioned and (bool(clusters) or held)
        self.missing += not there
        state = _IN_PLACE if there else _MISSING
        yield from (each.name, each.wanted, version, self._place(each))
        yield ", ".join(clusters)
        yield f"{state}; {each.note}" if each.note else state

    def _units(self, each: Technology) -> Iterator[tuple[str, Unit]]:
        for cluster in self._fleet.clusters:
            for unit in cluster.units:
                if each.unit and (unit.id.group, unit.id.name) == (KUSTOMIZE_GROUP, each.unit):
                    yield cluster.name, unit

    def _place(self, each: Technology) -> str:
        """The folder of the unit: its Flux Kustomization says which."""
        path = each.file
        for manifest in self._kustomizations.get(each.unit, ()) if each.unit else ():
            path = path or str(_at(manifest.body(), ("spec", "path"))).removeprefix("./")
        return f"[`{path}`](../{path})" if path and self._tree.kind(path) is not None else path

    def _version(self, each: Technology) -> str:
        found: list[str] = []
        if each.fact:
            found = [str(_fact(self._estate, each.fact))]
        elif each.release:
            found = [f"chart {version}" for version in self._charts(each.release)]
        elif each.object:
            found = [_shown(value) for value in self._values(each)]
        return ", ".join(dict.fromkeys(found)) or ""

    def _charts(self, release: str) -> Iterator[str]:
        for cluster in self._fleet.clusters:
            for unit in cluster.units:
                if f"{unit.id.namespace}/{unit.id.name}" == release and unit.chart:
                    yield unit.chart.version

    def _values(self, each: Technology) -> Iterator[object]:
        for manifest in self._objects.get(each.object, ()):
            value = _at(manifest.body(), each.field)
            if value is not None:
                yield value

    @cached_property
    def _manifests(self) -> tuple[Manifest, ...]:
        """What Kustomizations apply; what charts render depends on which of them are at hand."""
        return tuple(
            manifest
            for cluster in self._fleet.clusters
            for unit in cluster.units
            if unit.id.group == KUSTOMIZE_GROUP
            for manifest in unit.manifests
        )

    @cached_property
    def _objects(self) -> dict[str, list[Manifest]]:
        """By what they are called in rows."""
        found: dict[str, list[Manifest]] = {}
        for manifest in self._manifests:
            found.setdefault(str(manifest.id), []).append(manifest)
        return found

    @cached_property
    def _kustomizations(self) -> dict[str, list[Manifest]]:
        """Those of Flux, by name."""
        found: dict[str, list[Manifest]] = {}
        for manifest in self._manifests:
            if (manifest.id.group, manifest.id.kind) == (KUSTOMIZE_GROUP, "Kustomization"):
                found.setdefault(manifest.id.name, []).append(manifest)
        return found


def _shown(value: object) -> str:
    """A version, or the tag of an image."""
    words = str(value).partition("@")[0]
    return words.rpartition(":")[2] if "/" in words else words


def _fact(estate: Estate, keys: tuple[str, ...]) -> object:
    found = msgspec.to_builtins(estate, enc_hook=str)
    return _at(found, keys)


def _at(value: object, pointer: tuple[str, ...]) -> object:
    for part in pointer:
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value


def _row(cells: Iterator[str] | list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
