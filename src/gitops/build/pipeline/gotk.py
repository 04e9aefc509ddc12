"""A Kustomization that starts Flux, as gotk-sync.yaml has it: which folder, out of which source."""

from typing import Any

from gitops.errors import EscapingPath
from gitops.model.cluster import SourceRef, Sync
from gitops.model.origin import Location
from gitops.sources import tree as trees


def of_kustomization(body: dict[str, Any], at: Location) -> Sync:
    """The sync that a Kustomization declares; what it leaves out is as `flux bootstrap` has it."""
    metadata, spec = mapping(body.get("metadata")), mapping(body.get("spec"))
    source = mapping(spec.get("sourceRef"))
    namespace = text(metadata.get("namespace")) or "flux-system"
    return Sync(
        path=relative(text(spec.get("path"))),
        name=text(metadata.get("name")) or "flux-system",
        namespace=namespace,
        source=SourceRef(
            text(source.get("kind")) or "GitRepository",
            text(source.get("namespace")) or namespace,
            text(source.get("name")) or "flux-system",
        ),
        at=at,
    )


def relative(path: str) -> str:
    """A sync path relative to the root; "" where it leads out of the repository."""
    return inside(path.lstrip("/")) or ""


def inside(path: str) -> str | None:
    """The path relative to the root; None where it leads out of the repository."""
    try:
        return trees.resolve("", path)
    except EscapingPath:
        return None


def mapping(value: object) -> dict[str, Any]:
    """The value where it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def text(value: object) -> str:
    """The value where it is text, else ""."""
    return value if isinstance(value, str) else ""
