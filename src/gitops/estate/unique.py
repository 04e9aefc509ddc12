"""What no two things may share."""

from collections.abc import Iterator

import msgspec

from gitops.estate import pointing
from gitops.estate.place import Pointer, Source
from gitops.model import finding
from gitops.model.estate import Cluster, Estate
from gitops.model.finding import Finding


class Claim(msgspec.Struct, frozen=True):
    """Something that has a value for itself alone. `value` says what kind of value it is."""

    value: str
    what: str
    at: Pointer


def findings(estate: Estate, source: Source) -> Iterator[Finding]:
    """Values that two things claim; the later one in the file is the mistake."""
    first: dict[str, Claim] = {}
    for claim in _claims(estate):
        other = first.setdefault(claim.value, claim)
        if other is not claim:
            yield finding.error(
                "estate/duplicate",
                source.at(*claim.at),
                f"{claim.value} is {claim.what}, and {other.what} already",
                "give one of them another",
                source.at(*other.at),
            )


def _claims(estate: Estate) -> Iterator[Claim]:
    for address in pointing.addresses(estate):
        yield Claim(f"address {address.address}", address.what, address.at)
    for name, vlan in estate.vlans.items():
        yield Claim(f"VLAN id {vlan.id}", name, ("vlans", name, "id"))
    yield Claim(f"AS number {estate.router.asn}", "the router", ("router", "asn"))
    for name, cluster in estate.clusters.items():
        yield from _of_cluster(name, cluster)
    yield from _of_machines(estate)
    for cable in pointing.cables(estate):
        port = f"port {cable.plug.port} of switch {cable.plug.switch}"
        yield Claim(port, cable.what, cable.port_at)


def _of_cluster(name: str, cluster: Cluster) -> Iterator[Claim]:
    at, what = ("clusters", name), f"cluster {name}"
    yield Claim(f"AS number {cluster.asn}", what, (*at, "asn"))
    yield Claim(f"cluster id {cluster.id}", what, (*at, "id"))
    yield Claim(f"the name {cluster.api.host}", what, (*at, "api", "host"))
    yield Claim(f"port {cluster.mesh_port} for the mesh", what, (*at, "mesh-port"))
    yield Claim(f"tunnel {cluster.tunnel_id}", what, (*at, "tunnel-id"))
    yield Claim(f"share {cluster.nas_share}", what, (*at, "nas-share"))


def _of_machines(estate: Estate) -> Iterator[Claim]:
    for name in estate.hosts:
        yield Claim(f"the name {name}", "a host", ("hosts", name))
    for name in estate.switches:
        yield Claim(f"the name {name}", "a switch", ("switches", name))
    for name, node, at in pointing.machines(estate):
        yield Claim(f"the name {name}", f"a node of {at[1]}", at)
        yield Claim(f"port {node.kvm_port} of the KVM", f"node {name}", (*at, "kvm-port"))
        for role in ("install", "ceph", "local"):
            disk, place = getattr(node.disks, role), (*at, "disks", role)
            yield Claim(f"disk {disk.id}", f"of node {name} for {role}", (*place, "id"))
            yield Claim(f"serial {disk.serial}", f"a disk of node {name}", (*place, "serial"))
    for what, link, at in pointing.links(estate):
        yield Claim(f"MAC {link.mac}", what, (*at, "mac"))
