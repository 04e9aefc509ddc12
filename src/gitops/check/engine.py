"""Runs every rule over a fleet."""

import itertools
from collections.abc import Callable, Mapping, Sequence

import msgspec

from gitops.check import (
    building,
    certainty,
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

_ALONE: tuple[ClusterRule, ...] = schemas.RULES
"""Half of the work, and nothing that others have worked out: it is done beside the other half."""

_TOGETHER: tuple[ClusterRule, ...] = (
    *delivery.RULES,
    *wiring.RULES,
    *traffic.RULES,
    *platform.RULES,
)

RULES: tuple[ClusterRule, ...] = (*_TOGETHER, *_ALONE)

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
    alone = _begun(indexes)
    by_name = {own.cluster.name: own for own in indexes}
    found = [_of_fleet(by_name, mistake) for mistake in fleet.findings]
    for own in indexes:
        mistakes = (placing.placed(own, mistake) for mistake in building.of(own.cluster))
        found += building.gathered(mistakes)
    for between in FLEET_RULES:
        found += between(indexes)
    found += _of(_TOGETHER, indexes)
    found += msgspec.msgpack.decode(alone(), type=list[Finding])
    return [*certainty.weighed(indexes, found)]


def _begun(indexes: tuple[Index, ...]) -> Callable[[], bytes]:
    knowledge = indexes[0].knowledge if indexes else Knowledge()
    return knowledge.beside(lambda: msgspec.msgpack.encode(_of(_ALONE, indexes)))


def _of(rules: Sequence[ClusterRule], indexes: tuple[Index, ...]) -> list[Finding]:
    return [
        building.within(own.cluster, settings.shown(own, mistake))
        for rule, own in itertools.product(rules, indexes)
        for mistake in rule(own)
    ]


def _of_fleet(by_name: Mapping[str, Index], found: Finding) -> Finding:
    own = by_name.get(found.cluster)
    return placing.placed(own, found) if own else found
