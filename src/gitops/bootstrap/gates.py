"""What must hold before a node may go away: etcd has all its members and no alarm, Ceph is whole,
and every node is ready.

Source: `cmd/talosctl/cmd/talos/etcd.go` of Talos 1.13.9: an alarm is printed, and nothing if there
is none. Rook 1.20, `CephCluster`: `status.ceph.health`.
"""

from collections.abc import Iterator

from gitops.bootstrap.facts import Facts
from gitops.bootstrap.step import Await, Mentions, Phase, Says, Signal, Step
from gitops.bootstrap.tools import Tools

_CEPH = "jsonpath={.items[*].status.ceph.health}"


def steps(facts: Facts, tools: Tools, when: str, timeout: float) -> Iterator[Step]:
    """The gates; `when` tells these from others of the same plan."""
    names = tuple(name for name, _ in facts.nodes)
    for name, node in facts.nodes:
        yield _gate(
            f"{when}/etcd-{name}",
            f"{name} counts every member of etcd",
            Await((tools.talos(node, "etcd", "members"),), Mentions(names)),
            timeout,
            f"`talosctl --nodes {node.address} service etcd` tells more",
        )
        yield _gate(
            f"{when}/status-{name}",
            f"etcd of {name} is up",
            Await((tools.talos(node, "etcd", "status"),)),
            timeout,
            f"`talosctl --nodes {node.address} logs etcd` tells more",
        )
    _, first = facts.first
    asked: tuple[tuple[str, str, Await, str], ...] = (
        (
            "alarms",
            "etcd has no alarm",
            Await((tools.talos(first, "etcd", "alarm", "list"),), Says("")),
            "make room, `talosctl etcd defrag` on one node after the other, then `alarm disarm`",
        ),
        (
            "ceph",
            "Ceph is whole",
            _kubectl(tools, Says("HEALTH_OK"), "get", "cephclusters", "-A", "--output", _CEPH),
            "`ceph health detail` in the toolbox names what is missing: never go on without it",
        ),
        (
            "nodes",
            "every node is ready",
            _kubectl(
                tools, None, "wait", "--for=condition=Ready", "--timeout=30s", "nodes", "--all"
            ),
            "`kubectl get nodes` names the one that is not",
        ),
    )
    for name, title, act, remedy in asked:
        yield _gate(f"{when}/{name}", title, act, timeout, remedy)


def _kubectl(tools: Tools, signal: Signal | None, *arguments: str) -> Await:
    probes = (tools.kubectl(*arguments),)
    return Await(probes, signal) if signal else Await(probes)


def _gate(name: str, title: str, act: Await, timeout: float, remedy: str) -> Step:
    return Step(name, Phase.GATES, title, act, timeout, remedy, 10)
