"""The machines of a cluster, and a port of theirs that something in it takes."""

from collections.abc import Iterator

import msgspec

from gitops.check import pods
from gitops.check.fields import listing, mapping, text
from gitops.check.index import Index
from gitops.model.machine import Machine


class HostPort(msgspec.Struct, frozen=True):
    """A port of a node that a pod takes."""

    number: int
    protocol: str


def machines(facts: Index) -> tuple[Machine, ...]:
    """Those of a cluster that are configured from the repository."""
    name = facts.cluster.name
    return tuple(each for each in facts.knowledge.machines if each.cluster == name)


def host_ports(facts: Index) -> frozenset[HostPort]:
    """The ports that pods of the cluster take of their nodes.

    Source: kubernetes, pkg/apis/core/v1/defaults.go: with hostNetwork, every port of a container.
    """
    return frozenset(_host_ports(facts))


def _host_ports(facts: Index) -> Iterator[HostPort]:
    for template in pods.templates(facts):
        host = template.spec.get("hostNetwork") is True
        for _, container in template.containers:
            for port in map(mapping, listing(container.get("ports"))):
                number = port.get("hostPort") or (port.get("containerPort") if host else None)
                if isinstance(number, int):
                    yield HostPort(number, text(port.get("protocol")) or "TCP")
