"""What the template of machine configurations may name: facts of the estate, as plain values."""

from typing import Any

from gitops.model.estate import Cluster, Disk, Estate, Node

UPS = "ups"
"""What NUT's server calls the UPS."""


def of(estate: Estate, cluster: str, node: str) -> dict[str, Any]:
    """The variables of a node."""
    facts = estate.clusters[cluster]
    return {
        "estate": {"domain": estate.domain},
        "versions": {
            "talos": estate.versions.talos,
            "kubernetes": estate.versions.kubernetes,
            "schematic": estate.versions.schematic,
        },
        "network": _network(estate),
        "power": {"server": str(estate.hosts[estate.power.server].address), "ups": UPS},
        "cluster": _cluster(cluster, facts),
        "node": _node(node, facts.nodes[node]),
    }


def _network(estate: Estate) -> dict[str, Any]:
    vlan, bond = estate.node_vlan, estate.node_network.bond
    return {
        "subnet": str(vlan.subnet),
        "prefix": vlan.subnet.prefixlen,
        "gateway": str(vlan.gateway),
        "vlan": vlan.id,
        "mtu": vlan.mtu,
        "link": f"{bond.name}.{vlan.id}",
        "bond": {
            "name": bond.name,
            "mode": bond.mode.value,
            "miimon": bond.miimon,
            "updelay": bond.updelay,
            "downdelay": bond.downdelay,
        },
        "resolvers": [str(address) for address in estate.dns_addresses],
        "ntp": list(estate.ntp),
    }


def _cluster(name: str, cluster: Cluster) -> dict[str, Any]:
    return {
        "name": name,
        "id": cluster.id,
        "host": cluster.api.host,
        "address": str(cluster.api.address),
        "endpoint": cluster.api.endpoint,
        "pods": str(cluster.pods),
        "services": str(cluster.services),
        "nodes": [
            {"name": each, "address": str(found.address)} for each, found in cluster.nodes.items()
        ],
    }


def _node(name: str, node: Node) -> dict[str, Any]:
    """Links are named anew, `fast0` and so on: what the kernel calls them depends on the slot."""
    links = enumerate(node.links.bond)
    disks = {"install": node.disks.install, "ceph": node.disks.ceph, "local": node.disks.local}
    return {
        "name": name,
        "address": str(node.address),
        "links": [{"name": f"fast{number}", "mac": link.mac} for number, link in links],
        "disks": {use: _disk(disk) for use, disk in disks.items()},
    }


def _disk(disk: Disk) -> dict[str, Any]:
    return {"wwid": disk.wwid, "serial": disk.serial, "size": disk.size, "path": disk.path}
