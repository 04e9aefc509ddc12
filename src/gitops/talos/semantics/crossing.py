"""What two documents say of the same thing, and what the node is called.

Source: Talos v1.13.9, the methods `V1Alpha1ConflictValidate`, and `HostnameConfig.Validate`.
"""

from collections.abc import Iterator

from gitops.model.finding import Finding
from gitops.talos.semantics.subject import Subject

_SET_TWICE = (
    ("HostnameConfig", ("machine", "network", "hostname")),
    ("HostnameConfig", ("machine", "features", "stableHostname")),
    ("ResolverConfig", ("machine", "network", "nameservers")),
    ("ResolverConfig", ("machine", "network", "searchDomains")),
    ("ResolverConfig", ("machine", "network", "disableSearchDomain")),
    ("TimeSyncConfig", ("machine", "time")),
    ("KubeSpanConfig", ("machine", "network", "kubespan")),
    ("EnvironmentConfig", ("machine", "env")),
)


def findings(subject: Subject) -> Iterator[Finding]:
    """Conflicts, and a node with another name than its own."""
    for kind, field in _SET_TWICE:
        if any(subject.documents.of(kind)) and subject.get(*field):
            words = f"is set, and there is a {kind}: Talos refuses both together"
            yield subject.error("talos/conflict", field, words, "keep the document")
    yield from _encrypted(subject)
    yield from _host(subject)


def _encrypted(subject: Subject) -> Iterator[Finding]:
    for volume in subject.documents.of("VolumeConfig"):
        field = ("machine", "systemDiskEncryption", volume.name.lower())
        if volume.value.get("encryption") and subject.get(*field):
            words = f"is set, and {volume} says how it is encrypted, too"
            yield subject.error("talos/conflict", field, words, "keep the document")


def _host(subject: Subject) -> Iterator[Finding]:
    documents = list(subject.documents.of("HostnameConfig"))
    for document in documents:
        name, auto = document.value.get("hostname"), document.value.get("auto")
        if name and auto != "off":
            words = f"is {auto!r} beside a hostname, and Talos takes one of them"
            yield subject.about("talos/host-name", document, ("auto",), words, 'auto: "off"')
        if name != subject.name:
            words = f"is {name!r}, and fleet.yaml calls the node {subject.name}"
            yield subject.about("talos/host-name", document, ("hostname",), words, subject.name)
    if not documents:
        words = "has no HostnameConfig, so Talos makes up a name"
        yield subject.error("talos/host-name", (), words, "add one")
