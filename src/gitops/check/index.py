"""One cluster, arranged for the questions that rules ask."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Protocol

import msgspec

from gitops.model import finding, flux
from gitops.model.build import Cluster, Rendered, Unit
from gitops.model.finding import Finding
from gitops.model.flux import FluxObject, HelmRelease, Kustomization
from gitops.model.ids import ObjectId
from gitops.model.manifest import Manifest
from gitops.model.origin import Origin

Key = tuple[str, str, str, str]
"""`ObjectId.key`: group, kind, namespace and name."""


class Owned(msgspec.Struct, frozen=True):
    """An object and the unit that applies it."""

    unit: Unit
    manifest: Manifest


class Named(Protocol):
    """A manifest, or a Flux object read from one."""

    @property
    def id(self) -> ObjectId: ...

    @property
    def origin(self) -> Origin: ...


class Index:
    """Everything is worked out when it is first asked for, and once."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    @cached_property
    def owned(self) -> dict[Key, list[Owned]]:
        """Objects by key, each with all units that apply it, in the order of the build.

        What a unit applies to another cluster, by its `spec.kubeConfig`, is not among them.
        """
        away = {found.id.key for found in self.declared if found.spec.kube_config is not None}
        owned: dict[Key, list[Owned]] = {}
        for unit in self.cluster.units:
            for manifest in () if unit.id.key in away else unit.manifests:
                owned.setdefault(manifest.id.key, []).append(Owned(unit, manifest))
        return owned

    @cached_property
    def known(self) -> dict[Key, Origin]:
        """All objects there are: what units apply, and the units themselves."""
        known = {unit.id.key: unit.origin for unit in self.cluster.units}
        return known | {key: found[0].manifest.origin for key, found in self.owned.items()}

    @cached_property
    def flux(self) -> tuple[FluxObject, ...]:
        """Flux's own objects, each once."""
        first: dict[Key, Manifest] = {}
        for unit in self.cluster.units:
            for manifest in filter(flux.is_flux, unit.manifests):
                first.setdefault(manifest.id.key, manifest)
        objects = (flux.parse(manifest)[0] for manifest in first.values())
        return tuple(found for found in objects if found is not None)

    @property
    def declared(self) -> Iterator[Kustomization | HelmRelease]:
        """The Kustomizations, then the HelmReleases."""
        yield from self.kustomizations
        yield from self.releases

    @property
    def roots(self) -> Iterator[ObjectId]:
        """The units that installing Flux creates."""
        return (unit.id for unit in self.cluster.units if unit.parent is None)

    @property
    def kustomizations(self) -> Iterator[Kustomization]:
        """The Kustomizations that some unit applies; the implied root is not among them."""
        return (found for found in self.flux if isinstance(found, Kustomization))

    @property
    def releases(self) -> Iterator[HelmRelease]:
        """The HelmReleases that some unit applies."""
        return (found for found in self.flux if isinstance(found, HelmRelease))

    @cached_property
    def hidden(self) -> tuple[ObjectId, ...]:
        """Who may hold Flux objects and namespaces that cannot be seen here."""
        return tuple(
            unit.id
            for unit in self.cluster.units
            if unit.id.kind != "HelmRelease" and not isinstance(unit.outcome, Rendered)
        ) + tuple(
            owned[0].manifest.id for key, owned in self.owned.items() if key[1] == "ResourceSet"
        )

    def elsewhere(self, wanted: Key) -> str:
        """The way out when only the namespace of a reference is wrong, else ""."""
        group, kind, _, name = wanted
        places = sorted(key[2] for key in self.known if key[:2] == (group, kind) and key[3] == name)
        if places and not places[0]:
            return "there is one of this name without a namespace: give it one"
        return f"there is one in namespace {places[0]}: name it in the reference" if places else ""

    def absent(self, rule: str, of: Named, message: str, hint: str) -> Finding:
        """Something that an object needs is not there: an error, or a note when a part of the
        cluster that may hold it cannot be seen."""
        hidden = [found for found in self.hidden if found != of.id]
        if not hidden:
            return about(of.id, finding.error(rule, of.origin.source, message, hint))
        more = len(hidden) - 1
        hiders = f"{hidden[0]} or one of {more} more" if more else str(hidden[0])
        doubtful = f"{message}, unless {hiders} has it"
        return about(of.id, finding.note(rule, of.origin.source, doubtful, hint))


def about(subject: ObjectId, finding: Finding) -> Finding:
    """The same finding, with the object that it is about."""
    return msgspec.structs.replace(finding, subject=subject)


def mapping(value: object) -> dict[str, Any]:
    """The value where it is a mapping; what no typed view has read may be anything."""
    return value if isinstance(value, dict) else {}
