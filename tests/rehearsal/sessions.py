"""Sessions of an operator: a plan carried out in a world, which may die at any command."""

from collections.abc import Mapping
from ipaddress import IPv4Address

import msgspec

from gitops.bootstrap import installing, journal, running
from gitops.bootstrap.facts import Facts, Release
from gitops.bootstrap.journal import Journal
from gitops.bootstrap.running import Event, Outcome, Ports
from gitops.bootstrap.step import Plan
from gitops.estate import loading
from gitops.model.estate import Node
from gitops.sources.disk import DiskTree
from gitops.sources.process import Ended
from tests.architecture import project
from tests.rehearsal import world
from tests.rehearsal.world import World


def _secret(namespace: str, name: str, reference: str) -> dict[str, object]:
    metadata = {"name": name, "namespace": namespace}
    data = {"key": reference}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": data}


def _named(kind: str, name: str, version: str = "v1", **more: str) -> dict[str, object]:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, **more}}


def facts() -> Facts:
    """The cluster infra of our own estate."""
    loaded, _ = loading.load(DiskTree(str(project.ROOT)))
    assert loaded is not None
    estate = loaded.estate
    return Facts(
        "infra",
        estate.clusters["infra"],
        estate.versions.talos,
        estate.versions.kubernetes,
        "/state/infra",
        "5c4e",
        (
            Release("cilium", "kube-system", "one", ("cilium",)),
            Release("coredns", "kube-system", "two"),
            Release("flux-operator", "flux-system", "three"),
        ),
        (_named("Namespace", "external-secrets"), _named("Namespace", "flux-system")),
        (
            _secret("kube-system", "cilium-ca", "op://operator/cilium-ca/ca.crt"),
            _secret("kube-system", "bgp-router", "op://operator/bgp-router/password"),
            _secret("external-secrets", "onepassword-connect-token", "op://operator/connect/token"),
        ),
        _named("FluxInstance", "flux", "fluxcd.controlplane.io/v1", namespace="flux-system"),
    )


def plan() -> Plan:
    """How infra is made."""
    return installing.plan(facts())


def rack(found: Facts | None = None) -> World:
    """The machines of infra, unboxed."""
    return world.of({name: _machine(node) for name, node in (found or facts()).nodes})


def _machine(node: Node) -> tuple[str, str, list[str]]:
    disks = [node.disks.install.wwid, node.disks.ceph.wwid, node.disks.local.wwid]
    return str(node.address), str(node.provisioning_address), disks


class Killed(BaseException):
    """The process is gone: nothing of it runs any more."""


class Paper:
    """A journal in memory, which outlives sessions."""

    def __init__(self) -> None:
        self.content: bytes | None = None

    def load(self) -> bytes | None:
        return self.content

    def save(self, content: bytes) -> None:
        self.content = content

    def read(self, name: str = "bootstrap-infra") -> Journal:
        return journal.read(self, name)


class Session:
    """One process. It is killed before the command with the number `before`, or within the one with
    the number `within`: what that has begun is begun, and nobody hears of it."""

    def __init__(
        self, rack: World, paper: Paper, *, before: int | None = None, within: int | None = None
    ) -> None:
        self.world = rack
        self.paper = paper
        self.events: list[Event] = []
        self.commands: list[tuple[str, ...]] = []
        self._before = before
        self._within = within

    def run(
        self,
        arguments: tuple[str, ...],
        stdin: bytes,
        timeout: float,
        environment: Mapping[str, str],
    ) -> Ended:
        number = len(self.commands)
        if number == self._before:
            raise Killed
        self.commands.append(arguments)
        ended = world.run(self.world, arguments, stdin, lambda: self._die(number))
        self._die(number)
        return ended

    def _die(self, number: int) -> None:
        if number == self._within:
            raise Killed

    def now(self) -> float:
        return self.world.now

    def sleep(self, seconds: float) -> None:
        self.world.now += seconds

    def moment(self) -> str:
        return "2026-11-24T00:00:00Z"

    def carry_out(self, wanted: Plan | None = None) -> Outcome:
        """The plan, to its end or that of the process."""
        return running.run(wanted or plan(), Ports(self, self, self.paper, self.events.append))


def exchanged(rack: World) -> World:
    """The same rack with the cables of the first two machines exchanged."""
    one, two = rack.machines[0], rack.machines[1]
    one.provisioning, two.provisioning = two.provisioning, one.provisioning
    return rack


def copy(rack: World) -> World:
    """The same world, apart from this one."""
    return msgspec.json.decode(msgspec.json.encode(rack), type=World)


def reordered(found: Facts) -> Facts:
    """The facts after somebody put the second node first."""
    first, second, *rest = found.cluster.nodes.items()
    cluster = msgspec.structs.replace(found.cluster, nodes=dict((second, first, *rest)))
    return msgspec.structs.replace(found, cluster=cluster)


def moved(found: Facts, name: str, address: str) -> Facts:
    """The facts after somebody gave a node another address."""
    node = msgspec.structs.replace(found.cluster.nodes[name], address=IPv4Address(address))
    cluster = msgspec.structs.replace(found.cluster, nodes={**found.cluster.nodes, name: node})
    return msgspec.structs.replace(found, cluster=cluster)
