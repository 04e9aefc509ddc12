"""One cluster, arranged for the questions that rules ask."""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property
from typing import Any, Protocol, TypeVar, cast

import msgspec

from gitops.check import fields, operators, scopes
from gitops.check.knowledge import Knowledge
from gitops.estate.beforehand import Brought
from gitops.model import finding, flux
from gitops.model.build import Cluster, Fleet, Rendered, Unit, Unknown
from gitops.model.finding import Finding, Severity
from gitops.model.flux import FluxObject, HelmRelease, Kustomization
from gitops.model.ids import ObjectId
from gitops.model.manifest import Manifest
from gitops.model.origin import NOWHERE, Location, Origin

Key = tuple[str, str, str, str]
"""`ObjectId.key`: group, kind, namespace and name."""

_DEFINITION = "CustomResourceDefinition"

T = TypeVar("T")


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


class Common:
    """What the clusters of one fleet share: much of what they apply is the same, byte by byte."""

    def __init__(self) -> None:
        self.bodies: dict[bytes, dict[str, Any]] = {}
        self.views: dict[Callable[[Index], object], object] = {}


class Index:
    """Everything is worked out when it is first asked for, and once."""

    def __init__(
        self, cluster: Cluster, knowledge: Knowledge | None = None, common: Common | None = None
    ) -> None:
        self.cluster = cluster
        self.knowledge = knowledge or Knowledge()
        self._common = common or Common()
        self._views: dict[Callable[[Index], object], object] = {}
        self._awaited: dict[Key, frozenset[Key]] = {}

    def view(self, make: Callable[["Index"], T]) -> T:
        """What `make` works out of this cluster: once, however many rules look at it."""
        if make not in self._views:
            self._views[make] = make(self)
        return cast(T, self._views[make])

    def shared(self, make: Callable[["Index"], T]) -> T:
        """What `make` works out of any of the clusters, because it is the same for all of them."""
        if make not in self._common.views:
            self._common.views[make] = make(self)
        return cast(T, self._common.views[make])

    def body(self, manifest: Manifest) -> dict[str, Any]:
        """The object, shared by all rules and clusters: nobody changes it. Definitions are read
        again: to keep them takes longer, and few ask for more than `crds` knows of them."""
        if manifest.id.kind == _DEFINITION:
            return manifest.body()
        body = self._common.bodies.get(manifest.raw)
        if body is None:
            body = self._common.bodies[manifest.raw] = manifest.body()
        return body

    def of(self, group: str, kind: str) -> tuple[Owned, ...]:
        """The objects of a kind, each once, those that controllers make after all others."""
        return self._by_kind.get((group, kind), ())

    def find(self, group: str, kind: str, namespace: str, name: str) -> Owned | None:
        """One object, whether a unit applies it or a controller makes it."""
        return self._by_key.get((group, kind, namespace, name))

    def holding(self, mark: bytes) -> Iterator[Owned]:
        """The objects whose text holds a mark, but definitions, which are nearly all there is to
        search: most others need not be read then."""
        for owned in self._searched:
            if mark in owned.manifest.raw:
                yield owned

    @cached_property
    def _searched(self) -> tuple[Owned, ...]:
        found = (owned[0] for owned in self.owned.values())
        return tuple(each for each in found if each.manifest.id.kind != _DEFINITION)

    def at(self, owned: Owned, *pointer: str | int) -> Location:
        """The place in the repository that decides a field of an object, or the nearest known."""
        return self.knowledge.locate(owned.manifest, pointer)

    @cached_property
    def made(self) -> tuple[Owned, ...]:
        """What controllers make of the objects of the cluster, as far as it is certain."""
        return tuple(
            Owned(first.unit, made)
            for first in (owned[0] for owned in self.owned.values())
            if operators.makes(first.manifest)
            for made in operators.made_of(
                first.manifest, self.body(first.manifest), self.namespaces
            )
        )

    @cached_property
    def namespaces(self) -> dict[str, dict[str, str]]:
        """The namespaces that units apply, with their labels."""
        found = (owned[0].manifest for key, owned in self.owned.items() if key[1] == "Namespace")
        return {
            each.id.name: fields.mapping(fields.at(self.body(each), "metadata", "labels"))
            for each in found
        }

    @cached_property
    def _by_key(self) -> dict[Key, Owned]:
        applied = {key: owned[0] for key, owned in self.owned.items()}
        return {found.manifest.id.key: found for found in reversed(self.made)} | applied

    @cached_property
    def _by_kind(self) -> dict[tuple[str, str], tuple[Owned, ...]]:
        kinds: dict[tuple[str, str], list[Owned]] = {}
        found = dict.fromkeys([*self.owned, *(each.manifest.id.key for each in self.made)])
        for key in found:
            kinds.setdefault(key[:2], []).append(self._by_key[key])
        return {kind: tuple(objects) for kind, objects in kinds.items()}

    @cached_property
    def owned(self) -> dict[Key, list[Owned]]:
        """Objects by key, each with all units that apply it, in the order of the build.

        What a unit applies to another cluster, by its `spec.kubeConfig`, is not among them.
        """
        away = {found.id.key for found in self.declared if found.spec.kube_config is not None}
        owned: dict[Key, list[Owned]] = {}
        for unit in self.cluster.units:
            for manifest in () if unit.id.key in away else self.applied(unit):
                owned.setdefault(manifest.id.key, []).append(Owned(unit, manifest))
        return owned

    def applied(self, unit: Unit) -> Iterator[Manifest]:
        """The objects of a unit, named as the API server has them."""
        return map(self._places.put, unit.manifests)

    @cached_property
    def _places(self) -> scopes.Places:
        applied = (manifest for unit in self.cluster.units for manifest in unit.manifests)
        return scopes.Places(applied, self.knowledge.imported)

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
    def is_start_implied(self) -> bool:
        """Whether nothing in the repository declares how Flux starts here."""
        roots = (unit for unit in self.cluster.units if unit.parent is None)
        return all(unit.origin.source == NOWHERE for unit in roots)

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

    def hiding(self, namespace: str) -> tuple[ObjectId, ...]:
        """Those of `hidden` that may hold an object of a namespace; for "" one without.

        A Kustomization with a targetNamespace writes into no other, and what it may make besides
        is up to the ServiceAccount that it acts as.
        """
        return tuple(each for each in self.hidden if self._reaches(each.key, namespace))

    def doubt(self, hiders: Collection[ObjectId], unit: ObjectId, namespace: str = "") -> Severity:
        """How sure it is that a unit misses what only these can have.

        A warning, where these are Kustomizations of sources that are not here, or releases that
        would have to make what has no namespace, and it waits for none of them: what it needs is
        missing, or may come too late. A note otherwise: what is broken or suspended has a finding
        of its own, and what stands beside a release often belongs to it.
        """
        awaited = self.awaited(unit.key)
        outcomes = {each.id: each.outcome for each in self.cluster.units}
        apart = (
            (each.kind == "Kustomization" or not namespace)
            and isinstance(outcomes.get(each), Unknown)
            and not {each.key, self._parent(each)} & awaited
            and self._parents.get(each.key) != unit
            for each in hiders
        )
        if all(apart):
            return Severity.WARNING
        return Severity.NOTE

    def awaited(self, unit: Key) -> frozenset[Key]:
        """The unit, those that it depends on, that these depend on, and whose children they are."""
        if unit not in self._awaited:
            found: set[Key] = set()
            left = [unit]
            while left:
                each = left.pop()
                if each not in found:
                    found.add(each)
                    left += self._before(each)
            self._awaited[unit] = frozenset(found)
        return self._awaited[unit]

    def _parent(self, unit: ObjectId) -> Key | None:
        """The unit that holds a release. What stands above a Kustomization may be above all."""
        parent = self._parents.get(unit.key) if unit.kind == "HelmRelease" else None
        return parent.key if parent else None

    def _before(self, unit: Key) -> Iterator[Key]:
        parent = self._parents.get(unit)
        if parent is not None:
            yield parent.key
        found = self._declared.get(unit)
        for each in found.spec.depends_on if found else ():
            yield (unit[0], unit[1], each.namespace or unit[2], each.name)

    def _reaches(self, hider: Key, namespace: str) -> bool:
        found = self._declared.get(hider)
        if not isinstance(found, Kustomization) or not found.spec.target_namespace:
            return True
        if namespace:
            return found.spec.target_namespace == namespace
        account = (found.id.namespace, found.spec.service_account_name)
        return not account[1] or account in self._cluster_wide

    @cached_property
    def _declared(self) -> dict[Key, Kustomization | HelmRelease]:
        return {found.id.key: found for found in self.declared}

    @cached_property
    def _parents(self) -> dict[Key, ObjectId | None]:
        return {unit.id.key: unit.parent for unit in self.cluster.units}

    @cached_property
    def _cluster_wide(self) -> set[tuple[str, str]]:
        """The ServiceAccounts that have rights beyond a namespace."""
        bindings = self.of("rbac.authorization.k8s.io", "ClusterRoleBinding")
        subjects = (
            fields.mapping(each)
            for owned in bindings
            for each in fields.listing(self.body(owned.manifest).get("subjects"))
        )
        return {
            (fields.text(each.get("namespace")), fields.text(each.get("name"))) for each in subjects
        }

    def elsewhere(self, wanted: Key) -> str:
        """The way out when only the namespace of a reference is wrong, else ""."""
        group, kind, _, name = wanted
        places = sorted(key[2] for key in self.known if key[:2] == (group, kind) and key[3] == name)
        if places and not places[0]:
            return "there is one of this name without a namespace: give it one"
        return f"there is one in namespace {places[0]}: name it in the reference" if places else ""

    def field(self, of: Named, *way: str | int) -> Location:
        """The place that decides a field of something named; that of itself where no unit applies
        it, as with the implied root."""
        owners = self.owned.get(of.id.key)
        return self.at(owners[0], *way) if owners else of.origin.source

    def absent(
        self,
        rule: str,
        of: Named,
        message: str,
        hint: str,
        namespace: str = "",
        way: tuple[str | int, ...] = (),
    ) -> Finding:
        """Something that an object needs is not there: an error, or less when a part of the
        cluster that may hold it cannot be seen. `way` leads to where it is named."""
        hidden = [found for found in self.hiding(namespace) if found != of.id]
        owners = self.owned.get(of.id.key)
        at = self.field(of, *way) if way else of.origin.source
        found = about(of.id, finding.error(rule, at, message, hint))
        return self.weighed(found, hidden, owners[0].unit.id if owners else of.id, namespace)

    def weighed(
        self, found: Finding, hidden: Sequence[ObjectId], unit: ObjectId, namespace: str
    ) -> Finding:
        """The finding that a unit misses something, or a lesser one that names whoever may have
        it."""
        if not hidden:
            return found
        message = f"{found.message}, unless {hider(hidden)} has it"
        severity = self.doubt(hidden, unit, namespace)
        return msgspec.structs.replace(found, message=message, severity=severity)


def of_fleet(fleet: Fleet, knowledge: Knowledge | None = None) -> tuple[Index, ...]:
    """All clusters, which share what is the same in several."""
    common = Common()
    return tuple(Index(cluster, knowledge, common) for cluster in fleet.clusters)


def hider(hidden: Sequence[ObjectId]) -> str:
    """Whoever may have what is missing, for a message."""
    more = len(hidden) - 1
    return f"{hidden[0]} or one of {more} more" if more else str(hidden[0])


def about(subject: ObjectId, finding: Finding) -> Finding:
    """The same finding, with the object that it is about."""
    return msgspec.structs.replace(finding, subject=subject)


ClusterRule = Callable[[Index], Iterator[Finding]]
"""Tells what is wrong in one cluster."""

FleetRule = Callable[[tuple[Index, ...]], Iterator[Finding]]
"""Tells what is wrong between clusters; it fills in the cluster of its findings, where one is."""


def brought(facts: Index) -> Brought:
    """What is there before Flux; to be shared by all clusters."""
    return facts.knowledge.beforehand()
