"""Which chart a release names, and whether it is here."""

from collections.abc import Mapping

import msgspec

from gitops.build.helm import versions
from gitops.build.helm.versions import Unresolved
from gitops.build.pipeline import defaults
from gitops.build.pipeline.inventory import Inventory
from gitops.build.pipeline.ports import Ports
from gitops.build.pipeline.sourcetrees import Files, SourceTrees
from gitops.errors import ChartError, PathError
from gitops.model import flux
from gitops.model.chart import StoredChart
from gitops.model.cluster import SourceRef
from gitops.model.flux import ChartTemplateSpec, HelmRelease
from gitops.model.flux_sources import HelmChartSpec, Reference
from gitops.model.ids import ObjectId
from gitops.sources import tree as trees


class Here(msgspec.Struct, frozen=True):
    """The chart can be rendered. `version` is what it carries while it is.

    `values_files` are names inside the chart that together replace its default values; `defaults`
    is JSON that replaces them, made of files beside a chart that lies in a repository.
    """

    chart: StoredChart
    version: str
    values_files: tuple[str, ...] = ()
    ignore_missing: bool = False
    defaults: bytes = b""


class Absent(msgspec.Struct, frozen=True):
    """The chart is known by address and version, and is not here."""

    address: str
    version: str


class Undeclared(msgspec.Struct, frozen=True):
    """The source is not declared so far; `reason` is for a person."""

    reason: str


class Refused(msgspec.Struct, frozen=True):
    """Flux could not take a chart from there either; `reason` is for a person."""

    reason: str


Template = ChartTemplateSpec | HelmChartSpec
_PLAIN = ChartTemplateSpec()
Located = Here | Absent | Undeclared | Refused


class ChartLocator:
    """Finds charts in the store, in the repository, and, by version alone, in the locks."""

    def __init__(self, ports: Ports, sources: SourceTrees, inventory: Inventory) -> None:
        self._store = ports.charts
        self._packer = ports.packer
        self._sources = sources
        self._inventory = inventory

    def locate(self, release: HelmRelease, locked: Mapping[str, str]) -> Located:
        """The chart of a release. `locked` maps chart addresses to the version of its lock, which
        is preferred wherever a range leaves a choice."""
        spec = release.spec
        if spec.chart is not None:
            template = spec.chart.spec
            return self._by_template(release, template, release.id, locked)
        if spec.chart_ref is None:
            return Refused("it names none")
        ref = _source(spec.chart_ref, release.id)
        manifest = self._inventory.find(ref.kind, ref.namespace, ref.name)
        if manifest is None:
            return self._from_files(ref, "") if ref.kind == "ExternalArtifact" else _undeclared(ref)
        parsed, _ = flux.parse(manifest)
        match parsed:
            case flux.OCIRepository():
                return self._from_registry(parsed, locked)
            case flux.HelmChart(found, _, named):
                return self._by_template(release, named, found, locked)
            case flux.GitRepository() | flux.Bucket():
                return self._from_files(ref, "")
            case _:
                return Refused(f"{ref} holds no chart")

    def _by_template(
        self,
        release: HelmRelease,
        template: Template,
        owner: ObjectId,
        locked: Mapping[str, str],
    ) -> Located:
        ref = _source(template.source_ref, owner)
        if ref.kind != "HelmRepository":
            return self._from_files(ref, template.chart, template)
        manifest = self._inventory.find(ref.kind, ref.namespace, ref.name)
        repository = flux.parse(manifest)[0] if manifest else None
        if not isinstance(repository, flux.HelmRepository):
            return _undeclared(ref)
        address = f"{repository.spec.url.rstrip('/')}/{template.chart}"
        version = self._chosen(address, template.version, locked)
        if isinstance(version, Unresolved):
            return Absent(address, template.version)
        stored = self._store.find(address, version)
        if stored is None:
            return Absent(address, version)
        version = versions.packaged(stored.version, release, stored.origin_digest)
        return Here(stored, version, _replacing(template), template.ignore_missing_values_files)

    def _chosen(self, address: str, wanted: str, locked: Mapping[str, str]) -> str | Unresolved:
        if address in locked:
            version = versions.resolve(wanted, (locked[address],))
            if isinstance(version, str):
                return version
        return versions.resolve(wanted, self._store.versions(address))

    def _from_registry(self, repository: flux.OCIRepository, locked: Mapping[str, str]) -> Located:
        spec = repository.spec
        address = spec.url.rstrip("/")
        media = spec.layer_selector.media_type if spec.layer_selector else ""
        reference: str | Unresolved = Unresolved("")
        if address in locked:
            reference = versions.reference(spec.ref, (locked[address],), media)
        if isinstance(reference, Unresolved):
            tags = self._store.versions(address) if spec.ref.semver else ()
            reference = versions.reference(spec.ref, tags, media)
        if isinstance(reference, Unresolved):
            return Absent(address, spec.ref.semver)
        stored = self._store.find(address, reference)
        if stored is None:
            return Absent(address, reference)
        version = versions.tracked(stored.version, stored.origin_digest, spec.ref.tag)
        if isinstance(version, Unresolved):
            return Refused(f"{repository.id}: {version.reason}")
        return Here(stored, version)

    def _from_files(self, ref: SourceRef, path: str, template: Template = _PLAIN) -> Located:
        """A chart that lies in a repository as a folder."""
        files = self._sources.resolve(ref)
        if isinstance(files, str):
            return Undeclared(files)
        return self._pack(files, path, template)

    def _pack(self, files: Files, path: str, template: Template) -> Located:
        names = _replacing(template)
        ignore = template.ignore_missing_values_files
        source = files.artifact()
        try:
            folder = trees.resolve("", path.lstrip("/"))
            chart = trees.Below(source, folder)
            stored = self._packer.pack(chart, files.known_as(folder) or ".")
            merged = defaults.merged(source, names, ignore_missing=ignore) if names else b""
        except (PathError, ChartError) as cause:
            return Refused(str(cause))
        return Here(stored, stored.version, defaults=merged)


def _replacing(template: Template) -> tuple[str, ...]:
    """The values files; the chart's own alone replaces nothing."""
    return () if template.values_files == ("values.yaml",) else template.values_files


def _source(reference: Reference, owner: ObjectId) -> SourceRef:
    return SourceRef(reference.kind, reference.namespace or owner.namespace, reference.name)


def _undeclared(ref: SourceRef) -> Undeclared:
    return Undeclared(f"{ref} is declared nowhere in this cluster")
