"""`values.yaml`: what installing a cluster has to know before Flux is there to read anything.

Charts, versions and values are not among it: they are read from the files that Flux takes over.
"""

from typing import Any

from gitops.model.estate import Estate
from gitops.sources import yamlio

_HEAD = """\
---
# Derived from fleet.yaml by `gitops generate`: change that file and run it again.
"""


def path(cluster: str) -> str:
    """Where the values of a cluster stand."""
    return f"bootstrap/clusters/{cluster}/values.yaml"


def text(estate: Estate, cluster: str) -> str:
    """The file. Keys are such as templates of Helmfile can name."""
    return _HEAD + yamlio.dump(values(estate, cluster))


def values(estate: Estate, name: str) -> dict[str, Any]:
    """The facts of a cluster."""
    cluster = estate.clusters[name]
    return {
        "cluster": {
            "name": name,
            "id": cluster.id,
            "domain": estate.domain,
            "endpoint": cluster.api.endpoint,
            "address": str(cluster.api.address),
            "pods": str(cluster.pods),
            "services": str(cluster.services),
            "dnsAddress": str(cluster.dns_address),
        },
        "versions": {
            "talos": estate.versions.talos,
            "kubernetes": estate.versions.kubernetes,
        },
        "git": {
            "url": estate.git.url,
            "branch": estate.git.branch,
            "path": f"kubernetes/clusters/{name}",
        },
        "nodes": [
            {"name": node, "address": str(found.address), "install": found.disks.install.path}
            for node, found in cluster.nodes.items()
        ],
    }
