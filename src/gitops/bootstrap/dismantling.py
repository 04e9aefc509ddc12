"""From a cluster back to machines without a configuration. Everything on their disks is lost.

Source: `cmd/talosctl/cmd/talos/reset.go` of Talos 1.13.9. Wiping STATE takes the configuration, so
a machine comes back from its own disk, in maintenance mode.
"""

from gitops.bootstrap import access
from gitops.bootstrap.facts import Facts
from gitops.bootstrap.step import Await, Mentions, Once, Phase, Plan, Step
from gitops.bootstrap.tools import Tools
from gitops.model.estate import Node

_LABELS = ("STATE", "EPHEMERAL", "u-local-hostpath")
"""Partitions of the cluster: its configuration, pods with etcd, and local volumes."""


def plan(facts: Facts) -> Plan:
    """Every node, without asking etcd or Kubernetes: there is nothing to be kept together."""
    tools = Tools(facts)
    looks = [_identity(tools, name, node) for name, node in facts.nodes]
    resets = [_reset(tools, name, node) for name, node in facts.nodes]
    return Plan(f"teardown-{facts.name}", facts.name, (access.talosconfig(facts), *looks, *resets))


def _identity(tools: Tools, name: str, node: Node) -> Step:
    disks = ("get", "disks", "--output", "yaml")
    wwids = (node.disks.install.wwid, node.disks.ceph.wwid, node.disks.local.wwid)
    return Step(
        f"machine/{name}",
        Phase.PRECONDITIONS,
        f"the machine at {node.address} is {name}",
        Await((tools.talos(node, *disks), tools.machine(node, *disks)), Mentions(wwids)),
        60,
        "another machine answers there, or none: nothing was wiped",
    )


def _reset(tools: Tools, name: str, node: Node) -> Step:
    labels = (f"--system-labels-to-wipe={label}" for label in _LABELS)
    reset = tools.talos(
        node,
        "reset",
        "--graceful=false",
        "--reboot",
        "--wait=false",
        *labels,
        f"--user-disks-to-wipe={node.disks.ceph.path}",
        timeout=300,
    )
    waits = tools.machine(node, "get", "disks", "--output", "yaml")
    return Step(
        f"reset/{name}",
        Phase.RESET,
        f"{name} has no configuration any more",
        Once(reset, str(node.address), Await((waits,))),
        30 * 60.0,
        f"look at its console by the KVM, port {node.kvm_port}",
        10,
    )
