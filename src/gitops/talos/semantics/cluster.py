"""`cluster`: endpoint, networks, discovery, etcd, what Talos would run besides.

Source: Talos v1.13.9, `ClusterConfig.Validate` and what it calls.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from gitops.model.finding import Finding
from gitops.talos.semantics import subject as judged
from gitops.talos.semantics import subnets
from gitops.talos.semantics.subject import Subject

_NETWORK = ("cluster", "network")
_DISCOVERY = ("cluster", "discovery", "registries")
_DOMAIN = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9_-]{0,62}(\.[a-zA-Z0-9_][a-zA-Z0-9_-]{0,62})*[._]?")


def findings(subject: Subject) -> Iterator[Finding]:
    """What Talos refuses, and what does not agree with the facts or with Cilium."""
    for check in (_endpoint, _networks, _cni, _discovery, _etcd, _manifests):
        yield from check(subject)


def _endpoint(subject: Subject) -> Iterator[Finding]:
    at, wanted = ("cluster", "controlPlane", "endpoint"), subject.cluster.api.endpoint
    found = subject.get(*at)
    parts = urlsplit(found) if isinstance(found, str) else urlsplit("")
    if parts.scheme != "https" or not parts.hostname:
        words = f"is {found!r}, which is no https:// address"
        yield subject.error("talos/endpoint", at, words, wanted)
    elif found != wanted:
        yield subject.error(
            "talos/endpoint", at, f"is {found}, and fleet.yaml says {wanted}", wanted
        )
    name = subject.get("cluster", "clusterName")
    if name != subject.documents.configuration.cluster:
        words = f"is {name!r}, and the node is one of {subject.documents.configuration.cluster}"
        hint = "kubeconfigs are named like it"
        yield subject.error("talos/endpoint", ("cluster", "clusterName"), words, hint)


def _networks(subject: Subject) -> Iterator[Finding]:
    facts = subject.cluster
    for field, wanted in (("podSubnets", facts.pods), ("serviceSubnets", facts.services)):
        at, found = (*_NETWORK, field), subject.listing(*_NETWORK, field)
        wrong = [number for number, each in enumerate(found) if not judged.is_network(each)]
        for number in wrong:
            words = f"is {found[number]!r}, which is no network"
            yield subject.error("talos/subnet", (*at, number), words, f"fleet.yaml says {wanted}")
        if not wrong and found != [str(wanted)]:
            words = f"is {', '.join(map(str, found)) or 'empty'}, and fleet.yaml says {wanted}"
            yield subject.error("talos/subnet", at, words, "Cilium and the router expect that")
    domain = subject.get(*_NETWORK, "dnsDomain")
    if domain is not None and not _DOMAIN.fullmatch(str(domain)):
        at, words = (*_NETWORK, "dnsDomain"), f"is {domain!r}, which is no name"
        yield subject.error("talos/subnet", at, words, "cluster.local")


def _cni(subject: Subject) -> Iterator[Finding]:
    """Cilium and CoreDNS come from Flux; what Talos runs beside them takes the same place."""
    at = (*_NETWORK, "cni")
    cni = subject.mapping(*at)
    name = cni.get("name", "flannel")
    if name != "none":
        words = f"is {name!r}, and Cilium is the network"
        yield subject.error("talos/cni", (*at, "name"), words, "none")
    elif cni.get("urls"):
        yield subject.error("talos/cni", (*at, "urls"), "cannot be with `none`", "remove them")
    elif cni.get("flannel"):
        yield subject.error("talos/cni", (*at, "flannel"), "cannot be with `none`", "remove it")
    for part, instead in (("proxy", "Cilium does its work"), ("coreDNS", "it comes from Flux")):
        if subject.get("cluster", part, "disabled") is not True:
            words = f"is not disabled, and {instead}"
            yield subject.error("talos/cni", ("cluster", part), words, "disabled: true")


def _discovery(subject: Subject) -> Iterator[Finding]:
    if subject.get("cluster", "discovery", "enabled") is False:
        words = "is off, and KubePrism learns of the other nodes by it"
        at: tuple[str, ...] = ("cluster", "discovery", "enabled")
        yield subject.error("talos/discovery", at, words, "enable it")
        return
    if subject.get(*_DISCOVERY, "kubernetes", "disabled") is not True:
        words = "is not disabled: since Kubernetes 1.32 nodes may not read each other's objects"
        at = (*_DISCOVERY, "kubernetes")
        yield subject.error("talos/discovery", at, words, "disabled: true")
    if subject.get(*_DISCOVERY, "service", "disabled") is True:
        words = "is disabled, and no other registry is left"
        yield subject.error("talos/discovery", (*_DISCOVERY, "service"), words, "enable it")
        return
    for field in ("id", "secret"):
        if not subject.get("cluster", field):
            words = "is missing, and the discovery service requires it"
            hint = "it comes from the bundle of secrets"
            yield subject.error("talos/discovery", ("cluster", field), words, hint)
    endpoint = subject.get(*_DISCOVERY, "service", "endpoint")
    if endpoint and urlsplit(endpoint).path not in ("", "/"):
        at = (*_DISCOVERY, "service", "endpoint")
        words = f"is {endpoint}, and its path has to be empty"
        yield subject.error("talos/discovery", at, words, "remove the path")


def _etcd(subject: Subject) -> Iterator[Finding]:
    at = ("cluster", "etcd")
    if subject.get(*at) is not None and not subject.is_control_plane:
        words = "is allowed on control planes only"
        yield subject.error("talos/etcd", at, words, "remove it here")
        return
    if subject.get(*at, "subnet") and subject.listing(*at, "advertisedSubnets"):
        words = "cannot be beside advertisedSubnets"
        yield subject.error("talos/etcd", (*at, "subnet"), words, "remove it")
    for field in ("advertisedSubnets", "listenSubnets"):
        yield from subnets.findings(subject, (*at, field))
    if not subject.listing(*at, "advertisedSubnets"):
        words = "is empty: etcd would take any address of the node, the one that moves included"
        hint = f"name the nodes' network, {subject.estate.node_vlan.subnet}"
        yield subject.error("talos/etcd", (*at, "advertisedSubnets"), words, hint)


def _manifests(subject: Subject) -> Iterator[Finding]:
    at, seen = ("cluster", "inlineManifests"), set()
    for number, manifest in judged.records(subject.get(*at)):
        name = str(manifest.get("name", "")).strip()
        if not name:
            yield subject.error("talos/manifest", (*at, number), "has no name", "name it")
        elif name in seen:
            words = f"has the name {name!r}, which another has, too"
            yield subject.error("talos/manifest", (*at, number), words, "give it another")
        seen.add(name)
