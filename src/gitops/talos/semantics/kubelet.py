"""`machine.kubelet`.

Source: Talos v1.13.9, `pkg/machinery/kubelet`, `KubeletConfig.Validate`.
"""

from collections.abc import Iterator
from ipaddress import ip_network

from gitops.model.finding import Finding
from gitops.talos.semantics import kubeletfields, subnets
from gitops.talos.semantics.subject import Subject

_AT = ("machine", "kubelet")
_PROTECTED = (
    "apiVersion",
    "authentication",
    "authorization",
    "cgroupRoot",
    "kind",
    "kubeletCgroups",
    "port",
    "protectKernelDefaults",
    "resolvConf",
    "rotateCertificates",
    "seccompDefault",
    "staticPodPath",
    "systemCgroups",
)
"""What Talos sets itself."""


def findings(subject: Subject) -> Iterator[Finding]:
    """Fields that are not for us, and addresses that would not be the node's."""
    for field in subject.mapping(*_AT, "extraConfig"):
        if field in _PROTECTED:
            words = "cannot be set: it is Talos'"
            yield subject.error("talos/kubelet", (*_AT, "extraConfig", field), words, "remove it")
    for field, words in kubeletfields.mistakes(subject.mapping(*_AT, "extraConfig")):
        yield subject.error("talos/kubelet", (*_AT, "extraConfig", field), words, "correct it")
    at = (*_AT, "nodeIP", "validSubnets")
    yield from subnets.findings(subject, at)
    yield from _address(subject, at)
    yield from _pods(subject)


def _address(subject: Subject, at: tuple[str, ...]) -> Iterator[Finding]:
    """The first subnet that an address of the node is of gives the one that Kubernetes knows it by;
    the address that moves among nodes is one of the same subnet, and Talos leaves it out."""
    entries = [entry for entry in subject.listing(*at) if subnets.is_valid(entry)]
    address = subject.node.address
    inside = any(
        address in ip_network(entry, strict=False) for entry in entries if entry[:1] != "!"
    )
    if not inside:
        words = f"does not hold the node's own address {address}"
        hint = f"name the nodes' network, {subject.estate.node_vlan.subnet}"
        yield subject.error("talos/node-address", at, words, hint)


def _pods(subject: Subject) -> Iterator[Finding]:
    """The controller manager gives each node a /24 where nobody tells it otherwise."""
    most = subject.get(*_AT, "extraConfig", "maxPods")
    mask = subject.get("cluster", "controllerManager", "extraArgs", "node-cidr-mask-size")
    room = 2 ** (32 - int(mask or 24)) - 2
    if isinstance(most, int) and most > room:
        words = f"is {most}, and a node has {room} addresses for pods"
        hint = "lower it, or give nodes more addresses"
        yield subject.error("talos/kubelet", (*_AT, "extraConfig", "maxPods"), words, hint)
