"""Monitors: what they select, and by which ports it is scraped.

Source: prometheus-operator, ServiceMonitor and PodMonitor (monitoring.coreos.com/v1), and
VictoriaMetrics operator, VMServiceScrape and VMPodScrape, which have the same form.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import msgspec

from gitops.check import selectors
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.pods import Template
from gitops.check.spot import Spot
from gitops.check.traffic.gateways import bodies
from gitops.check.traffic.services import Service, Services, container_ports
from gitops.check.traffic.sight import Sight
from gitops.model.finding import Finding

COREOS = "monitoring.coreos.com"
VICTORIA = "operator.victoriametrics.com"

_OF_SERVICES = ((COREOS, "ServiceMonitor"), (VICTORIA, "VMServiceScrape"))
_OF_PODS = ((COREOS, "PodMonitor"), (VICTORIA, "VMPodScrape"))

_API_SERVER = {"component": "apiserver", "provider": "kubernetes"}
"""The labels of the Service `kubernetes`, which every cluster has in `default`."""


class Endpoint(msgspec.Struct, frozen=True):
    """One entry of a monitor. `port` is a name; `target` a number, or a name of the pods."""

    position: int
    port: str
    target: int | str


class Monitor(msgspec.Struct, frozen=True):
    """A monitor; `field` is where its endpoints are."""

    owned: Owned
    spec: dict[str, Any]
    field: str

    @property
    def selector(self) -> dict[str, Any]:
        """What it selects by."""
        return mapping(self.spec.get("selector"))

    @property
    def namespaces(self) -> list[str] | None:
        """Where it selects; None for everywhere."""
        wanted = mapping(self.spec.get("namespaceSelector"))
        names = [name for name in listing(wanted.get("matchNames")) if text(name)]
        if wanted.get("any") is True:
            return None
        return names or [self.owned.manifest.id.namespace]

    @property
    def endpoints(self) -> Iterator[Endpoint]:
        """How it scrapes what it selects."""
        for position, each in enumerate(listing(self.spec.get(self.field))):
            entry = mapping(each)
            target = entry.get("portNumber") or entry.get("targetPort")
            target = target if isinstance(target, int | str) else ""
            yield Endpoint(position, text(entry.get("port")), target)


class Monitors:
    """All monitors of a cluster, with what they select."""

    def __init__(self, facts: Index) -> None:
        self._facts = facts
        self._services = facts.view(Services)

    @cached_property
    def of_services(self) -> list[tuple[Monitor, list[Service]]]:
        """Those of Services, with the Services."""
        found = [Monitor(owned, spec, "endpoints") for owned, spec in self._specs(_OF_SERVICES)]
        return [(monitor, [*self._selected(monitor)]) for monitor in found]

    @cached_property
    def of_pods(self) -> list[tuple[Monitor, list[Template]]]:
        """Those of pods, with the templates of the pods."""
        field = "podMetricsEndpoints"
        found = [Monitor(owned, spec, field) for owned, spec in self._specs(_OF_PODS)]
        return [(monitor, [*self._pods(monitor)]) for monitor in found]

    def _specs(self, kinds: tuple[tuple[str, str], ...]) -> Iterator[tuple[Owned, dict[str, Any]]]:
        for group, kind in kinds:
            for owned, body in bodies(self._facts, group, kind):
                yield owned, mapping(body.get("spec"))

    def _selected(self, monitor: Monitor) -> Iterator[Service]:
        within = self._services.within
        for namespace in within if monitor.namespaces is None else monitor.namespaces:
            for service in within.get(namespace, ()):
                if selectors.matches(monitor.selector, service.labels):
                    yield service

    def _pods(self, monitor: Monitor) -> Iterator[Template]:
        pods = self._services.pods
        for namespace in pods if monitor.namespaces is None else monitor.namespaces:
            for template in pods.get(namespace, ()):
                if selectors.matches(monitor.selector, template.labels):
                    yield template


def idle(facts: Index) -> Iterator[Finding]:
    """Every monitor selects something."""
    monitors = facts.view(Monitors)
    for monitor, services in monitors.of_services:
        if not services and not _selects_api_server(monitor):
            yield _idle(facts, monitor, "Service")
    for monitor, pods in monitors.of_pods:
        if not pods:
            yield _idle(facts, monitor, "pod")


def _selects_api_server(monitor: Monitor) -> bool:
    namespaces = monitor.namespaces
    here = namespaces is None or "default" in namespaces
    return here and selectors.matches(monitor.selector, _API_SERVER)


def _idle(facts: Index, monitor: Monitor, what: str) -> Finding:
    sight, namespaces = facts.view(Sight), monitor.namespaces
    where = "any namespace" if namespaces is None else f"namespace {', '.join(namespaces)}"
    return sight.absent(
        "monitor/selects-nothing",
        Spot(facts, monitor.owned, ("spec", "selector")),
        sight.darkest(namespaces),
        f"{monitor.owned.manifest.id} selects {selectors.shown(monitor.selector)} in {where}, "
        f"where no {what} has these labels: nothing is scraped",
        "correct the selector, or say in namespaceSelector where to look",
    )


def portless(facts: Index) -> Iterator[Finding]:
    """Every endpoint of a monitor is a port of something that it selects."""
    monitors = facts.view(Monitors)
    for monitor, services in monitors.of_services:
        if any(not service.ports for service in services):
            continue
        for endpoint in monitor.endpoints if services else ():
            names = sorted({port.name for service in services for port in service.ports})
            if endpoint.port and endpoint.port not in names:
                spot = Spot(facts, monitor.owned, ("spec", "endpoints", endpoint.position, "port"))
                yield _portless(spot, endpoint.port, services[0].owned, names)
            elif endpoint.target and not endpoint.port:
                behind = [pod for each in services for pod in facts.view(Services).backends(each)]
                yield from _targetless(facts, monitor, endpoint, behind)
    for monitor, pods in monitors.of_pods:
        for endpoint in monitor.endpoints:
            yield from _targetless(facts, monitor, endpoint, pods)


def _targetless(
    facts: Index, monitor: Monitor, endpoint: Endpoint, behind: list[Template]
) -> Iterator[Finding]:
    """Prometheus finds pods by the ports that their containers declare."""
    ports = [port for template in behind for port in container_ports(template)]
    field = "port" if endpoint.port else "targetPort"
    wanted = endpoint.port or endpoint.target
    known = {port[0] for port in ports} | {port[1] for port in ports}
    if ports and wanted and wanted not in known:
        spot = Spot(facts, monitor.owned, ("spec", monitor.field, endpoint.position, field))
        names = sorted({name or str(number) for name, number, _ in ports})
        yield _portless(spot, wanted, behind[0].owner, names)


def _portless(spot: Spot, wanted: int | str, selected: Owned, names: list[str]) -> Finding:
    known = ", ".join(name for name in names if name) or "ports without names"
    return spot.error(
        "monitor/port-missing",
        f"{spot.owned.manifest.id} scrapes port {wanted}, and {selected.manifest.id}, which it "
        f"selects, has {known}: nothing is scraped",
        "use the name of a port; of a Service, that of its port and not its number",
        selected,
    )


class Scraped(msgspec.Struct, frozen=True):
    """Pods that are scraped at a port, and the monitor that says so."""

    monitor: Monitor
    endpoint: Endpoint
    template: Template
    port: int


def scraped(facts: Index) -> Iterator[Scraped]:
    """What is scraped, as far as its ports are known."""
    monitors, services = facts.view(Monitors), facts.view(Services)
    for monitor, selected in monitors.of_services:
        for service in selected:
            for template in services.backends(service):
                for endpoint in monitor.endpoints:
                    targets = [p.target for p in service.ports if endpoint.port == p.name]
                    targets = targets or ([] if endpoint.port else [endpoint.target])
                    yield from _scraped(monitor, endpoint, template, targets)
    for monitor, pods in monitors.of_pods:
        for template in pods:
            for endpoint in monitor.endpoints:
                yield from _scraped(monitor, endpoint, template, [endpoint.port or endpoint.target])


def _scraped(
    monitor: Monitor, endpoint: Endpoint, template: Template, targets: list[int | str]
) -> Iterator[Scraped]:
    for target in targets:
        for number in numbers(template, target):
            yield Scraped(monitor, endpoint, template, number)


def numbers(template: Template, target: int | str) -> list[int]:
    """The numbers of a port that may have a name."""
    if isinstance(target, int):
        return [target]
    return [number for name, number, _ in container_ports(template) if name == target]


def specs(facts: Index, group: str, kind: str) -> Iterator[tuple[Owned, dict[str, Any]]]:
    """The objects of a kind with their specs."""
    for owned, body in bodies(facts, group, kind):
        yield owned, mapping(at(body, "spec"))
