"""`cluster-settings`: the ConfigMap from which Flux fills in the facts of a cluster."""

from collections.abc import Iterator

from gitops.model.estate import Cluster, Estate
from gitops.sources import yamlio

_HEAD = """\
---
# Derived from fleet.yaml by `gitops generate`: change that file and run it again.
# By its label, a change here is applied at once, not after the interval of what reads it.
"""


def path(cluster: str) -> str:
    """Where the settings of a cluster stand."""
    return f"kubernetes/clusters/{cluster}/cluster-settings.yaml"


def text(estate: Estate, cluster: str) -> str:
    """The file. All clusters have the same keys, and every value is text."""
    body = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": "cluster-settings",
            "namespace": "flux-system",
            "labels": {"reconcile.fluxcd.io/watch": "Enabled"},
        },
        "data": values(estate, cluster),
    }
    return _HEAD + yamlio.dump(body)


def values(estate: Estate, name: str) -> dict[str, str]:
    """The settings, sorted."""
    cluster = estate.clusters[name]
    found = {
        **_common(estate),
        **_own(name, cluster),
        **dict(_nodes(cluster)),
        **dict(_peers(estate, name)),
    }
    return {key: str(found[key]) for key in sorted(found)}


def _common(estate: Estate) -> dict[str, object]:
    return {
        "ACME_EMAIL": estate.acme.email,
        "DNS_SERVER_ADDRESS": estate.dns_addresses[0],
        "DOMAIN": estate.domain,
        "GIT_URL": estate.git.url,
        "NAS_ADDRESS": estate.nas.address,
        "NATIVE_ROUTING_CIDR": estate.mesh.native_routing,
        "ROUTER_ADDRESS": estate.router_address,
        "ROUTER_ASN": estate.router.asn,
    }


def _own(name: str, cluster: Cluster) -> dict[str, object]:
    return {
        "CLUSTER_ASN": cluster.asn,
        "CLUSTER_DNS_ADDRESS": cluster.dns_address,
        "CLUSTER_ID": cluster.id,
        "CLUSTER_NAME": name,
        "GATEWAY_EXTERNAL_ADDRESS": cluster.gateways.external,
        "GATEWAY_INTERNAL_ADDRESS": cluster.gateways.internal,
        "LOAD_BALANCER_POOL": cluster.load_balancers,
        "MESH_PORT": cluster.mesh_port,
        "NAS_SHARE": cluster.nas_share,
        "TUNNEL_ID": cluster.tunnel_id,
    }


def _nodes(cluster: Cluster) -> Iterator[tuple[str, object]]:
    for number, (name, node) in enumerate(cluster.nodes.items(), 1):
        yield f"NODE_{number}_NAME", name
        yield f"NODE_{number}_CEPH_DISK", node.disks.ceph.path


def _peers(estate: Estate, name: str) -> Iterator[tuple[str, object]]:
    """The other cluster of the mesh; in numbers where there are several."""
    peers = estate.peers(name)
    for number, (peer, cluster) in enumerate(peers.items(), 1):
        lead = f"PEER_{number}" if len(peers) > 1 else "PEER"
        yield f"{lead}_NAME", peer
        yield f"{lead}_MESH_PORT", cluster.mesh_port
        for position, node in enumerate(cluster.nodes.values(), 1):
            yield f"{lead}_NODE_{position}_ADDRESS", node.address
