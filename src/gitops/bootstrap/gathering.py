"""From a compiled cluster and the facts of the estate to what a plan is made from."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import msgspec

from gitops.bootstrap.facts import Facts, Release
from gitops.check.facts import releases
from gitops.check.facts.releases import Given
from gitops.check.index import Index
from gitops.errors import PathError, ToolError
from gitops.estate import helmfiles
from gitops.estate.helmfiles import Loaded
from gitops.model.estate import Estate
from gitops.sources import yamlio
from gitops.sources.tree import SourceTree

SECRETS = "bootstrap/secrets.yaml"

_PRESENT = ("default", "kube-system")
"""Namespaces that Kubernetes makes itself."""


def gather(index: Index, held: Loaded, estate: Estate, tree: SourceTree, folder: str) -> Facts:
    """The facts. Raises ToolError where the repository does not hold what a plan needs."""
    name = index.cluster.name
    core = tuple(_releases(index, held))
    secrets = tuple(_secrets(tree, name))
    needed = {release.namespace for release in core} | {
        str(body["metadata"]["namespace"]) for body in secrets
    }
    return Facts(
        name,
        estate.clusters[name],
        estate.versions.talos,
        estate.versions.kubernetes,
        folder,
        estate.versions.schematic,
        core,
        tuple(_namespace(index, each) for each in sorted(needed - set(_PRESENT))),
        secrets,
        _instance(index),
    )


def _releases(index: Index, held: Loaded) -> Iterator[Release]:
    known = index.view(releases.given)
    for phase in held.phases:
        for release in phase.releases if phase.source.path == helmfiles.CORE else ():
            found = known.get((release.namespace, release.name))
            if found is None:
                raise ToolError(f"{release.key} is no release of Flux in {index.cluster.name}")
            yield Release(
                found.name, found.namespace, _fingerprint(found), tuple(_daemons(index, found))
            )


def _fingerprint(found: Given) -> str:
    made_of = (found.chart, found.version, found.values)
    return sha256(msgspec.json.encode(made_of, order="deterministic")).hexdigest()


def _daemons(index: Index, found: Given) -> Iterator[str]:
    """Where a release waits for itself, nobody else has to."""
    for unit in index.cluster.units:
        for manifest in unit.manifests if unit.id == found.id and not found.waits else ():
            if manifest.id.kind == "DaemonSet":
                yield manifest.id.name


def _namespace(index: Index, name: str) -> dict[str, Any]:
    """As a unit has it, with its Pod Security labels; else a bare one."""
    owned = index.find("", "Namespace", "", name)
    if owned is not None:
        return index.body(owned.manifest)
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def _secrets(tree: SourceTree, cluster: str) -> Iterator[dict[str, Any]]:
    try:
        text = tree.read(SECRETS).replace(b"${CLUSTER_NAME}", cluster.encode())
    except PathError as cause:
        raise ToolError(str(cause)) from cause
    documents, mistakes = yamlio.parse(text, SECRETS)
    if mistakes:
        raise ToolError(f"{SECRETS}: {mistakes[0].message}")
    for document in documents:
        yield document.value


def _instance(index: Index) -> dict[str, Any]:
    found = index.of("fluxcd.controlplane.io", "FluxInstance")
    if not found:
        raise ToolError(f"no unit of {index.cluster.name} holds a FluxInstance")
    return index.body(found[0].manifest)
