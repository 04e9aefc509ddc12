"""Files that start Flux as gotk-sync.yaml does, under a name of their own.

Such a file is applied by hand once: it brings the source of the repository and a Kustomization that
lets Flux apply the folder that the file itself lies in. A unit of another repository may look the
same by chance; but nobody else names its source.
"""

import re
from collections.abc import Iterable, Iterator

from gitops.build.pipeline import gotk
from gitops.model.cluster import Sync
from gitops.model.origin import Location
from gitops.sources import yamlio

Texts = Iterable[tuple[str, bytes]]

_SOURCE = re.compile(rb"^kind: *[\"']?GitRepository", re.M)
_FLUX = "kustomize.toolkit.fluxcd.io/"


def starts(texts: Texts) -> Iterator[Sync]:
    """What such files among the YAML files of a repository declare."""
    held = tuple(texts)
    for path, text in held:
        if _SOURCE.search(text) and _FLUX.encode() in text:
            for found in _of_file(text, path):
                if _is_used(found, held):
                    yield found


def _of_file(text: bytes, path: str) -> Iterator[Sync]:
    """The one Kustomization of a file, if it applies this file out of the one source beside it."""
    documents, _ = yamlio.parse(text, path)
    bodies = [each for each in documents if isinstance(each.value, dict)]
    units = [each for each in bodies if str(each.value.get("apiVersion")).startswith(_FLUX)]
    sources = [each for each in bodies if each.value.get("kind") == "GitRepository"]
    if len(units) == len(sources) == 1:
        unit, source = units[0], sources[0]
        found = gotk.of_kustomization(unit.value, Location(path, unit.document, unit.line))
        is_own = found.source.name == gotk.mapping(source.value.get("metadata")).get("name")
        if is_own and found.path and path.startswith(f"{found.path}/"):
            yield found


def _is_used(found: Sync, texts: Texts) -> bool:
    """Whether another file below takes something from the same source."""
    name = re.compile(rf"\bname: *[\"']?{re.escape(found.source.name)}[\"']?\s*$".encode(), re.M)
    return any(
        b"kind: GitRepository" in text and name.search(text) is not None
        for path, text in texts
        if path != found.at.path and path.startswith(f"{found.path.partition('/')[0]}/")
    )
