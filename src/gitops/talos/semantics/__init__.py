"""What Talos refuses, or takes and does otherwise than the estate needs, and no schema says."""

from collections.abc import Iterator

from gitops.model.finding import Finding
from gitops.talos.semantics import (
    apiserver,
    cluster,
    crossing,
    images,
    installing,
    kubelet,
    links,
    machine,
    secret,
    services,
    volumes,
)
from gitops.talos.semantics.subject import Subject

_SUBJECTS = (
    apiserver,
    cluster,
    crossing,
    images,
    installing,
    kubelet,
    links,
    machine,
    secret,
    services,
    volumes,
)


def findings(subject: Subject) -> Iterator[Finding]:
    """Whatever is wrong with the configuration of a node."""
    for each in _SUBJECTS:
        yield from each.findings(subject)
