"""Where a cluster starts: its entry folder, and the sync that Flux was given for it."""

from collections import Counter
from collections.abc import Iterable

import msgspec

from gitops.model.origin import NOWHERE, Location


class SourceRef(msgspec.Struct, frozen=True, order=True):
    """A Flux source by kind, namespace and name."""

    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.namespace}/{self.name}"


SYNCED = ("GitRepository", "OCIRepository", "Bucket")
"""The kinds of source that installing Flux can create."""


def nameless(refs: Iterable[SourceRef]) -> SourceRef | None:
    """Which of the sources that nothing declares is the repository itself, where nothing says how
    Flux was installed: a guess, which is the one that most Kustomizations take."""
    counted = Counter(ref for ref in refs if ref.kind in SYNCED)
    return min(counted, key=lambda ref: (-counted[ref], ref), default=None)


class Entry(msgspec.Struct, frozen=True, order=True):
    """A cluster's name and its entry folder, relative to the root of the repository."""

    name: str
    path: str


class Sync(msgspec.Struct, frozen=True):
    """The first Kustomization of a cluster: what `flux bootstrap` or a FluxInstance creates.

    `at` is where it is declared; NOWHERE when it is implied by the entry folder alone. `patches`
    are the patches a FluxInstance applies to it.
    """

    path: str
    name: str = "flux-system"
    namespace: str = "flux-system"
    source: SourceRef = SourceRef("GitRepository", "flux-system", "flux-system")
    url: str = ""
    at: Location = NOWHERE
    patches: tuple[dict[str, object], ...] = ()
    flux_version: str = ""
