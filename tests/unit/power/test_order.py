"""Which namespaces stop when."""

from gitops.check.index import Index
from gitops.power import order
from gitops.power.order import Named, Order, Stage
from tests.unit.check import clusters

STEP = """
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: NAME, namespace: flux-system}
spec: {path: ./kubernetes/PATH, sourceRef: {kind: GitRepository, name: flux-system}}
"""
NAMESPACE = """
---
apiVersion: v1
kind: Namespace
metadata: {name: NAME}
"""
DATABASE = """
---
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: main, namespace: databases}
"""
PLACES = {
    "shop": "workloads/tenants/shop/namespace",
    "registry": "workloads/platform/registry/harbor",
    "logs": "infrastructure/observability/logs",
    "databases": "infrastructure/databases/postgres",
    "disks": "infrastructure/storage/ceph",
    "names": "infrastructure/networking/names",
}


def test_the_place_in_the_tree_decides() -> None:
    root = clusters.kustomization(
        "root",
        "".join(STEP.replace("NAME", name).replace("PATH", path) for name, path in PLACES.items()),
    )
    units = [
        clusters.under(
            "root",
            name,
            NAMESPACE.replace("NAME", name) + (DATABASE if name == "databases" else ""),
        )
        for name in PLACES
    ]
    assert order.of(Index(clusters.cluster(root, *units))) == Order(
        {
            Stage.WORKLOADS: ("registry", "shop"),
            Stage.SERVICES: ("logs",),
            Stage.DATABASES: ("databases",),
        },
        postgres=(Named("databases", "main"),),
    )
