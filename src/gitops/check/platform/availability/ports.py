"""Ports of nodes: on a node, one pod has each.

Source: kubernetes, pkg/apis/core/v1/defaults.go: with hostNetwork every port of a container is one
of the node; pkg/scheduler/framework/types.go, HostPortInfo: two pods clash where port and protocol
are the same, and the addresses are the same or one of them is all.
"""

from collections.abc import Iterator

import msgspec

from gitops.check import index, pods
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index
from gitops.check.operators import MADE
from gitops.check.pods import Template
from gitops.model import finding
from gitops.model.finding import Finding

_ALL = "0.0.0.0"
_SHORT = ("CronJob", "Job", "Pod")


class _Port(msgspec.Struct, frozen=True):
    """A port of a node, and who takes it where."""

    template: Template
    way: tuple[str | int, ...]
    number: int
    protocol: str
    address: str

    def clashes(self, other: "_Port") -> bool:
        """Whether pods of both can never be on one node."""
        same = (self.number, self.protocol) == (other.number, other.protocol)
        apart = self.template.owner is not other.template.owner
        return (
            same
            and apart
            and (self.address == other.address or _ALL in (self.address, other.address))
        )


def taken_twice(facts: Index) -> Iterator[Finding]:
    """What a DaemonSet takes of every node is left for nobody else."""
    everywhere: list[_Port] = []
    for port in _ports(facts):
        held = next((each for each in everywhere if each.clashes(port)), None)
        if held is not None:
            is_made = port.template.owner.manifest.incomplete == MADE
            yield _clash(facts, held, port) if is_made else _clash(facts, port, held)
        elif _is_everywhere(port.template):
            everywhere.append(port)


def _ports(facts: Index) -> Iterator[_Port]:
    """DaemonSets come first: they are in the order of kinds."""
    for template in pods.templates(facts):
        found = template.owner.manifest
        if found.id.kind in _SHORT or found.incomplete == "locked":
            continue
        host = template.spec.get("hostNetwork") is True
        for way, container in template.containers:
            for place, port in enumerate(listing(container.get("ports"))):
                given = mapping(port)
                field = "hostPort" if given.get("hostPort") or not host else "containerPort"
                number = given.get(field)
                if isinstance(number, int) and number and template.replicas:
                    address = text(given.get("hostIP")) or _ALL
                    protocol = text(given.get("protocol")) or "TCP"
                    yield _Port(template, (*way, "ports", place, field), number, protocol, address)


def _is_everywhere(template: Template) -> bool:
    is_daemon = template.owner.manifest.id.kind == "DaemonSet"
    chosen = template.spec.get("nodeSelector") or at(template.spec, "affinity", "nodeAffinity")
    return is_daemon and (not chosen or template.spec.get("nodeSelector") == _LINUX)


_LINUX = {"kubernetes.io/os": "linux"}


def _clash(facts: Index, port: _Port, held: _Port) -> Finding:
    who, other = port.template.owner.manifest.id, held.template.owner.manifest
    mistake = finding.error(
        "availability/host-port",
        facts.at(port.template.owner, *port.way),
        f"{who} takes port {port.number} of its nodes, which {other.id} takes on every node: the "
        "pods of one of them never run",
        "choose another port, or keep them on different nodes",
        facts.at(held.template.owner, *held.way),
    )
    return index.about(who, mistake)


RULES = (taken_twice,)
