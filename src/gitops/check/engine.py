"""Runs every rule over a fleet."""

from collections.abc import Iterator

import msgspec

from gitops.check import delivery, platform, schemas, traffic, wiring
from gitops.check.index import ClusterRule, FleetRule, Index
from gitops.check.knowledge import Knowledge
from gitops.model.build import Cluster, Fleet
from gitops.model.finding import Finding

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
    indexes = tuple(Index(cluster, knowledge) for cluster in fleet.clusters)
    found = [*fleet.findings]
    for facts in indexes:
        found += (_in(facts.cluster, finding) for finding in _of(facts))
    for rule in FLEET_RULES:
        found += rule(indexes)
    return _sorted(found)


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
