"""Networks that keep apart, and addresses that are of the network they belong to."""

from collections.abc import Iterator
from itertools import combinations

from gitops.estate import pointing
from gitops.estate.place import Source
from gitops.estate.pointing import Address, Network
from gitops.model import finding
from gitops.model.estate import Estate
from gitops.model.finding import Finding


def findings(estate: Estate, source: Source) -> Iterator[Finding]:
    """What is wrong with networks and addresses."""
    for one, other in combinations(pointing.networks(estate).values(), 2):
        if one.network.overlaps(other.network):
            yield _overlap(one, other, source)
    for address in pointing.addresses(estate):
        if address.within and not _is_host(address, address.within):
            yield _outside(address, address.within, source)
    yield from _native_routing(estate, source)
    yield from _first_service(estate, source)


def _is_host(address: Address, within: Network) -> bool:
    """The first and the last address of a network belong to no host."""
    network = within.network
    ends = (network.network_address, network.broadcast_address)
    return address.address in network and address.address not in ends


def _overlap(one: Network, other: Network, source: Source) -> Finding:
    return finding.error(
        "estate/overlap",
        source.at(*other.at),
        f"{other.network} is {other.what}, and {one.network} is {one.what}: they overlap",
        "give each a network of its own; that of load balancers is outside of every VLAN",
        source.at(*one.at),
    )


def _outside(address: Address, within: Network, source: Source) -> Finding:
    return finding.error(
        "estate/outside",
        source.at(*address.at),
        f"{address.address} is {address.what}, which is no host of {within.what}: {within.network}",
        "choose an address of that network, neither its first nor its last",
        source.at(*within.at),
    )


def _native_routing(estate: Estate, source: Source) -> Iterator[Finding]:
    """Cilium rewrites the source of packets to pods outside, and the mesh then drops them."""
    native = estate.mesh.native_routing
    at = source.at("mesh", "native-routing")
    for name, cluster in estate.clusters.items():
        if not cluster.pods.subnet_of(native):
            message = f"{native} does not hold the pods of {name}: {cluster.pods}"
            hint = "choose a network that holds the pods of all clusters"
            other = source.at("clusters", name, "pods")
            yield finding.error("estate/outside", at, message, hint, other)
    for name, vlan in estate.vlans.items():
        if vlan.subnet.overlaps(native):
            message = f"{native} is routed among pods, and {vlan.subnet} is VLAN {name}"
            hint = "choose a network that holds nothing but pods and services"
            yield finding.error("estate/overlap", at, message, hint, source.at("vlans", name))


def _first_service(estate: Estate, source: Source) -> Iterator[Finding]:
    """Source: Kubernetes gives the first address of the range to the Service `kubernetes`."""
    for name, cluster in estate.clusters.items():
        if cluster.dns_address == cluster.services.network_address + 1:
            yield finding.error(
                "estate/duplicate",
                source.at("clusters", name, "dns-address"),
                f"{cluster.dns_address} is the DNS of {name} and the Service `kubernetes`",
                "choose another; the tenth is customary",
                source.at("clusters", name, "services"),
            )
