"""What must hold before a node may go away: etcd has all its members and no alarm, Ceph is whole,
and every node is ready.

Source: `cmd/talosctl/cmd/talos/etcd.go` of Talos 1.13.9: an alarm is printed, and nothing if there
is none. Rook 1.20, `CephCluster`: `status.ceph.health`.
"""

from collections.abc import Iterator

from gitops.bootstrap.facts import Facts
from gitops.bootstrap.step import Await, Mentions, Phase, Says, Step
from gitops.bootstrap.tools import Tools

_Gate = tuple[str, str, Await, str]
"""Name, title, what is looked at, and what a person does."""

_CEPH = "jsonpath={.items[*].status.ceph.health}"


def steps(facts: Facts, tools: Tools, when: str, timeout: float) -> Iterator[Step]:
    """The gates; `when` tells these from others of the same plan."""
    for name, title, act, remedy in (*_members(facts, tools), *_whole(facts, tools)):
        yield Step(f"{when}/{name}", Phase.GATES, title, act, timeout, remedy, 10)


def _members(facts: Facts, tools: Tools) -> Iterator[_Gate]:
    names = tuple(name for name, _ in facts.nodes)
    for name, node in facts.nodes:
        yield (
            f"etcd-{name}",
            f"{name} counts every member of etcd",
            Await((tools.talos(node, "etcd", "members"),), Mentions(names)),
            f"`talosctl --nodes {node.address} service etcd` tells more",
        )
        yield (
            f"status-{name}",
            f"etcd of {name} is up",
            Await((tools.talos(node, "etcd", "status"),)),
            f"`talosctl --nodes {node.address} logs etcd` tells more",
        )


def _whole(facts: Facts, tools: Tools) -> Iterator[_Gate]:
    _, first = facts.first
    ceph = tools.kubectl("get", "cephclusters", "-A", "--output", _CEPH)
    ready = ("wait", "--for=condition=Ready", "--timeout=30s", "nodes", "--all")
    yield (
        "alarms",
        "etcd has no alarm",
        Await((tools.talos(first, "etcd", "alarm", "list"),), Says("")),
        "make room, `talosctl etcd defrag` on one node after the other, then `alarm disarm`",
    )
    yield (
        "ceph",
        "Ceph is whole",
        Await((ceph,), Says("HEALTH_OK")),
        "`ceph health detail` in the toolbox names what is missing: never go on without it",
    )
    yield (
        "nodes",
        "every node is ready",
        Await((tools.kubectl(*ready),)),
        "`kubectl get nodes` names the one that is not",
    )
