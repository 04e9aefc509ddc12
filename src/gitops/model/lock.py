"""What is remembered of a Helm release: which chart it was, and what others can rely on in it."""

import msgspec

from gitops.model.ids import ObjectId
from gitops.model.origin import Location

FOLDER = "gitops.lock.d"
"""Where locks lie, relative to the root of the repository."""


class Interface(msgspec.Struct, frozen=True):
    """The objects of a rendered release, each cut down to the facts that others rely on.

    `objects` are JSON in one possible form and order: equal interfaces are equal bytes. They have
    the shape of Kubernetes objects; of the data in ConfigMaps and Secrets only the keys are left.
    """

    objects: tuple[bytes, ...]


class Lock(msgspec.Struct, frozen=True):
    """One lock file. `path` is relative to the root of the repository.

    `chart` is its address, `version` exact, `digest` and `origin_digest` as in StoredChart.
    `values` is the fingerprint of all that was rendered with. `lines` tells where the objects of
    the interface stand in the file, and `head` where the other fields do; both are empty for a
    lock that was not read from one.
    """

    path: str
    chart: str
    version: str
    digest: str
    values: str
    interface: Interface
    app_version: str = ""
    origin_digest: str = ""
    lines: tuple[int, ...] = ()
    head: tuple[tuple[str, int], ...] = ()

    def at(self, field: str) -> Location:
        """The line of a field; the file, where it is not known."""
        return Location(self.path, 0, dict(self.head).get(field, 0))


class Wanted(msgspec.Struct, frozen=True):
    """What a release needs now, to be held against its lock.

    `release` is the HelmRelease at `at`. `digest` is known only where the chart was here and
    rendered; `values` is "" where it cannot be told.
    """

    path: str
    at: Location
    release: ObjectId
    cluster: str
    chart: str
    version: str
    values: str
    digest: str = ""


def path_of(cluster: str, namespace: str, release: str) -> str:
    """The lock file of a HelmRelease by the namespace and name of its object."""
    return f"{FOLDER}/{cluster}/{namespace}/{release}.yaml"
