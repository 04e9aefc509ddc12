"""How a cluster stops: who consumes first, databases next, machines last.

Pods are deleted, not scaled: on nodes that take none, their successors wait, and start by
themselves once the nodes take pods again. Nobody has to remember anything for that.
Source: Talos, `talosctl shutdown`; without `--force` it drains a node, and there is nowhere to go.
"""

from collections.abc import Iterator

from gitops.bootstrap.facts import Facts
from gitops.bootstrap.step import Await, Ensure, Phase, Plan, Says, Step
from gitops.bootstrap.tools import Tools
from gitops.power import ceph, postgres
from gitops.power.order import Order, Stage

_RUNNING = 'jsonpath={.items[?(@.metadata.ownerReferences[0].kind!="DaemonSet")].metadata.name}'


def plan(facts: Facts, order: Order) -> Plan:
    """Every step, in order."""
    tools = Tools(facts)
    steps = (*_closed(facts, tools, order), *_stopped(tools, order), *_machines(facts, tools))
    return Plan(f"power-down-{facts.name}", facts.name, steps)


def _closed(facts: Facts, tools: Tools, order: Order) -> Iterator[Step]:
    reach = Await((tools.kubectl("get", "--raw=/readyz"),))
    remedy = "without the API only machines can be switched off: --go-on does that"
    yield Step("reach", Phase.PRECONDITIONS, "the API server answers", reach, 30, remedy)
    names = [name for name, _ in facts.nodes]
    cordon = Ensure(tools.kubectl("cordon", *names))
    remedy = "cordon them by hand, so that nothing starts again"
    yield Step("cordon", Phase.GATES, "no node takes pods", cordon, 60, remedy)
    yield from _emptied(tools, (order.flux,), Phase.FLUX)


def _stopped(tools: Tools, order: Order) -> Iterator[Step]:
    for stage in (Stage.WORKLOADS, Stage.SERVICES):
        yield from _emptied(tools, order.namespaces[stage], Phase.WORKLOADS)
    for each in order.postgres:
        yield from postgres.down(tools, each)
    yield from _emptied(tools, order.namespaces[Stage.DATABASES], Phase.DATABASES)
    for cluster in order.ceph:
        yield from ceph.down(tools, cluster)


def _emptied(tools: Tools, namespaces: tuple[str, ...], phase: Phase) -> Iterator[Step]:
    """All of them are told before the first is waited for."""
    for name in namespaces:
        delete = tools.kubectl("--namespace", name, "delete", "pods", "--all", "--wait=false")
        remedy = f"delete the pods of {name} by hand; left alone, they stop with their machines"
        yield Step(f"stop/{name}", phase, f"{name} stops", Ensure(delete), 60, remedy)
    for name in namespaces:
        asked = tools.kubectl(
            *("--namespace", name, "get", "pods"),
            *("--field-selector=status.phase=Running", "--output", _RUNNING),
        )
        remedy = f"`kubectl --namespace {name} get pods` tells what is left, and `describe` why"
        gone = Await((asked,), Says(""))
        yield Step(f"gone/{name}", phase, f"nothing runs in {name}", gone, 180, remedy)


def _machines(facts: Facts, tools: Tools) -> Iterator[Step]:
    """The last of the file first; the first two are the quorum of etcd until the end."""
    for name, node in reversed(facts.nodes):
        command = tools.talos(node, "shutdown", "--force", timeout=240)
        yield Step(
            f"off/{name}",
            Phase.NODES,
            f"{name} is off",
            Ensure(command),
            240,
            f"look at it through port {node.kvm_port} of the KVM; hold its button if it hangs",
        )
