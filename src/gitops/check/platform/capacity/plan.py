"""What a cluster of the estate needs, and whether it has that without one of its nodes."""

from collections.abc import Iterator

import msgspec

from gitops.check import pods
from gitops.check.index import Index
from gitops.check.operators import MADE
from gitops.check.platform.capacity import requests
from gitops.check.platform.capacity.requests import Need
from gitops.check.pods import Template
from gitops.model.estate import Cluster, Estate

_GIB = 1024**3
_MIB = 1024**2
_RESERVED = Need(memory=(512 + 512 + 256 + 64 + 100) * _MIB, cpu=50 + 200 + 50 + 10)
"""What Talos keeps of a node that is a control plane, too: for the system, the API server, the
controller manager and the scheduler, and the kubelet's threshold for evictions.
Source: siderolabs/talos v1.13.9, constants.go, KubeletSystemReserved…, and
control_plane_static_pod.go; kubelet, evictionHard `memory.available<100Mi`."""

PODS_PER_NODE = 110
"""Source: kubelet, maxPods."""

_SHORT = ("Job", "CronJob")


class Share(msgspec.Struct, frozen=True):
    """What a namespace asks for. `daemons` counts pods that each node has one of."""

    namespace: str
    pods: int
    daemons: int
    need: Need
    silent: tuple[str, ...] = ()


class Plan(msgspec.Struct, frozen=True):
    """`room` is what one node has for pods. `homeless` are pods that no node has room for when one
    of `nodes` is away."""

    cluster: str
    nodes: int
    room: Need
    shares: tuple[Share, ...]
    homeless: tuple[str, ...]
    pods: int

    @property
    def total(self) -> Need:
        """What all namespaces ask for together, while all nodes are there."""
        return sum((share.need for share in self.shares), Need())

    @property
    def crowded(self) -> bool:
        """Whether the nodes that are left would have more pods than a kubelet takes."""
        return self.pods > PODS_PER_NODE * (self.nodes - 1)


def of(facts: Index) -> Plan | None:
    """The plan of a cluster; None where nothing is known of its machines. Jobs come and go: they
    are left out."""
    loaded = facts.knowledge.estate
    cluster = loaded.estate.clusters.get(facts.cluster.name) if loaded else None
    if loaded is None or cluster is None or not _is_whole(loaded.estate, cluster):
        return None
    running = [t for t in pods.templates(facts) if t.owner.manifest.id.kind not in _SHORT]
    daemons = [t for t in running if _is_daemon(t)]
    others = [t for t in running if not _is_daemon(t)]
    left = len(cluster.nodes) - 1
    every = sum((requests.of_pod(t) for t in daemons), Need())
    room = _room(loaded.estate, cluster)
    return Plan(
        facts.cluster.name,
        len(cluster.nodes),
        room,
        tuple(_shares(running, len(cluster.nodes))),
        tuple(homeless(others, [room - every] * left)),
        sum(t.replicas for t in others) + len(daemons) * left,
    )


def _is_whole(estate: Estate, cluster: Cluster) -> bool:
    """Whether the machine of every node is known; what is not has a finding of its own."""
    return all(node.machine in estate.machines for node in cluster.nodes.values())


def _is_daemon(template: Template) -> bool:
    return template.owner.manifest.id.kind == "DaemonSet"


def _room(estate: Estate, cluster: Cluster) -> Need:
    """What the smallest node has for pods."""
    models = [estate.machines[node.machine] for node in cluster.nodes.values()]
    memory = min(model.memory_gib for model in models) * _GIB
    return Need(memory, min(model.threads for model in models) * 1000) - _RESERVED


def _shares(running: list[Template], nodes: int) -> Iterator[Share]:
    by_namespace: dict[str, list[Template]] = {}
    for template in running:
        by_namespace.setdefault(template.namespace, []).append(template)
    for namespace, templates in sorted(by_namespace.items()):
        daemons = [t for t in templates if _is_daemon(t)]
        others = [t for t in templates if not _is_daemon(t)]
        need = sum((requests.of_pod(t).times(nodes) for t in daemons), Need())
        need = sum((requests.of_pod(t).times(t.replicas) for t in others), need)
        silent = tuple(str(t.owner.manifest.id) for t in templates if _is_silent(t))
        count = sum(t.replicas for t in others)
        yield Share(namespace, count, len(daemons), need, silent)


def _is_silent(template: Template) -> bool:
    """Whether a container of it does not say what it needs. Of what controllers make, and of what
    a lock remembers, that is not known."""
    known = template.owner.manifest.incomplete not in (MADE, "locked")
    return known and not all(requests.asks(container) for _, container in template.containers)


def homeless(templates: list[Template], rooms: list[Need]) -> Iterator[str]:
    """Pods that find no room, the largest placed first, each where most memory is left."""
    wanted = [(requests.of_pod(t), str(t.owner.manifest.id)) for t in templates]
    counted = [
        (n, name) for (n, name), t in zip(wanted, templates, strict=True) for _ in range(t.replicas)
    ]
    rooms = list(rooms)
    for need, name in sorted(counted, key=lambda each: (-each[0].memory, -each[0].cpu, each[1])):
        fitting = [place for place, room in enumerate(rooms) if need.fits(room)]
        if fitting:
            best = max(fitting, key=lambda place: (rooms[place].memory, -place))
            rooms[best] = rooms[best] - need
        else:
            yield name
