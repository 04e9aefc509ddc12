"""Volumes of pods.

Source: Kubernetes `pkg/apis/core/validation`, validateVolumeSource.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import listing, mapping, text
from gitops.check.schemas.problem import Pointer, Problem, conflict, duplicate, wrong
from gitops.check.schemas.strategy import unions

_PROJECTED = (
    *("clusterTrustBundle", "configMap", "downwardAPI", "podCertificate", "secret"),
    "serviceAccountToken",
)


def source(volume: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """A volume is of one kind; without any, it is an empty folder."""
    there = [name for name, value in volume.items() if name != "name" and value is not None]
    for name in there[1:]:
        yield conflict((*at, name), f"may not be there beside {there[0]}", "keep one of them")


def projected(volume: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """Each source is of one kind, and each file comes from one."""
    seen = set()
    for number, each in enumerate(map(mapping, listing(volume.get("sources")))):
        there = [name for name in _PROJECTED if each.get(name) is not None]
        for name in there[1:]:
            way = (*at, "sources", number, name)
            yield conflict(way, f"may not be there beside {there[0]}", "make a source of each")
        for kind in ("secret", "configMap", "downwardAPI"):
            items = listing(mapping(each.get(kind)).get("items"))
            for position, item in enumerate(map(mapping, items)):
                path = text(item.get("path"))
                if path and path in seen:
                    way = (*at, "sources", number, kind, "items", position, "path")
                    yield duplicate(way, f"{path!r} comes from another source, too")
                seen.add(path)


def file(item: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """A file lies in its volume."""
    path = text(item.get("path"))
    if path.startswith("/") or ".." in path.split("/") or path.startswith(".."):
        yield wrong((*at, "path"), f"must be a path in the volume, without .., is {path!r}")


def told(item: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """What a pod is told of itself is one thing."""
    yield from file(item, at)
    yield from unions.one(item, at, ("fieldRef", "resourceFieldRef"))


def folder(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """A folder of the node is named without detours."""
    path = text(found.get("path"))
    if ".." in path.split("/"):
        yield wrong((*at, "path"), f"may not hold .., is {path!r}")


def share(found: dict[str, Any], at: Pointer) -> Iterator[Problem]:
    """A folder of a server begins at its root."""
    path = text(found.get("path"))
    if path and not path.startswith("/"):
        yield wrong((*at, "path"), f"must begin with /, is {path!r}")


RULES = (
    ("core.v1.Volume", source),
    ("core.v1.ProjectedVolumeSource", projected),
    ("core.v1.KeyToPath", file),
    ("core.v1.ServiceAccountTokenProjection", file),
    ("core.v1.DownwardAPIVolumeFile", told),
    ("core.v1.HostPathVolumeSource", folder),
    ("core.v1.NFSVolumeSource", share),
)
