"""Runs every rule over a fleet."""

import itertools
from collections.abc import Mapping, Sequence

from gitops.check import (
    building,
    delivery,
    facts,
    index,
    placing,
    platform,
    schemas,
    settings,
    suppression,
    traffic,
    wiring,
)
from gitops.check.index import ClusterRule, FleetRule, Index
from gitops.check.knowledge import Knowledge
from gitops.model.build import Cluster, Fleet, Locked, Rendered, Unknown
from gitops.model.finding import Finding
from gitops.model.suppression import Judged, Suppression

RULES: tuple[ClusterRule, ...] = (
    *delivery.RULES,
    *wiring.RULES,
    *traffic.RULES,
    *platform.RULES,
    *schemas.RULES,
)

FLEET_RULES: tuple[FleetRule, ...] = (
    *facts.FLEET_RULES,
    *traffic.FLEET_RULES,
    *platform.FLEET_RULES,
)


def check(fleet: Fleet, knowledge: Knowledge | None = None) -> tuple[Finding, ...]:
    """What building found and what the rules find, in order, each once."""
    return building.ordered(_found(fleet, index.of_fleet(fleet, knowledge)))


def report(
    fleet: Fleet,
    knowledge: Knowledge,
    suppressions: Sequence[Suppression],
    *,
    whole: bool,
    indexes: tuple[Index, ...] | None = None,
) -> Judged:
    """The same, without what the repository or an object of it says is to be ignored.

    `whole` tells that no cluster was left out: only then can an entry be called unused. `indexes`
    are those of the fleet, where somebody has made them.
    """
    if indexes is None:
        indexes = index.of_fleet(fleet, knowledge)
    found = _found(fleet, indexes)
    ignore, mistakes = suppression.gather(suppressions, indexes, {each.rule for each in found})
    found = [*found, *mistakes]
    ordered, seen = building.ordered(found), not any(map(_hides_something, fleet.clusters))
    read = not any(map(_hides_files, fleet.clusters))
    return suppression.judge(ordered, ignore, knowledge.today, whole=whole, seen=seen, read=read)


def _hides_something(cluster: Cluster) -> bool:
    return any(not isinstance(unit.outcome, Rendered) for unit in cluster.units)


def _hides_files(cluster: Cluster) -> bool:
    """What is suspended or broken may have a folder of this repository that nobody looked into; the
    source of what is unknown is another."""
    built = (Rendered, Locked, Unknown)
    units = (unit for unit in cluster.units if unit.id.kind != "HelmRelease")
    return any(not isinstance(unit.outcome, built) for unit in units)


def _found(fleet: Fleet, indexes: tuple[Index, ...]) -> list[Finding]:
    by_name = {own.cluster.name: own for own in indexes}
    found = [_of_fleet(by_name, mistake) for mistake in fleet.findings]
    for own in indexes[:1]:
        schemas.begin(own)
    for own in indexes:
        mistakes = (placing.placed(own, mistake) for mistake in building.of(own.cluster))
        found += building.gathered(mistakes)
    for between in FLEET_RULES:
        found += between(indexes)
    for rule, own in itertools.product(RULES, indexes):
        shown = (settings.shown(own, mistake) for mistake in rule(own))
        found += (building.within(own.cluster, mistake) for mistake in shown)
    return found


def _of_fleet(by_name: Mapping[str, Index], found: Finding) -> Finding:
    own = by_name.get(found.cluster)
    return placing.placed(own, found) if own else found
