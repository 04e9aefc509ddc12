"""Numbers that other facts or the makers of things set bounds to."""

from collections.abc import Iterator

from gitops.estate import pointing
from gitops.estate.place import Pointer, Source
from gitops.model import finding
from gitops.model.estate import BondMode, Estate
from gitops.model.finding import Finding

_NODE_PORTS = range(30000, 32768)
"""Kubernetes: the default of `--service-node-port-range`."""

Wrong = tuple[Pointer, str, str]
"""Where, what, and the way out."""


def findings(estate: Estate, source: Source) -> Iterator[Finding]:
    """Numbers that cannot be."""
    for check in (_clusters, _cabling, _bonding, _timing, _tapes, _shutdown, _naming, _access):
        for at, message, hint in check(estate):
            yield finding.error("estate/limit", source.at(*at), message, hint)


def _clusters(estate: Estate) -> Iterator[Wrong]:
    """The settings of all clusters have the same keys, some of which are numbered by node."""
    first = next(iter(estate.clusters))
    expected = len(estate.clusters[first].nodes)
    for name, cluster in estate.clusters.items():
        at, size = ("clusters", name, "nodes"), len(cluster.nodes)
        if size != expected:
            message = f"{name} has {size} nodes, and {first} has {expected}"
            yield at, message, "clusters have equally many nodes"
        if size % 2 == 0:
            message = f"{name} has {size} nodes: etcd survives no more failures than with one less"
            yield at, message, "make it an odd number"
        if cluster.mesh_port not in _NODE_PORTS:
            message = f"{cluster.mesh_port} is no NodePort"
            yield ("clusters", name, "mesh-port"), message, "choose one of 30000 to 32767"


def _cabling(estate: Estate) -> Iterator[Wrong]:
    for cable in pointing.cables(estate):
        switch, port = cable.plug.switch, cable.plug.port
        found = estate.switches.get(switch)
        if found and port > found.ports:
            message = f"switch {switch} has {found.ports} ports, and no {port}"
            yield cable.port_at, message, "name a port that it has"
    for name, found in estate.switches.items():
        if found.uplink and len(found.uplink.ports) != len(found.uplink.to_ports):
            message = f"the uplink of {name} has unequal ends"
            hint = "name as many ports on both sides"
            yield ("switches", name, "uplink", "to-ports"), message, hint
    for name, node, at in pointing.machines(estate):
        if node.kvm_port > estate.kvm.ports:
            message = f"the KVM has {estate.kvm.ports} ports, and none for node {name}"
            yield (*at, "kvm-port"), message, "name a port that it has"


def _bonding(estate: Estate) -> Iterator[Wrong]:
    """Source: Linux, Documentation/networking/bonding; switches of different chassis form no LAG
    without a protocol between them, which these do not have."""
    bond, at = estate.node_network.bond, ("node-network", "bond")
    for key in ("updelay", "downdelay"):
        if getattr(bond, key) % bond.miimon:
            message = f"{key} {getattr(bond, key)} is no multiple of miimon {bond.miimon}"
            yield (*at, key), message, "Linux would round it down"
    if bond.mode is BondMode.LACP:
        for name, node, _ in pointing.machines(estate):
            if len({link.switch for link in node.links.bond}) > 1:
                message = f"the bond is 802.3ad, and that of node {name} spans two switches"
                yield (*at, "mode"), message, "choose active-backup"


def _timing(estate: Estate) -> Iterator[Wrong]:
    """Source: RFC 4271, 4.4: a third of the hold time is a reasonable maximum."""
    if estate.bgp.keepalive * 3 > estate.bgp.hold_time:
        message = f"keepalive {estate.bgp.keepalive} is more than a third of {estate.bgp.hold_time}"
        yield ("bgp", "keepalive"), message, "a neighbour would be given up after one lost packet"


def _tapes(estate: Estate) -> Iterator[Wrong]:
    """A drive writes its own generation and the one before."""
    tapes = estate.tape_library
    total = sum(cartridges.count for cartridges in tapes.cartridges)
    if total > tapes.slots:
        message = f"{total} cartridges do not fit into {tapes.slots} slots"
        yield ("tape-library", "slots"), message, "correct one of the two"
    for position, cartridges in enumerate(tapes.cartridges):
        if cartridges.generation not in (tapes.drive - 1, tapes.drive):
            at = ("tape-library", "cartridges", position, "generation")
            message = f"an LTO-{tapes.drive} drive does not write LTO-{cartridges.generation}"
            yield at, message, "correct one of the two"


def _shutdown(estate: Estate) -> Iterator[Wrong]:
    at = ("power", "ups", "shutdown-below")
    below = estate.power.ups.shutdown_below
    if set(below) != {*estate.clusters, "nas"} or list(below)[-1] != "nas":
        message = f"what shuts down is {', '.join(below) or 'nothing'}"
        yield at, message, f"it is {', '.join(sorted(estate.clusters))}, in some order, then nas"
    if list(below.values()) != sorted(set(below.values()), reverse=True):
        yield (
            at,
            "what shuts down first does not come first",
            "let the seconds fall from line to line",
        )


def _naming(estate: Estate) -> Iterator[Wrong]:
    hosts = [
        (("clusters", name, "api", "host"), cluster.api.host)
        for name, cluster in estate.clusters.items()
    ]
    for at, host in [*hosts, (("s3", "host"), estate.s3.host)]:
        if not host.endswith(f".{estate.domain}"):
            yield (
                at,
                f"{host} is no name of {estate.domain}",
                "the estate's names are of its domain",
            )


def _access(estate: Estate) -> Iterator[Wrong]:
    for name, access in estate.access.items():
        for position, port in enumerate(access.ports):
            if int(port.partition("/")[2]) > 65535:
                at = ("access", name, "ports", position)
                yield at, f"{port} is no port", "the last one is 65535"
