"""VolSync: what copies a volume, and what brings it back.

Source: volsync v0.16.0, internal/controller/mover/restic: a Job and its ServiceAccount, named
for the object. Its claims are copies and a cache: nobody else mounts them.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import mapping
from gitops.check.operators import sketch
from gitops.check.operators.sketch import Body, Makers, Pods
from gitops.model.manifest import Manifest

_LABELS = {"app.kubernetes.io/created-by": "volsync"}


def source(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """The pods that copy."""
    yield from _mover(found, body, "src")


def destination(found: Manifest, body: dict[str, Any]) -> Iterator[Body]:
    """The pods that restore."""
    yield from _mover(found, body, "dst")


def _mover(found: Manifest, body: dict[str, Any], role: str) -> Iterator[Body]:
    """Sketched as a Deployment: a Job that comes and goes has the same labels."""
    name, namespace = f"volsync-{role}-{found.id.name}", found.id.namespace
    restic = mapping(mapping(body.get("spec")).get("restic"))
    pods = Pods(namespace, name, _LABELS).runs("restic", [], restic.get("moverResources"))
    yield sketch.account(namespace, name)
    yield pods.deployment()


MAKERS: Makers = {
    ("volsync.backube", "ReplicationDestination"): destination,
    ("volsync.backube", "ReplicationSource"): source,
}
