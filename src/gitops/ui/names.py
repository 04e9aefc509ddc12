"""What a fleet holds, one object per line."""

from collections.abc import Iterator

from gitops.model.build import Fleet
from gitops.model.ids import ObjectId
from gitops.ui import phrase


def lines(fleet: Fleet) -> Iterator[str]:
    """`cluster Kind.group/namespace/name`, in the order of the build."""
    for cluster in fleet.clusters:
        shown = phrase.printable(cluster.name)
        for unit in cluster.units:
            for manifest in unit.manifests:
                yield f"{shown} {phrase.printable(name(manifest.id))}\n"


def name(found: ObjectId) -> str:
    """A name that no other object of the cluster has: the kind with its group, then the id."""
    kind = f"{found.kind}.{found.group}" if found.group else found.kind
    return "/".join(part for part in (kind, found.namespace, found.name) if part)
