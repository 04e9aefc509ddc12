"""The facts of an estate with the way to each, for checks that go over all of a kind."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network

import msgspec

from gitops.estate.place import Pointer
from gitops.model.estate import Estate, Link, Node, Plug, Uplink


class Network(msgspec.Struct, frozen=True):
    """A network that is used for something."""

    what: str
    network: IPv4Network
    at: Pointer


class Address(msgspec.Struct, frozen=True):
    """An address of something, and the network it has to be of; None where a name is unknown."""

    what: str
    address: IPv4Address
    within: Network | None
    at: Pointer


class Cable(msgspec.Struct, frozen=True):
    """The switch port that something is plugged into, and where its number stands."""

    what: str
    plug: Plug
    port_at: Pointer


def networks(estate: Estate) -> dict[str, Network]:
    """All networks, by what they are."""
    found = [
        Network(f"VLAN {name}", vlan.subnet, ("vlans", name, "subnet"))
        for name, vlan in estate.vlans.items()
    ]
    for name, cluster in estate.clusters.items():
        at = ("clusters", name)
        found += [
            Network(f"the pods of {name}", cluster.pods, (*at, "pods")),
            Network(f"the services of {name}", cluster.services, (*at, "services")),
            Network(
                f"the load balancers of {name}", cluster.load_balancers, (*at, "load-balancers")
            ),
        ]
    return {each.what: each for each in found}


def addresses(estate: Estate) -> Iterator[Address]:
    """All addresses."""
    known = networks(estate)

    def vlan(name: str) -> Network | None:
        return known.get(f"VLAN {name}")

    for name, found in estate.vlans.items():
        yield Address(
            f"the router in {name}", found.gateway, vlan(name), ("vlans", name, "gateway")
        )
        if found.leases:
            for end in ("first", "last"):
                lease: IPv4Address = getattr(found.leases, end)
                way = ("vlans", name, "leases", end)
                yield Address(f"the {end} lease of {name}", lease, vlan(name), way)
    for what, address, at in _managed(estate):
        yield Address(what, address, vlan(estate.management), at)
    for name, host in estate.hosts.items():
        yield Address(f"host {name}", host.address, vlan(host.vlan), ("hosts", name, "address"))
    yield Address("the NAS", estate.nas.address, vlan(estate.nas.vlan), ("nas", "address"))
    nodes, provisioning = vlan(estate.node_network.vlan), vlan(estate.node_network.provisioning)
    for name, node, at in machines(estate):
        yield Address(f"node {name}", node.address, nodes, (*at, "address"))
        what = f"node {name} before it is configured"
        yield Address(what, node.provisioning_address, provisioning, (*at, "provisioning-address"))
    for name in estate.clusters:
        yield from _cluster(estate, name, known, nodes)


def _managed(estate: Estate) -> Iterator[tuple[str, IPv4Address, Pointer]]:
    for name, switch in estate.switches.items():
        yield f"switch {name}", switch.address, ("switches", name, "address")
    yield "the tape library", estate.tape_library.address, ("tape-library", "address")
    yield "the UPS", estate.power.ups.address, ("power", "ups", "address")
    yield "the ATS", estate.power.ats.address, ("power", "ats", "address")
    yield "the KVM", estate.kvm.address, ("kvm", "address")


def _cluster(
    estate: Estate, name: str, known: dict[str, Network], nodes: Network | None
) -> Iterator[Address]:
    cluster, at = estate.clusters[name], ("clusters", name)
    pool, services = known[f"the load balancers of {name}"], known[f"the services of {name}"]
    yield Address(f"the API of {name}", cluster.api.address, nodes, (*at, "api", "address"))
    yield Address(f"the DNS of {name}", cluster.dns_address, services, (*at, "dns-address"))
    for kind in ("internal", "external"):
        address: IPv4Address = getattr(cluster.gateways, kind)
        what = f"the {kind} Gateway of {name}"
        yield Address(what, address, pool, (*at, "gateways", kind))


def machines(estate: Estate) -> Iterator[tuple[str, Node, Pointer]]:
    """All nodes, by their names."""
    for name, cluster in estate.clusters.items():
        for node, found in cluster.nodes.items():
            yield node, found, ("clusters", name, "nodes", node)


def links(estate: Estate) -> Iterator[tuple[str, Link, Pointer]]:
    """All network ports of nodes."""
    for name, node, at in machines(estate):
        for position, link in enumerate(node.links.bond):
            yield f"node {name}", link, (*at, "links", "bond", position)
        yield f"node {name}", node.links.wake, (*at, "links", "wake")


def cables(estate: Estate) -> Iterator[Cable]:
    """Whatever is plugged into a switch, other switches too, from both ends."""
    for what, plug, at in plugs(estate):
        yield Cable(what, plug, (*at, "port"))
    for name, switch in estate.switches.items():
        if switch.uplink:
            yield from _uplink(name, switch.uplink)


def _uplink(name: str, uplink: Uplink) -> Iterator[Cable]:
    at = ("switches", name, "uplink")
    for position, port in enumerate(uplink.ports):
        what, plug = f"the uplink to {uplink.to}", Plug(switch=name, port=port)
        yield Cable(what, plug, (*at, "ports", position))
    for position, port in enumerate(uplink.to_ports):
        what, plug = f"the uplink of {name}", Plug(switch=uplink.to, port=port)
        yield Cable(what, plug, (*at, "to-ports", position))


def plugs(estate: Estate) -> Iterator[tuple[str, Plug, Pointer]]:
    """Whatever is plugged into a switch and is none."""
    yield from links(estate)
    for name, plug in estate.router.links.items():
        yield f"{name} of the router", plug, ("router", "links", name)
    for name, host in estate.hosts.items():
        for position, plug in enumerate(host.links):
            yield f"host {name}", plug, ("hosts", name, "links", position)
    for position, plug in enumerate(estate.nas.links):
        yield "the NAS", plug, ("nas", "links", position)
    yield "the tape library", estate.tape_library.link, ("tape-library", "link")
    yield "the UPS", estate.power.ups.link, ("power", "ups", "link")
    yield "the ATS", estate.power.ats.link, ("power", "ats", "link")
    yield "the KVM", estate.kvm.link, ("kvm", "link")
