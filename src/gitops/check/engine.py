"""Runs every rule over a fleet."""

from collections.abc import Iterator, Sequence

import msgspec

from gitops.check import delivery, platform, schemas, suppression, traffic, wiring
from gitops.check.catalogue import RULES as CATALOGUE
from gitops.check.index import ClusterRule, FleetRule, Index
from gitops.check.knowledge import Knowledge
from gitops.check.suppression import Judged
from gitops.model.build import Cluster, Fleet
from gitops.model.finding import Finding
from gitops.model.suppression import Suppression

RULES: tuple[ClusterRule, ...] = (
    *delivery.RULES,
    *schemas.RULES,
    *wiring.RULES,
    *traffic.RULES,
    *platform.RULES,
)

FLEET_RULES: tuple[FleetRule, ...] = (*platform.FLEET_RULES,)


def check(fleet: Fleet, knowledge: Knowledge | None = None) -> tuple[Finding, ...]:
    """What building found and what the rules find, in order, each once."""
    return _sorted(_found(fleet, _indexes(fleet, knowledge or Knowledge())))


def report(
    fleet: Fleet, knowledge: Knowledge, suppressions: Sequence[Suppression], *, whole: bool
) -> Judged:
    """The same, without what the repository or an object of it says is to be ignored.

    `whole` tells that no cluster was left out: only then can an entry be called unused.
    """
    indexes = _indexes(fleet, knowledge)
    found = _found(fleet, indexes)
    found += suppression.unknown(suppressions, CATALOGUE)
    ignored = [each for each in suppressions if each.rule in CATALOGUE]
    for facts in indexes:
        written, mistakes = suppression.written(facts, CATALOGUE)
        ignored += written
        found += (_in(facts.cluster, mistake) for mistake in mistakes)
    return suppression.judge(_sorted(found), ignored, knowledge.today, whole=whole)


def _indexes(fleet: Fleet, knowledge: Knowledge) -> tuple[Index, ...]:
    return tuple(Index(cluster, knowledge) for cluster in fleet.clusters)


def _found(fleet: Fleet, indexes: tuple[Index, ...]) -> list[Finding]:
    found = [*fleet.findings]
    for facts in indexes:
        found += (_in(facts.cluster, finding) for finding in _of(facts))
    for rule in FLEET_RULES:
        found += rule(indexes)
    return found


def building(fleet: Fleet) -> tuple[Finding, ...]:
    """What building alone found, in order, each once."""
    found = [*fleet.findings]
    for cluster in fleet.clusters:
        found += (_in(cluster, finding) for finding in _built(cluster))
    return _sorted(found)


def _sorted(found: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: finding.order))


def _of(facts: Index) -> Iterator[Finding]:
    yield from _built(facts.cluster)
    for rule in RULES:
        yield from rule(facts)


def _built(cluster: Cluster) -> Iterator[Finding]:
    yield from cluster.findings
    for unit in cluster.units:
        for finding in unit.findings:
            subject = finding.subject or unit.id
            yield msgspec.structs.replace(finding, subject=subject)


def _in(cluster: Cluster, finding: Finding) -> Finding:
    return msgspec.structs.replace(finding, cluster=cluster.name)
