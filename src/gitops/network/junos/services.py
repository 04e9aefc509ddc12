"""What the router does besides routing: time, names, management, and addresses for machines."""

from collections.abc import Iterator

from gitops.model.estate import Estate, Vlan
from gitops.network.junos import interfaces
from gitops.network.junos.statements import Statement, statement


def statements(estate: Estate) -> Iterator[Statement]:
    """`system`, without its users and passwords: those stay on the router."""
    yield statement("system host-name router")
    yield statement(f"system domain-name {estate.domain}")
    yield statement("system time-zone UTC")
    for address in estate.dns_addresses:
        yield statement(f"system name-server {address}")
    own = {str(vlan.gateway) for vlan in estate.vlans.values()}
    for server in estate.ntp:
        if server not in own:
            yield statement(f"system ntp server {server}")
    yield statement("system services ssh root-login deny")
    yield statement("system services netconf ssh")
    for name, vlan in estate.vlans.items():
        if vlan.leases or name == estate.node_network.provisioning:
            yield from _leases(estate, name, vlan)


def _leases(estate: Estate, name: str, vlan: Vlan) -> Iterator[Statement]:
    """A machine without a configuration has the address that `provisioning-address` says."""
    group = f"system services dhcp-local-server group {name}"
    pool = f"access address-assignment pool {name} family inet"
    yield statement(f"{group} interface {interfaces.irb(vlan)}")
    yield statement(f"{pool} network {vlan.subnet}")
    if vlan.leases:
        yield statement(f"{pool} range leases low {vlan.leases.first}")
        yield statement(f"{pool} range leases high {vlan.leases.last}")
    yield statement(f"{pool} dhcp-attributes router {vlan.gateway}")
    yield statement(f"{pool} dhcp-attributes domain-name {estate.domain}")
    for address in estate.dns_addresses:
        yield statement(f"{pool} dhcp-attributes name-server {address}")
    if name == estate.node_network.provisioning:
        for node, found in estate.nodes.items():
            host, link = f"{pool} host {node}", found.links.bond[0]
            yield statement(f"{host} hardware-address {link.mac}")
            yield statement(f"{host} ip-address {found.provisioning_address}")
