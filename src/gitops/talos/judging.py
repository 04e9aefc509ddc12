"""Everything that can be said about configurations without a machine."""

from collections.abc import Iterator, Sequence
from typing import Any

from gitops.estate.loading import Loaded
from gitops.model.finding import Finding
from gitops.sources.tree import SourceTree
from gitops.talos import conformity, documents, schematic, semantics
from gitops.talos.rendering import Configuration
from gitops.talos.semantics.subject import Subject


def judge(
    tree: SourceTree,
    loaded: Loaded,
    configurations: Sequence[Configuration],
    schema: dict[str, Any] | None,
) -> Iterator[Finding]:
    """Findings about configurations of nodes of the estate; `schema` is that of its Talos."""
    at = loaded.at("versions", "schematic")
    image, wrong = schematic.load(tree, loaded.estate, at)
    yield from wrong
    if schema is None:
        version = loaded.estate.versions.talos
        yield conformity.absent(version, loaded.at("versions", "talos"))
    for configuration in configurations:
        read, mistakes = documents.read(configuration)
        yield from mistakes
        if schema is not None:
            yield from conformity.findings([read], schema)
        if documents.is_whole(read):
            yield from semantics.findings(Subject(read, loaded.estate, image))
