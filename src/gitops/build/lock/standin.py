"""From a lock back to objects, which stand in for a release whose chart is not here."""

import msgspec

from gitops.model.ids import ObjectId, id_of
from gitops.model.lock import Lock
from gitops.model.manifest import Manifest
from gitops.model.origin import Location, Origin


def manifests_of(lock: Lock) -> tuple[Manifest, ...]:
    """The objects of a locked release, by their facts alone, each with its line in the lock."""
    objects = lock.interface.objects
    lines = lock.lines if len(lock.lines) == len(objects) else (0,) * len(objects)
    return tuple(
        Manifest(_id(raw), Origin(Location(lock.path, 0, line)), raw, "locked")
        for raw, line in zip(objects, lines, strict=True)
    )


def _id(raw: bytes) -> ObjectId:
    return id_of(msgspec.json.decode(raw))
