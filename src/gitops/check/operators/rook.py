"""Rook: Ceph clusters, object stores and their users, buckets.

Source: rook v1.20.6, pkg/operator/ceph/{cluster/mgr,object,object/user,file}; for buckets
kube-object-storage/lib-bucket-provisioner (names and keys of what a claim gives).
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import at, listing, mapping, text
from gitops.check.operators import sketch
from gitops.check.operators.sketch import Body, Makers, Pods
from gitops.model.manifest import Manifest

_BUCKET = ("BUCKET_HOST", "BUCKET_NAME", "BUCKET_PORT", "BUCKET_REGION", "BUCKET_SUBREGION")


def cluster(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """The managers' Services, and where monitors and the dashboard's password are kept.

    Only one manager is active; the label that tells which moves, so the sketched pods have it.
    """
    spec = mapping(body.get("spec"))
    if at(spec, "external", "enable"):
        return
    namespace = found.id.namespace
    labels = {"app": "rook-ceph-mgr", "rook_cluster": namespace}
    active = {**labels, "mgr_role": "active"}
    metrics = sketch.port(9283, "http-metrics")
    yield sketch.service(namespace, "rook-ceph-mgr", labels, active, [metrics])
    dashboard = mapping(spec.get("dashboard"))
    secure = dashboard.get("ssl") is True
    port = _dashboard_port(dashboard, secure=secure)
    if dashboard.get("enabled"):
        name = "https-dashboard" if secure else "http-dashboard"
        public = [sketch.port(port, name)]
        yield sketch.service(namespace, "rook-ceph-mgr-dashboard", labels, active, public)
        yield sketch.secret(namespace, "rook-ceph-dashboard-password", ("password",))
    yield sketch.secret(namespace, "rook-ceph-mon")
    yield sketch.config_map(namespace, "rook-ceph-mon-endpoints")
    yield from _exporters(found)
    count = at(spec, "mgr", "count")
    pods = Pods(namespace, "rook-ceph-mgr", active, count if isinstance(count, int) else 1)
    ports = {"mgr": 6800, "http-metrics": 9283, "dashboard": port}
    resources = at(spec, "resources", "mgr")
    yield pods.runs("mgr", sketch.listens(**ports), resources).deployment()
    yield from _keepers(namespace, spec)


def _keepers(namespace: str, spec: dict[str, Any]) -> Iterator[Body]:
    """The monitors, and the daemons of the disks that are listed: each is a Deployment of its own,
    sketched together."""
    count = at(spec, "mon", "count")
    disks = sum(
        len(listing(mapping(node).get("devices"))) for node in listing(at(spec, "storage", "nodes"))
    )
    for name, replicas in (("mon", count if isinstance(count, int) else 3), ("osd", disks)):
        labels = {"app": f"rook-ceph-{name}", "rook_cluster": namespace}
        pods = Pods(namespace, f"rook-ceph-{name}", labels, replicas)
        if replicas:
            yield pods.runs(name, [], at(spec, "resources", name)).deployment()


def _dashboard_port(dashboard: dict[str, Any], *, secure: bool) -> int:
    port = dashboard.get("port")
    return port if isinstance(port, int) and port else 8443 if secure else 7000


def _exporters(found: Manifest) -> Iterator[Body]:
    labels = {"app": "rook-ceph-exporter", "rook_cluster": found.id.namespace}
    port = sketch.port(9926, "ceph-exporter-http-metrics")
    yield sketch.service(found.id.namespace, "rook-ceph-exporter", labels, labels, [port])
    pods = Pods(found.id.namespace, "rook-ceph-exporter", labels)
    yield pods.runs(
        "ceph-exporter", sketch.listens(**{"ceph-exporter-http-metrics": 9926})
    ).daemon_set()


def object_store(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """The gateways of a store behind `rook-ceph-rgw-<name>`; 8080 inside stands for port 80."""
    gateway = mapping(at(body, "spec", "gateway"))
    name, namespace = found.id.name, found.id.namespace
    labels = {
        "app": "rook-ceph-rgw",
        "rook_cluster": namespace,
        "ceph_daemon_id": name,
        "rgw": name,
        "rook_object_store": name,
    }
    external = bool(gateway.get("externalRgwEndpoints"))
    ports = []
    if port := gateway.get("port"):
        ports.append(sketch.port(port, "http", port if external or port != 80 else 8080))
    if port := gateway.get("securePort"):
        ports.append(sketch.port(port, "https"))
    more = mapping(at(gateway, "service", "labels"))
    selector = {} if external else labels
    yield sketch.service(namespace, f"rook-ceph-rgw-{name}", {**more, **labels}, selector, ports)
    if not external:
        pods = Pods(namespace, f"rook-ceph-rgw-{name}-a", labels, gateway.get("instances", 1))
        opened = [{"containerPort": each["targetPort"]} for each in ports]
        pods.runs("rgw", opened, gateway.get("resources"))
        yield pods.takes(gateway, "priorityClassName").deployment()


def filesystem(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """The metadata servers of a file system, as many on duty as ready to be."""
    server = mapping(at(body, "spec", "metadataServer"))
    active = server.get("activeCount")
    labels = {
        "app": "rook-ceph-mds",
        "rook_cluster": found.id.namespace,
        "rook_file_system": found.id.name,
    }
    count = 2 * active if isinstance(active, int) else 2
    pods = Pods(found.id.namespace, f"rook-ceph-mds-{found.id.name}", labels, count)
    pods.runs("mds", [], server.get("resources"))
    yield pods.takes(server, "priorityClassName").deployment()


def object_user(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """The keys of a user of an object store."""
    name = f"rook-ceph-object-user-{text(at(body, 'spec', 'store'))}-{found.id.name}"
    yield sketch.secret(found.id.namespace, name, ("AccessKey", "Endpoint", "SecretKey"))


def client(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """The key of a Ceph user."""
    name = text(at(body, "spec", "secretName")) or f"rook-ceph-client-{found.id.name}"
    yield sketch.secret(found.id.namespace, name)


def bucket(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """Where a bucket is, and the keys to it, both named for the claim."""
    del body
    yield sketch.config_map(found.id.namespace, found.id.name, _BUCKET)
    keys = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    yield sketch.secret(found.id.namespace, found.id.name, keys)


_GROUP = "ceph.rook.io"

MAKERS: Makers = {
    (_GROUP, "CephClient"): client,
    (_GROUP, "CephCluster"): cluster,
    (_GROUP, "CephFilesystem"): filesystem,
    (_GROUP, "CephObjectStore"): object_store,
    (_GROUP, "CephObjectStoreUser"): object_user,
    ("objectbucket.io", "ObjectBucketClaim"): bucket,
}
