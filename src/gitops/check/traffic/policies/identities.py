"""Who sends and receives, as Cilium tells them apart: by labels with a source.

Source: Cilium 1.18, pkg/labels and pkg/policy/api/entity.go. What is no pod has reserved labels.
"""

from collections.abc import Iterable, Mapping

import msgspec

from gitops.check.index import Owned

NAMESPACE = "k8s:io.kubernetes.pod.namespace"
CLUSTER = "k8s:io.cilium.k8s.policy.cluster"
UNKNOWN = "?"
"""The name of a cluster where the settings of Cilium are not known: it may be any."""
ACCOUNT = "k8s:io.cilium.k8s.policy.serviceaccount"
NAMESPACE_LABELS = "k8s:io.cilium.k8s.namespace.labels."

Port = tuple[str, int, str]
"""Name, number and protocol of a port that a container declares."""


class Identity(msgspec.Struct, frozen=True):
    """One party. `labels` are named `k8s:app` or `reserved:host`; `ports` are those that pods
    declare; `host` is the DNS name of something outside of the cluster, and `address` its
    IPv4 address where that is known."""

    name: str
    labels: dict[str, str]
    ports: tuple[Port, ...] = ()
    owned: Owned | None = None
    host: str = ""
    cluster: str = ""
    address: str = ""

    @property
    def is_pod(self) -> bool:
        """Whether policies may select it."""
        return NAMESPACE in self.labels

    @property
    def namespace(self) -> str:
        """The namespace of a pod, else ""."""
        return self.labels.get(NAMESPACE, "")

    def get(self, key: str) -> str | None:
        """The value of a label; `any:` asks all sources."""
        source, _, name = key.partition(":")
        if source != "any":
            return self.labels.get(key)
        found = self.labels.get(f"k8s:{name}")
        return self.labels.get(f"reserved:{name}") if found is None else found

    def has(self, key: str, value: str) -> bool:
        """Whether it has a label, as far as can be told."""
        found = self.get(key)
        return found in (value, UNKNOWN)


def pod(
    name: str, namespace: str, labels: Mapping[str, object], around: Mapping[str, object]
) -> Identity:
    """A pod with its own labels and those of its namespace, in the cluster ""."""
    known = {f"k8s:{key}": str(value) for key, value in labels.items()}
    given = {**around, "kubernetes.io/metadata.name": namespace}
    known |= {f"{NAMESPACE_LABELS}{key}": str(value) for key, value in given.items()}
    return Identity(name, {**known, NAMESPACE: namespace})


def reserved(name: str, entities: Iterable[str]) -> Identity:
    """Something that is no pod, known by one entity or by several at once."""
    return Identity(name, {f"reserved:{entity}": "" for entity in entities})


API_SERVER = reserved("the Kubernetes API", ("kube-apiserver", "remote-node"))
"""As pods of other nodes see it; those of its own node always hear it."""

NODE = reserved("a node", ("remote-node",))
"""A pod in the host network counts as its node."""

INGRESS = reserved("the Gateway", ("ingress",))
"""Cilium's proxy for Gateways and Ingresses."""


def outside(host: str, address: str = "") -> Identity:
    """A host outside of the cluster, by its name or its address."""
    return Identity(host or address, {"reserved:world": ""}, host=host, address=address)
