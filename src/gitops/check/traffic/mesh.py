"""Global Services of a ClusterMesh: the same on both sides.

Source: Cilium 1.18, "Load-balancing & Service Discovery": Services of one name and namespace that
both are global share their endpoints, unless `shared` is false.
"""

from collections.abc import Iterator

import msgspec

from gitops.check.index import Index
from gitops.check.spot import Spot
from gitops.check.traffic.services import GLOBAL, Service, Services
from gitops.model.finding import Finding

_SHARED = "service.cilium.io/shared"


def services(clusters: tuple[Index, ...]) -> Iterator[Finding]:
    """Every global Service has endpoints in some cluster, and the same ports in all."""
    for facts in clusters:
        for service in facts.view(Services).all:
            others = [other for other in clusters if other is not facts]
            for found in _found(facts, service, others) if others else ():
                yield msgspec.structs.replace(found, cluster=facts.cluster.name)


def _found(facts: Index, service: Service, others: list[Index]) -> Iterator[Finding]:
    if facts.view(Services).is_global(service):
        yield from _judged(facts, service, others)
        return
    sharing = [found for other, found in _twins(service, others) if _shares(other, found)]
    if sharing and not service.selector and service.annotations.get(_SHARED) == "false":
        yield _deaf(Spot(facts, service.owned, ("metadata", "annotations")), sharing)


def _twins(service: Service, others: list[Index]) -> Iterator[tuple[Index, Service]]:
    """The Services of the same name and namespace in other clusters."""
    for other in others:
        found = other.view(Services).find(service.namespace, service.name)
        if found is not None:
            yield other, found


def _deaf(spot: Spot, sharing: list[Service]) -> Finding:
    return spot.error(
        "mesh/service-without-backend",
        f"{spot.owned.manifest.id} has no selector and is not global: it takes no endpoints from "
        "the one of the other cluster, and connections to it fail",
        f'annotate it with {GLOBAL}: "true"',
        *(each.owned for each in sharing),
    )


def _judged(facts: Index, service: Service, others: list[Index]) -> Iterator[Finding]:
    there = [*_twins(service, others)]
    known = [found for _, found in there]
    sharing = [found for other, found in there if _shares(other, found)]
    spot = Spot(facts, service.owned, ("metadata", "annotations", GLOBAL))
    if not service.selector and known and not sharing:
        yield _alone(spot, service, known)
    for other in sharing:
        yield from _ports(facts, service, other)


def _shares(facts: Index, service: Service) -> bool:
    shared = service.annotations.get(_SHARED) != "false"
    return shared and facts.view(Services).is_global(service)


def _alone(spot: Spot, service: Service, known: list[Service]) -> Finding:
    name = f"{service.namespace}/{service.name}"
    return spot.error(
        "mesh/service-without-backend",
        f"{spot.owned.manifest.id} has no selector and takes its endpoints from other clusters, "
        f"but the one of the other cluster is not global, or not shared: "
        "connections to it fail",
        f'annotate a Service {name} of the other cluster with {GLOBAL}: "true"',
        *(each.owned for each in known),
    )


def _ports(facts: Index, service: Service, other: Service) -> Iterator[Finding]:
    """Endpoints are matched by the number of the Service's port."""
    offered = {(port.number, port.protocol) for port in other.ports}
    for position, port in enumerate(service.ports):
        if offered and not service.selector and (port.number, port.protocol) not in offered:
            names = ", ".join(sorted(f"{number}/{protocol}" for number, protocol in offered))
            yield Spot(facts, service.owned, ("spec", "ports", position, "port")).error(
                "mesh/port-differs",
                f"{service.owned.manifest.id} has port {port.number}/{port.protocol}, and the one "
                f"of the other cluster has {names}: connections to it find no endpoint",
                "give both sides the same ports",
                other.owned,
            )
