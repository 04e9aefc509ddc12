"""What building found, before any rule looks at it."""

from collections.abc import Iterable, Iterator

import msgspec

from gitops.model.build import Cluster, Fleet
from gitops.model.finding import Finding


def building(fleet: Fleet) -> tuple[Finding, ...]:
    """What building alone found, in order, each once."""
    found = [*fleet.findings]
    for cluster in fleet.clusters:
        found += of(cluster)
    return ordered(found)


def of(cluster: Cluster) -> Iterator[Finding]:
    """What building one cluster found."""
    for mistake in cluster.findings:
        yield within(cluster, mistake)
    for unit in cluster.units:
        for mistake in unit.findings:
            subject = mistake.subject or unit.id
            yield msgspec.structs.replace(mistake, subject=subject, cluster=cluster.name)


def within(cluster: Cluster, finding: Finding) -> Finding:
    """The same finding, with the cluster that it is about."""
    return msgspec.structs.replace(finding, cluster=cluster.name)


def ordered(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each once, in an order that depends on content alone."""
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: finding.order))
