"""Which namespaces of a cluster stop when, told from where their unit stands in the tree.

Consumers stop before databases, and what carries everything, network and storage, stays until its
machine stops. Within a stage the names decide: nothing in it waits for another of it.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum

import msgspec

from gitops.check.index import Index

_POSTGRES = "postgresql.cnpg.io"
_GROUND = frozenset({"networking", "storage"})


class Stage(StrEnum):
    """Who stops together, in this order."""

    WORKLOADS = "workloads"
    SERVICES = "services"
    DATABASES = "databases"


class Named(msgspec.Struct, frozen=True, order=True):
    """An object that has a namespace."""

    namespace: str
    name: str


class Order(msgspec.Struct, frozen=True):
    """Namespaces by stage, what Flux runs in, and the PostgreSQL and Ceph clusters."""

    namespaces: dict[Stage, tuple[str, ...]]
    postgres: tuple[Named, ...] = ()
    ceph: tuple[Named, ...] = ()
    flux: str = "flux-system"


def of(facts: Index) -> Order:
    """The order of one compiled cluster."""
    found: dict[Stage, set[str]] = {stage: set() for stage in Stage}
    for namespace, stage in _stages(facts):
        found[stage].add(namespace)
    return Order(
        {stage: tuple(sorted(names)) for stage, names in found.items()},
        _named(facts, _POSTGRES, "Cluster"),
        _named(facts, "ceph.rook.io", "CephCluster"),
    )


def _named(facts: Index, group: str, kind: str) -> tuple[Named, ...]:
    ids = (owned.manifest.id for owned in facts.of(group, kind))
    return tuple(sorted(Named(each.namespace, each.name) for each in ids))


def _stages(facts: Index) -> Iterator[tuple[str, Stage]]:
    paths = {found.id.key: found.spec.path for found in facts.kustomizations}
    for owned in facts.of("", "Namespace"):
        stage = _stage(paths.get(owned.unit.id.key, "").removeprefix("./").split("/"))
        if stage is not None:
            yield owned.manifest.id.name, stage


def _stage(path: Sequence[str]) -> Stage | None:
    match path:
        case [_, "workloads", *_]:
            return Stage.WORKLOADS
        case [_, "infrastructure", domain, *_] if domain in _GROUND:
            return None
        case [_, "infrastructure", "databases", *_]:
            return Stage.DATABASES
        case [_, "infrastructure", *_]:
            return Stage.SERVICES
    return None
