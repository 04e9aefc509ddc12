"""`machine`: its type, features, files, logs, labels.

Source: Talos v1.13.9, `v1alpha1_validation.go`, `pkg/machinery/labels`, `pkg/machinery/role`.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from gitops.model.finding import Finding
from gitops.talos.semantics import subject as judged
from gitops.talos.semantics.subject import Subject

_ROLES = (
    "os:admin",
    "os:operator",
    "os:reader",
    "os:etcd:backup",
    "os:image:verifier",
    "os:meta:writer",
    "os:impersonator",
)
_LABEL = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
_QUALIFIED = re.compile(
    r"([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?"
    r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
)
_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
_CUSTOMIZATION = "/etc/cri/conf.d/20-customization.part"


def findings(subject: Subject) -> Iterator[Finding]:
    """What Talos refuses in it, or never does."""
    kind = subject.get("machine", "type")
    if kind != "controlplane":
        words = f"is {kind!r}, and all nodes of fleet.yaml are control planes"
        yield subject.error("talos/machine-type", ("machine", "type"), words, "controlplane")
    for check in (_dns, _access, _files, _logging, _labels):
        yield from check(subject)


def _dns(subject: Subject) -> Iterator[Finding]:
    """Cilium with `bpf.masquerade` drops what the host's resolver answers to CoreDNS, and Talos
    forwards to it where nothing is said (cilium #36852, talos #10002)."""
    at = ("machine", "features", "hostDNS")
    found = subject.mapping(*at)
    forwards = found.get("forwardKubeDNSToHost", False)
    if forwards and not found.get("enabled", False):
        words = "requires hostDNS.enabled"
        yield subject.error("talos/host-dns", (*at, "forwardKubeDNSToHost"), words, "enable it")
    elif forwards:
        words = "is true: with Cilium's bpf.masquerade, names inside the cluster stop resolving"
        hint = "make it false"
        yield subject.error("talos/host-dns", (*at, "forwardKubeDNSToHost"), words, hint)
    prism = ("machine", "features", "kubePrism")
    if not subject.mapping(*prism).get("enabled", False):
        words = "is not enabled, and Cilium reaches the API through it"
        yield subject.error("talos/kube-prism", prism, words, "enable it")
    elif subject.get(*prism, "port") not in (None, 7445):
        words = f"is {subject.get(*prism, 'port')}, and Cilium asks port 7445"
        yield subject.error("talos/kube-prism", (*prism, "port"), words, "make it 7445")


def _access(subject: Subject) -> Iterator[Finding]:
    at = ("machine", "features", "kubernetesTalosAPIAccess")
    found = subject.mapping(*at)
    if not found.get("enabled", False):
        return
    if not subject.is_control_plane:
        words = "can only be enabled on control planes"
        yield subject.error("talos/api-access", at, words, "remove it here")
    for number, role in enumerate(subject.listing(*at, "allowedRoles")):
        if role not in _ROLES:
            words = f"is {role!r}, which is no role"
            hint = f"roles are {', '.join(_ROLES)}"
            yield subject.error("talos/api-access", (*at, "allowedRoles", number), words, hint)


def _files(subject: Subject) -> Iterator[Finding]:
    """Source: `v1alpha1_sequencer_tasks.go`: what is created lies in /var, but for one file."""
    for number, file in judged.records(subject.get("machine", "files")):
        path, operation = str(file.get("path", "")), file.get("op", "create")
        outside = not path.startswith("/var/") and path != _CUSTOMIZATION
        if operation == "create" and outside:
            words = f"creates {path}, and Talos creates files below /var only"
            hint = "choose a path there, or overwrite one that exists"
            yield subject.error("talos/file", ("machine", "files", number), words, hint)


def _logging(subject: Subject) -> Iterator[Finding]:
    at = ("machine", "logging", "destinations")
    for number, destination in judged.records(subject.get(*at)):
        endpoint = urlsplit(str(destination.get("endpoint", "")))
        if endpoint.scheme not in ("tcp", "udp") or not endpoint.hostname:
            words = f"is {destination.get('endpoint')!r}, and no tcp:// or udp:// address"
            yield subject.error(
                "talos/log-receiver", (*at, number, "endpoint"), words, "tcp://127.0.0.1:5170/"
            )
        if destination.get("format") != "json_lines":
            words = f"is {destination.get('format')!r}, and Talos knows json_lines only"
            yield subject.error("talos/log-receiver", (*at, number, "format"), words, "json_lines")


def _labels(subject: Subject) -> Iterator[Finding]:
    for kind in ("nodeLabels", "nodeAnnotations", "nodeTaints"):
        for key, value in subject.mapping("machine", kind).items():
            wrong = _wrong_name(key) or _wrong_value(kind, value)
            if wrong:
                hint = "Kubernetes would refuse it, so Talos does"
                yield subject.error("talos/label", ("machine", kind, key), wrong, hint)


def _wrong_name(key: str) -> str:
    prefix = key.rpartition("/")[0]
    fits = _QUALIFIED.fullmatch(key) and len(prefix) <= 253
    return "" if fits else "is no qualified name"


def _wrong_value(kind: str, value: Any) -> str:
    """A taint is `value:effect`, or an effect alone."""
    text = str(value)
    if kind == "nodeTaints":
        text, _, effect = text.rpartition(":")
        if effect not in _EFFECTS:
            return f"has the effect {effect!r}; there are {', '.join(_EFFECTS)}"
    if kind != "nodeAnnotations" and not _LABEL.fullmatch(text):
        return f"is {text!r}, which is no value of a label"
    return ""
