"""Runs every rule over a fleet."""

from collections.abc import Callable, Iterator

import msgspec

from gitops.check import dependencies, health, namespaces, owners, references, variables
from gitops.check.index import Index
from gitops.model.build import Cluster, Fleet
from gitops.model.finding import Finding

RULES: tuple[Callable[[Index], Iterator[Finding]], ...] = (
    dependencies.missing,
    dependencies.cycles,
    health.inert,
    namespaces.missing,
    owners.duplicates,
    references.sources,
    variables.unused,
)


def check(fleet: Fleet) -> tuple[Finding, ...]:
    """What building found and what the rules find, in order, each once."""
    return _sorted(fleet, _of)


def building(fleet: Fleet) -> tuple[Finding, ...]:
    """What building alone found, in order, each once."""
    return _sorted(fleet, _built)


def _sorted(fleet: Fleet, find: Callable[[Cluster], Iterator[Finding]]) -> tuple[Finding, ...]:
    found = [*fleet.findings]
    for cluster in fleet.clusters:
        found += (_in(cluster, finding) for finding in find(cluster))
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: finding.order))


def _of(cluster: Cluster) -> Iterator[Finding]:
    yield from _built(cluster)
    facts = Index(cluster)
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
