"""References to Flux sources."""

from collections.abc import Iterator

from gitops.check import fields
from gitops.check.index import Index, Key
from gitops.model.cluster import SYNCED, SourceRef, nameless
from gitops.model.finding import Finding
from gitops.model.flux import (
    SOURCE_GROUP,
    FluxObject,
    HelmChart,
    HelmRelease,
    Kustomization,
)
from gitops.model.flux_sources import Reference


def missing(facts: Index) -> Iterator[Finding]:
    """Every source that is referred to exists."""
    known = set(facts.known) | set(_created(facts))
    for user in facts.flux:
        for way, reference in _references(user):
            namespace = reference.namespace or user.id.namespace
            wanted = (SOURCE_GROUP, reference.kind, namespace, reference.name)
            if reference.name and wanted not in known:
                yield _missing(facts, user, wanted, (*way, "name"))


def _references(user: FluxObject) -> Iterator[tuple[tuple[str, ...], Reference]]:
    match user:
        case Kustomization() | HelmChart():
            yield ("spec", "sourceRef"), user.spec.source_ref
        case HelmRelease():
            if user.spec.chart_ref is not None:
                yield ("spec", "chartRef"), user.spec.chart_ref
            if user.spec.chart is not None:
                way = ("spec", "chart", "spec", "sourceRef")
                yield way, user.spec.chart.spec.source_ref
        case _:
            return


def _created(facts: Index) -> Iterator[Key]:
    """Sources that no file holds: those of a generator, and those that installing Flux creates.

    `flux bootstrap` and flux-operator give a root and its source the same name; what else created
    them, such as Terraform, tells nothing here.
    """
    usual = [
        (SOURCE_GROUP, kind, root.namespace, root.name) for root in facts.roots for kind in SYNCED
    ]
    yield from usual
    yield from _by_hand(facts, set(usual))
    yield from _generated(facts)


def _by_hand(facts: Index, usual: set[Key]) -> Iterator[Key]:
    """The source of a root that is applied by hand, or what stands for one."""
    roots = set(facts.roots)
    named = {user.id: _source(user) for user in facts.kustomizations}
    yield from (_key(source) for user, source in named.items() if user in roots)
    if facts.is_start_implied and not usual.intersection(map(_key, named.values())):
        found = nameless(source for source in named.values() if _key(source) not in facts.known)
        yield from () if found is None else (_key(found),)


def _source(user: Kustomization) -> SourceRef:
    ref = user.spec.source_ref
    return SourceRef(ref.kind, ref.namespace or user.id.namespace, ref.name)


def _key(source: SourceRef) -> Key:
    return (SOURCE_GROUP, source.kind, source.namespace, source.name)


def _generated(facts: Index) -> Iterator[Key]:
    """ExternalArtifacts that an ArtifactGenerator makes, in its own namespace."""
    for (group, kind, namespace, _), owned in facts.owned.items():
        if (group, kind) == ("source.extensions.fluxcd.io", "ArtifactGenerator"):
            artifacts = fields.mapping(owned[0].manifest.body().get("spec")).get("artifacts")
            for artifact in artifacts if isinstance(artifacts, list) else ():
                name = str(fields.mapping(artifact).get("name"))
                yield (SOURCE_GROUP, "ExternalArtifact", namespace, name)


def _missing(facts: Index, user: FluxObject, wanted: Key, way: tuple[str, ...]) -> Finding:
    _, kind, namespace, name = wanted
    return facts.absent(
        "flux/source-missing",
        user,
        f"{user.id} refers to {kind}/{namespace}/{name}, which does not exist in this cluster",
        facts.elsewhere(wanted) or f"add the {kind}, or correct the reference",
        namespace,
        way,
    )
