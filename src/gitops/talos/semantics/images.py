"""Which Kubernetes the node runs: never the default of Talos, which is newer than Cilium permits.

Source: Talos v1.13.9, `pkg/machinery/compatibility/talos113`: Kubernetes 1.31 to 1.36.
"""

import re
from collections.abc import Iterator

from gitops.model.finding import Finding
from gitops.talos.semantics.subject import Subject

_SUPPORTED = {"1.12": (30, 35), "1.13": (31, 36)}
"""Minors of Kubernetes by the minor of Talos."""
_IMAGES = {
    ("machine", "kubelet"): "ghcr.io/siderolabs/kubelet",
    ("cluster", "apiServer"): "registry.k8s.io/kube-apiserver",
    ("cluster", "controllerManager"): "registry.k8s.io/kube-controller-manager",
    ("cluster", "scheduler"): "registry.k8s.io/kube-scheduler",
}


def findings(subject: Subject) -> Iterator[Finding]:
    """Components in a version that the facts do not say, or that this Talos does not run."""
    for at, repository in _IMAGES.items():
        if at[0] == "machine" or subject.is_control_plane:
            yield from _image(subject, at, repository)


def _image(subject: Subject, at: tuple[str, str], repository: str) -> Iterator[Finding]:
    wanted = subject.estate.versions.kubernetes
    image = subject.get(*at, "image")
    hint = f"{repository}:{wanted}"
    if not isinstance(image, str):
        words = "has no image, so Talos takes its own default"
        yield subject.error("talos/kubernetes-version", at, words, hint)
        return
    _, colon, version = image.partition("@")[0].rpartition(":")
    if not colon or version != wanted:
        words = f"is {image}, and fleet.yaml says {wanted}"
        yield subject.error("talos/kubernetes-version", (*at, "image"), words, hint)
    yield from _support(subject, at, version)


def _support(subject: Subject, at: tuple[str, str], version: str) -> Iterator[Finding]:
    talos = re.match(r"v(\d+\.\d+)\.", subject.estate.versions.talos)
    minor = re.fullmatch(r"v1\.(\d+)\.\d+.*", version)
    limits = _SUPPORTED.get(talos[1]) if talos else None
    if limits and minor and not limits[0] <= int(minor[1]) <= limits[1]:
        words = f"is {version}, and Talos {subject.estate.versions.talos} runs 1.{limits[0]} to 1."
        hint = "ADR 0012 says which versions go together"
        yield subject.error("talos/kubernetes-version", (*at, "image"), f"{words}{limits[1]}", hint)
