"""What building found, before any rule looks at it."""

from collections.abc import Iterable, Iterator

import msgspec

from gitops.model.build import Cluster, Fleet
from gitops.model.finding import Finding, Severity
from gitops.model.origin import Location

_OF_OTHERS = frozenset(("flux/missing-variables",))
"""What is wrong with something that units name, and not with them."""


def building(fleet: Fleet) -> tuple[Finding, ...]:
    """What building alone found, in order, each once."""
    found = [*fleet.findings]
    for cluster in fleet.clusters:
        found += gathered(of(cluster))
    return ordered(found)


def of(cluster: Cluster) -> Iterator[Finding]:
    """What building one cluster found."""
    for mistake in cluster.findings:
        yield within(cluster, mistake)
    for unit in cluster.units:
        for mistake in unit.findings:
            subject = mistake.subject or unit.id
            yield msgspec.structs.replace(mistake, subject=subject, cluster=cluster.name)


def gathered(found: Iterable[Finding]) -> Iterator[Finding]:
    """What one cluster's units say of a thing that none of them has, at the first of them: with
    equal places they are one mistake, and the units are where it reaches."""
    told = tuple(found)
    first: dict[tuple[Severity, str, str], Location] = {}
    for each in told:
        if each.rule in _OF_OTHERS:
            key = (each.severity, each.rule, each.message)
            first[key] = min(first.get(key, each.at), each.at)
    for each in told:
        at = first.get((each.severity, each.rule, each.message), each.at)
        yield msgspec.structs.replace(each, at=at)


def within(cluster: Cluster, finding: Finding) -> Finding:
    """The same finding, with the cluster that it is about."""
    return msgspec.structs.replace(finding, cluster=cluster.name)


def ordered(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each once, in an order that depends on content alone."""
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: finding.order))
