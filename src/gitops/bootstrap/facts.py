"""What plans are made from: the cluster, and what compiling says of it."""

from typing import Any

import msgspec

from gitops.model.estate import Cluster, Node


class Release(msgspec.Struct, frozen=True):
    """A release of the core phase. `daemons` are the DaemonSets that it is known by where nothing
    waits for the release itself; `fingerprint` names chart, version and values."""

    name: str
    namespace: str
    fingerprint: str
    daemons: tuple[str, ...] = ()


class Facts(msgspec.Struct, frozen=True):
    """One cluster, ready to be planned for.

    `schematic` is the id of the image of Talos. `namespaces`, `secrets` and `instance` are objects
    as they are applied. `folder` is where the files of this machine about the cluster are kept.
    """

    name: str
    cluster: Cluster
    talos: str
    kubernetes: str
    folder: str
    schematic: str = ""
    releases: tuple[Release, ...] = ()
    namespaces: tuple[dict[str, Any], ...] = ()
    secrets: tuple[dict[str, Any], ...] = ()
    instance: dict[str, Any] = {}

    @property
    def nodes(self) -> tuple[tuple[str, Node], ...]:
        """The nodes, in the order of the facts."""
        return tuple(self.cluster.nodes.items())

    @property
    def first(self) -> tuple[str, Node]:
        """The node that etcd is begun on."""
        return self.nodes[0]

    @property
    def talosconfig(self) -> str:
        """The file by which talosctl is let in."""
        return f"{self.folder}/talosconfig"

    @property
    def kubeconfig(self) -> str:
        """The file by which kubectl is let in."""
        return f"{self.folder}/kubeconfig"

    @property
    def context(self) -> str:
        """What the cluster is called in the kubeconfig, once it is renamed."""
        return self.name
