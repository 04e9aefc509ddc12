"""How a cluster starts: machines, etcd, nodes, Ceph, databases, and last of all Flux.

`talosctl health` waits for nodes that take pods, so nothing here asks it before they do.
"""

from collections.abc import Iterator
from ipaddress import IPv4Address

from gitops.bootstrap.facts import Facts
from gitops.bootstrap.step import Await, Command, Ensure, Mentions, Phase, Plan, Step
from gitops.bootstrap.tools import Tools
from gitops.power import ceph, postgres
from gitops.power.order import Order


def plan(facts: Facts, order: Order, broadcast: IPv4Address) -> Plan:
    """Every step, in order; `broadcast` reaches the ports that wake machines."""
    tools = Tools(facts)
    steps = [*_machines(facts, tools, broadcast), *_cluster(facts, tools)]
    steps += [step for each in order.ceph for step in ceph.up(tools, each)]
    steps += [step for each in order.postgres for step in postgres.up(tools, each)]
    return Plan(f"power-up-{facts.name}", facts.name, (*steps, *_flux(tools, order)))


def _machines(facts: Facts, tools: Tools, broadcast: IPv4Address) -> Iterator[Step]:
    for name, node in facts.nodes:
        wake = Command(("wakeonlan", "-i", str(broadcast), node.links.wake.mac))
        remedy = f"press its button; port {node.kvm_port} of the KVM shows it"
        yield Step(f"wake/{name}", Phase.NODES, f"wake {name}", Ensure(wake), 30, remedy)
    for name, node in facts.nodes:
        answers = Await((tools.talos(node, "version", "--short"),))
        remedy = f"press its button; port {node.kvm_port} of the KVM shows what it waits for"
        yield Step(f"on/{name}", Phase.NODES, f"{name} answers", answers, 600, remedy)


def _cluster(facts: Facts, tools: Tools) -> Iterator[Step]:
    names = tuple(name for name, _ in facts.nodes)
    members = tools.talos(facts.first[1], "etcd", "members")
    remedy = "`talosctl service etcd` on each node says why; two of three are enough to go on"
    act = Await((members,), Mentions(names))
    yield Step("etcd", Phase.GATES, "etcd has all members", act, 300, remedy)
    act = Await((tools.kubectl("get", "--raw=/readyz"),))
    remedy = "`talosctl logs kube-apiserver --kubernetes` says why"
    yield Step("api", Phase.GATES, "the API server answers", act, 300, remedy)
    wait = tools.kubectl("wait", "nodes", "--all", "--for=condition=Ready", "--timeout=10s")
    remedy = "`kubectl describe node` says why"
    yield Step("ready", Phase.GATES, "all nodes are ready", Await((wait,)), 600, remedy)
    act_open = Ensure(tools.kubectl("uncordon", *names))
    remedy = "uncordon them by hand"
    yield Step("uncordon", Phase.GATES, "all nodes take pods", act_open, 60, remedy)


def _flux(tools: Tools, order: Order) -> Iterator[Step]:
    lead = ("--namespace", order.flux, "wait", "--all", "--timeout=10s")
    act = Await((tools.kubectl(*lead, "deployment", "--for=condition=Available"),))
    remedy = f"`kubectl --namespace {order.flux} get pods` tells which does not start"
    yield Step("flux", Phase.FLUX, "Flux runs", act, 600, remedy)
    kinds = "kustomizations.kustomize.toolkit.fluxcd.io"
    act = Await((tools.kubectl(*lead, kinds, "--for=condition=Ready"),))
    remedy = "`flux get kustomizations` tells which unit is not ready, and why"
    yield Step("units", Phase.VERIFY, "all units are ready", act, 1800, remedy)
