"""Namespaces: the API server refuses what is sent into one that does not exist."""

from collections.abc import Iterator

from gitops.check.index import Index, brought
from gitops.model.finding import Finding
from gitops.model.manifest import Manifest

GIVEN = ("", "default", "kube-node-lease", "kube-public", "kube-system")
"""Those of Kubernetes; "" is no namespace."""


def missing(facts: Index) -> Iterator[Finding]:
    """Every namespace that objects are sent to is created by someone. Reported once for each."""
    created = {*GIVEN, *_created(facts)}
    inhabitants: dict[str, list[Manifest]] = {}
    for (_, _, namespace, _), owned in facts.owned.items():
        if namespace not in created:
            inhabitants.setdefault(namespace, []).append(owned[0].manifest)
    for namespace, manifests in inhabitants.items():
        yield _missing(facts, namespace, manifests)


def _created(facts: Index) -> Iterator[str]:
    yield from facts.shared(brought).namespaces
    for root in facts.roots:
        yield root.namespace
    for group, kind, _, name in facts.owned:
        if (group, kind) == ("", "Namespace"):
            yield name
    for release in facts.releases:
        if release.spec.install.create_namespace and release.spec.target_namespace:
            yield release.spec.target_namespace


def _missing(facts: Index, namespace: str, manifests: list[Manifest]) -> Finding:
    first = manifests[0]
    more = len(manifests) - 1
    what = f"{first.id} and {more} more" if more else str(first.id)
    return facts.absent(
        "object/namespace-missing",
        first,
        f"nothing creates the namespace {namespace!r} of {what}",
        "add the Namespace, or set targetNamespace with install.createNamespace on its HelmRelease",
        way=("metadata", "namespace"),
    )
