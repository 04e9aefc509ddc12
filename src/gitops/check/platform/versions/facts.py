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
}
"""The versions of Kafka that a minor version of Strimzi runs.
Source: strimzi/strimzi-kafka-operator, kafka-versions.yaml at the tag."""

GATEWAY_API = {"1.18": (1, 5), "1.19": (1, 5)}
"""The first version of the Gateway API at which Cilium's operator fails: it needs TLSRoute
v1alpha2, which is no longer served. Source: cilium/cilium#45139 and #44920."""
