"""Which versions fit together, and until when they get fixes. Each fact has its source.

Only what a source says stands here: a component or version without an entry is not judged.
"""

import datetime

import msgspec


class Window(msgspec.Struct, frozen=True):
    """The minor versions of Kubernetes that a minor version of a chart's program is for, and the
    day of its last fixes."""

    chart: str
    version: str
    kubernetes: tuple[int, int] | None
    end: datetime.date | None
    source: str


_CERT_MANAGER = "cert-manager.io/docs/releases"
_ESO = "external-secrets.io/latest/introduction/stability-support"
_CILIUM = "docs.cilium.io, network/kubernetes/compatibility"

WINDOWS = (
    Window("cert-manager", "1.16", (25, 32), datetime.date(2025, 6, 10), _CERT_MANAGER),
    Window("cert-manager", "1.21", (33, 36), None, _CERT_MANAGER),
    Window("cilium", "1.18", (30, 33), None, _CILIUM),
    Window("external-secrets", "0.12", (19, 31), datetime.date(2025, 1, 21), _ESO),
    Window("rook-ceph", "1.20", (31, 36), None, "rook.io/docs/rook/v1.20, Prerequisites"),
)


KAFKA = {
    "0.48": ("4.0.0", "4.1.0"),
    "1.0": ("4.1.0", "4.1.1", "4.1.2", "4.2.0"),
    "1.1": ("4.2.0", "4.2.1", "4.3.0"),
    "1.2": ("4.2.0", "4.2.1", "4.3.0", "4.3.1"),
}
"""The versions of Kafka that a minor version of Strimzi runs, where its chart is not here to tell.
Source: strimzi/strimzi-kafka-operator, kafka-versions.yaml at the tag, and CHANGELOG.md."""

GATEWAY_API = {"1.18": (1, 5), "1.19": (1, 5)}
"""The first version of the Gateway API at which Cilium's operator fails: it needs TLSRoute
v1alpha2, which is no longer served. Source: cilium/cilium#45139 and #44920."""

KUBERNETES = {
    33: datetime.date(2026, 6, 28),
    34: datetime.date(2026, 10, 27),
    35: datetime.date(2027, 2, 28),
    36: datetime.date(2027, 6, 28),
    37: datetime.date(2027, 10, 28),
}
"""The day of the last fixes of a minor version of Kubernetes 1.
Source: kubernetes.io/releases/1.33, and so on."""

TALOS = {12: (30, 35), 13: (31, 36)}
"""The minor versions of Kubernetes that a minor version of Talos 1 runs.
Source: siderolabs/talos v1.13.9, pkg/machinery/compatibility/talos112 and talos113."""

FLUX = {(2, 9): 33}
"""The first minor version of Kubernetes that a version of Flux takes.
Source: fluxcd/flux2 v2.9.4, cmd/flux/check.go."""

CephWindow = tuple[tuple[int, int, int], tuple[int, ...]]

ROOK: dict[tuple[int, int], CephWindow] = {(1, 20): ((19, 2, 0), (19, 20))}
"""The first version of Ceph that a version of Rook takes, and the major versions.
Source: rook/rook v1.20.6, pkg/operator/ceph/version/version.go."""

POSTGRES = {(1, 29): (14, 18), (1, 30): (14, 18)}
"""The major versions of PostgreSQL that a version of CloudNativePG runs.
Source: cloudnative-pg v1.30.0, docs/src/supported_releases.md."""

VICTORIA: dict[tuple[str, int, int | None], str] = {
    ("victoria-metrics-operator", 55, None): "v0.64",
    ("victoria-metrics-operator", 56, 0): "v0.65",
    ("victoria-metrics-operator-crds", 6, 0): "v0.64",
    ("victoria-metrics-operator-crds", 6, 1): "v0.66",
}
"""The release of the operator that a version 0 of a chart is of: by its minor version and, where
that tells too little, its patch.
Source: VictoriaMetrics/helm-charts, Chart.yaml at the tags."""
