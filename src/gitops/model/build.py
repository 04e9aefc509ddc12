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
    """What the unit would give cannot be told here; `reason` says why, for a person. `manifests`
    are those of its objects that are known all the same."""

    reason: str
    manifests: tuple[Manifest, ...] = ()


class Broken(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """The unit fails in Flux too; the findings say why."""


Outcome = Rendered | Locked | Suspended | Unknown | Broken


class ChartUse(msgspec.Struct, frozen=True, array_like=True):
    """The chart a release is rendered from, by address and exact version.

    The digests and `app_version` are known only where the chart itself is here. `values` is the
    fingerprint of all that it is rendered with, as locks have it. `unread` are paths of values that
    change nothing.
    """

    address: str
    version: str
    values: str
    digest: str = ""
    origin_digest: str = ""
    app_version: str = ""
    unread: tuple[tuple[str, ...], ...] = ()


class Unit(msgspec.Struct, frozen=True, array_like=True):
    """A Flux Kustomization or HelmRelease, and what became of it.

    `parent` is the unit that rendered the object; None for a root. `used_variables` are the names
    that substitution found in its objects, sorted. `chart` is set for a HelmRelease whose chart
    and values could be told.
    """

    id: ObjectId
    origin: Origin
    parent: ObjectId | None
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    used_variables: tuple[str, ...] = ()
    chart: ChartUse | None = None

    @property
    def manifests(self) -> tuple[Manifest, ...]:
        """The objects that are known of this unit."""
        match self.outcome:
            case Rendered(manifests) | Locked(manifests, _) | Unknown(_, manifests):
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
