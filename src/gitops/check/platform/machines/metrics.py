"""Metrics of the control plane, which Talos gives to its own machine alone.

Source: siderolabs/talos v1.13.9, `controllers/k8s/control_plane_static_pod.go`: scheduler and
controller manager get `bind-address` 127.0.0.1; `controllers/etcd/spec.go`: etcd gets no
`listen-metrics-urls`. Their `extraArgs` say otherwise.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import msgspec

from gitops.check import index
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.platform.machines import configured
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.machine import Machine

_COMPONENTS = {2381: "etcd", 10257: "controllerManager", 10259: "scheduler"}
"""Source: kubernetes, pkg/cluster/ports; etcd's is the custom of kubeadm and of charts."""
_ARGUMENTS = {"etcd": "listen-metrics-urls"}
_OWN = ("127.0.0.1", "localhost", "::1", "")
_PORT = re.compile(r":(?P<port>[0-9]+)\Z")


class Asked(msgspec.Struct, frozen=True):
    """A port of nodes that somebody asks for metrics."""

    owned: Owned
    way: tuple[str | int, ...]
    port: int


def alone(facts: Index) -> Iterator[Finding]:
    """What is asked for metrics at the address of its node listens there."""
    for machine in facts.view(configured.machines):
        if machine.get("machine", "type") == "controlplane":
            for asked in facts.view(_asked):
                component = _COMPONENTS[asked.port]
                if not _listens(machine, component, asked.port):
                    yield _alone(facts, machine, asked, component)


def _alone(facts: Index, machine: Machine, asked: Asked, component: str) -> Finding:
    who, argument = asked.owned.manifest.id, _ARGUMENTS.get(component, "bind-address")
    wanted = f"http://0.0.0.0:{asked.port}" if component == "etcd" else "0.0.0.0"
    mistake = finding.error(
        "talos/metrics",
        machine.at("cluster", component, "extraArgs", argument),
        f"{component} does not listen at port {asked.port} of the addresses of its machine, where "
        f"{who} asks it for metrics",
        f"give it the argument {argument}: {wanted}",
        facts.at(asked.owned, *asked.way),
    )
    return index.about(who, mistake)


def _listens(machine: Machine, component: str, port: int) -> bool:
    given = mapping(machine.get("cluster", component, "extraArgs"))
    said = given.get(_ARGUMENTS.get(component, "bind-address"))
    values = [text(each) for each in said] if isinstance(said, list) else [text(said)]
    if component == "etcd":
        urls = (urlsplit(url.strip()) for each in values for url in each.split(","))
        return any(url.port == port and (url.hostname or "") not in _OWN for url in urls)
    return not all(each in _OWN for each in values)


def _asked(facts: Index) -> tuple[Asked, ...]:
    found = (*_nodes(facts), *_services(facts))
    return tuple(each for each in found if each.port in _COMPONENTS)


def _nodes(facts: Index) -> Iterator[Asked]:
    """By a VMNodeScrape, which asks nodes: at a port, or at the address that it is told to take."""
    for owned in facts.of("operator.victoriametrics.com", "VMNodeScrape"):
        spec = mapping(facts.body(owned.manifest).get("spec"))
        if port := _number(spec.get("port")):
            yield Asked(owned, ("spec", "port"), port)
        for number, each in enumerate(map(mapping, listing(spec.get("relabelConfigs")))):
            taken = each.get("targetLabel") or each.get("target_label")
            found = _PORT.search(text(each.get("replacement")))
            if taken == "__address__" and found:
                way = ("spec", "relabelConfigs", number, "replacement")
                yield Asked(owned, way, int(found["port"]))


def _services(facts: Index) -> Iterator[Asked]:
    """By a Service before the pods of a component, which have the network of their node: that is
    what charts of Prometheus bring."""
    for owned in facts.of("", "Service"):
        ports = listing(at(facts.body(owned.manifest), "spec", "ports"))
        for number, each in enumerate(map(mapping, ports)):
            port = _number(each.get("targetPort") or each.get("port"))
            if owned.manifest.id.namespace == "kube-system" and port:
                yield Asked(owned, ("spec", "ports", number), port)


def _number(value: Any) -> int:
    return int(value) if str(value).isdigit() else 0


RULES = (alone,)
