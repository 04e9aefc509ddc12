"""What compiling gives: for each cluster, its units, and what became of each."""

import msgspec

from gitops.model.finding import Finding
from gitops.model.ids import ObjectId
from gitops.model.manifest import Manifest
from gitops.model.origin import Origin


class Rendered(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """The unit's exact objects, in the order Flux would hold them."""

    manifests: tuple[Manifest, ...]


class Locked(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """A release whose chart is not here: the interface that the lock recorded."""

    manifests: tuple[Manifest, ...]
    lock: str


class Suspended(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """`spec.suspend` is set: Flux leaves whatever is in the cluster as it is."""


class Unknown(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """What the unit would give cannot be told here; `reason` says why, for a person."""

    reason: str


class Broken(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """The unit fails in Flux too; the findings say why."""


Outcome = Rendered | Locked | Suspended | Unknown | Broken


class Unit(msgspec.Struct, frozen=True, array_like=True):
    """A Flux Kustomization or HelmRelease, and what became of it.

    `parent` is the unit that rendered the object; None for a root.
    """

    id: ObjectId
    origin: Origin
    parent: ObjectId | None
    outcome: Outcome
    findings: tuple[Finding, ...] = ()

    @property
    def manifests(self) -> tuple[Manifest, ...]:
        """The objects that are known of this unit."""
        match self.outcome:
            case Rendered(manifests) | Locked(manifests, _):
                return manifests
            case _:
                return ()


class Cluster(msgspec.Struct, frozen=True, array_like=True):
    """One cluster: its name, its entry folder, and its units, parents before children."""

    name: str
    entry: str
    units: tuple[Unit, ...]
    findings: tuple[Finding, ...] = ()


class Fleet(msgspec.Struct, frozen=True, array_like=True):
    """All clusters of one repository at one state of its files."""

    clusters: tuple[Cluster, ...]
    findings: tuple[Finding, ...] = ()
