"""Manifests that lie beside others and that no kustomization lists."""

from collections.abc import Iterator, Sequence

from gitops.check.index import Index
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.origin import Location


def left_out(clusters: Sequence[Index]) -> Iterator[Finding]:
    """In a folder from which clusters have objects, every manifest is listed."""
    folders = frozenset(
        owners[0].manifest.origin.source.path.rpartition("/")[0]
        for facts in clusters
        for owners in facts.owned.values()
        if owners[0].unit.id.kind != "HelmRelease"
    )
    known = clusters[0].knowledge.unlisted(folders) if folders else ()
    for each in known:
        folder = each.kustomization.rpartition("/")[2]
        yield finding.warning(
            "kustomize/unlisted-file",
            Location(each.path),
            f"{each.kind} {each.name!r} lies beside files that {folder} lists, and is not listed: "
            "nobody applies it",
            "list the file, or remove it; named in a comment of the kustomization, it may stay",
            Location(each.kustomization),
        )
