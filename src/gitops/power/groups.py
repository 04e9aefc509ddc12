"""What goes down and up together: each cluster, and the NAS."""

from collections.abc import Mapping, Sequence

import msgspec

from gitops.bootstrap.facts import Facts
from gitops.bootstrap.journal import Journal
from gitops.bootstrap.step import Phase, Plan
from gitops.model.estate import Estate
from gitops.power import down, nas, up
from gitops.power.order import Order


class Group(msgspec.Struct, frozen=True):
    """Its name, the way down and the way up, and what its last step down is called."""

    name: str
    down: Plan
    up: Plan

    def is_down(self, journal: Journal) -> bool:
        """Whether every machine of it was switched off, by the journal of the way down."""
        machines = [step for step in self.down.steps if step.phase in (Phase.NODES, Phase.NAS)]
        return all(journal.is_done(step.name) for step in machines)


def of(
    estate: Estate, orders: Mapping[str, Order], folders: Mapping[str, str]
) -> tuple[Group, ...]:
    """All of them in the order in which they go down: the longer the runtime that one needs, the
    earlier it goes. `folders` are where the files that let us into each cluster are kept."""
    below = estate.power.ups.shutdown_below
    names = sorted(below, key=lambda name: -below[name])
    return tuple(_group(name, estate, orders, folders) for name in names)


def _group(
    name: str, estate: Estate, orders: Mapping[str, Order], folders: Mapping[str, str]
) -> Group:
    if name == nas.NAME:
        return Group(name, nas.down(estate.nas), nas.up(estate.nas))
    versions = estate.versions
    cluster = estate.clusters[name]
    facts = Facts(name, cluster, versions.talos, versions.kubernetes, folders[name])
    broadcast = estate.vlans[estate.management].subnet.broadcast_address
    plans = (down.plan(facts, orders[name]), up.plan(facts, orders[name], broadcast))
    return Group(name, *plans)


def chosen(groups: Sequence[Group], names: Sequence[str]) -> tuple[Group, ...]:
    """Those of these names, or all, in the order in which they go down."""
    return tuple(each for each in groups if not names or each.name in names)


def seconds(groups: Sequence[Group], estate: Estate) -> dict[str, float]:
    """How long each may take to go down: until the next one has to, and the last as long as the
    battery counts as not yet low."""
    below = estate.power.ups.shutdown_below
    limits = [below[each.name] for each in groups]
    ends = [*limits[1:], limits[-1] // 2] if limits else []
    return {
        each.name: float(begin - end) for each, begin, end in zip(groups, limits, ends, strict=True)
    }
