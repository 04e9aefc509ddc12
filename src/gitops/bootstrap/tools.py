"""Command lines of the programs that a cluster is handled with.

Source: `cmd/talosctl` of Talos 1.13.9; kubectl 1.33; helmfile 1.7; the documentation of `op` 2.
"""

from typing import Any

import msgspec

from gitops.bootstrap.facts import Facts
from gitops.bootstrap.step import Command, Input, Nothing, Output, Text
from gitops.model.estate import Node

_NOTHING = Nothing()

OWNER = "kustomize-controller"
"""The field manager of Flux: what it will own is applied in its name."""


class Tools:
    """The programs, told which cluster is meant, in each single command."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def talos(
        self, node: Node, *arguments: str, read: Input = _NOTHING, timeout: float = 60
    ) -> Command:
        """talosctl, to one node and by way of it, never by the address that moves."""
        address = str(node.address)
        lead = ("talosctl", "--talosconfig", self._facts.talosconfig)
        return Command(
            (*lead, "--endpoints", address, "--nodes", address, *arguments), read, timeout
        )

    def machine(
        self, node: Node, *arguments: str, read: Input = _NOTHING, timeout: float = 60
    ) -> Command:
        """talosctl, to a machine without a configuration, which knows nobody."""
        address = str(node.provisioning_address)
        return Command(("talosctl", *arguments, "--insecure", "--nodes", address), read, timeout)

    def kubectl(self, *arguments: str, read: Input = _NOTHING, timeout: float = 60) -> Command:
        """kubectl, to this cluster."""
        lead = ("kubectl", "--kubeconfig", self._facts.kubeconfig, "--context", self._facts.context)
        return Command((*lead, *arguments), read, timeout)

    def config(self, *arguments: str) -> Command:
        """kubectl, to the kubeconfig of this cluster itself."""
        return Command(("kubectl", "--kubeconfig", self._facts.kubeconfig, "config", *arguments))

    def apply(self, body: dict[str, Any]) -> Command:
        """An object, applied as Flux will apply it."""
        return self.applied(Text(msgspec.json.encode(body).decode()), OWNER)

    def applied(self, read: Input, manager: str = "gitops") -> Command:
        """Objects that come from somewhere, applied by the server."""
        lead = ("apply", "--server-side", "--force-conflicts", f"--field-manager={manager}")
        return self.kubectl(*lead, "--filename", "-", read=read, timeout=120)

    def helmfile(self, phase: str, *arguments: str, timeout: float = 900) -> Command:
        """helmfile, with one phase, for the environment of this cluster."""
        file = f"bootstrap/helmfile.d/{phase}.yaml"
        lead = ("helmfile", "--file", file, "--environment", self._facts.name)
        environment = (("KUBECONFIG", self._facts.kubeconfig),)
        return Command((*lead, *arguments), timeout=timeout, environment=environment)

    def configuration(self, name: str) -> Output:
        """The configuration of a node, with its secrets."""
        rendered = Command(("gitops", "talos", "render", self._facts.name, name))
        return Output(Command(("op", "inject"), Output(rendered)))
