"""From one version of Talos or Kubernetes to the one in the facts: node by node, through gates.

Source: `cmd/talosctl/cmd/talos/upgrade.go` and `upgrade-k8s.go` of Talos 1.13.9.
"""

from collections.abc import Iterator

from gitops.bootstrap import access, gates
from gitops.bootstrap.facts import Facts
from gitops.bootstrap.step import Await, Ensure, Once, Phase, Plan, Says, Step
from gitops.bootstrap.tools import Tools
from gitops.model.estate import Node

_MINUTE = 60.0
_BEFORE = 2 * _MINUTE
_AFTER = 60 * _MINUTE
"""Ceph copies what was written meanwhile; an hour is a guess, for a node away for minutes."""


def talos(facts: Facts) -> Plan:
    """Talos on every node, one after the other. One that has the version already is left alone."""
    tools = Tools(facts)
    found: list[Step] = [access.talosconfig(facts), *access.kubeconfig(facts, tools)]
    found += gates.steps(facts, tools, "before", _BEFORE)
    found.append(_snapshot(facts, tools, f"talos-{facts.talos}"))
    for name, node in facts.nodes:
        found.append(_node(facts, tools, name, node))
        found += gates.steps(facts, tools, f"after-{name}", _AFTER)
    return Plan(f"upgrade-talos-{facts.name}", facts.name, tuple(found))


def kubernetes(facts: Facts) -> Plan:
    """Kubernetes on all nodes: talosctl goes from one to the next, and tells when one fails."""
    tools = Tools(facts)
    _, first = facts.first
    version = facts.kubernetes.removeprefix("v")
    upgrade = tools.talos(
        first,
        "upgrade-k8s",
        "--to",
        version,
        "--with-docs=false",
        "--with-examples=false",
        timeout=3600,
    )
    found: list[Step] = [access.talosconfig(facts), *access.kubeconfig(facts, tools)]
    found += gates.steps(facts, tools, "before", _BEFORE)
    found.append(_snapshot(facts, tools, f"kubernetes-{facts.kubernetes}"))
    found.append(
        Step(
            "kubernetes",
            Phase.UPGRADE,
            f"Kubernetes {version} on every node",
            Ensure(upgrade, always=True),
            90 * _MINUTE,
            "what is upgraded already stays: the same command goes on with the rest",
        )
    )
    found += _kubelets(facts, tools)
    found += gates.steps(facts, tools, "after", _AFTER)
    return Plan(f"upgrade-kubernetes-{facts.name}", facts.name, tuple(found))


def _snapshot(facts: Facts, tools: Tools, what: str) -> Step:
    _, first = facts.first
    path = f"{facts.folder}/etcd-before-{what}.snapshot"
    return Step(
        "snapshot",
        Phase.SNAPSHOT,
        f"etcd is kept in {path}",
        Ensure(tools.talos(first, "etcd", "snapshot", path, timeout=600)),
        10 * _MINUTE,
        "without a way back there is no way on",
    )


def _node(facts: Facts, tools: Tools, name: str, node: Node) -> Step:
    image = f"factory.talos.dev/metal-installer/{facts.schematic}:{facts.talos}"
    upgrade = tools.talos(node, "upgrade", "--image", image, timeout=2400)
    runs = tools.kubectl("get", "node", name, "--output", "jsonpath={.status.nodeInfo.osImage}")
    return Step(
        f"talos/{name}",
        Phase.UPGRADE,
        f"Talos {facts.talos} on {name}",
        Once(upgrade, name, Await((runs,), Says(f"Talos ({facts.talos})"))),
        45 * _MINUTE,
        f"after a start that fails, {name} goes back to what it had: look at its console by the "
        f"KVM, port {node.kvm_port}",
        10,
    )


def _kubelets(facts: Facts, tools: Tools) -> Iterator[Step]:
    for name, _ in facts.nodes:
        runs = tools.kubectl(
            "get", "node", name, "--output", "jsonpath={.status.nodeInfo.kubeletVersion}"
        )
        yield Step(
            f"kubelet/{name}",
            Phase.UPGRADE,
            f"the kubelet of {name} is {facts.kubernetes}",
            Await((runs,), Says(facts.kubernetes)),
            15 * _MINUTE,
            "`talosctl service kubelet` of the node tells why",
        )
