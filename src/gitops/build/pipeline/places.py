"""Paths of trees that are not the repository, as the reader of a finding knows them."""

from collections.abc import Callable, Iterable

import msgspec

from gitops.model.finding import Finding
from gitops.model.manifest import Manifest
from gitops.model.origin import Location, Origin

Name = Callable[[str], str]
"""From a path of the tree to what the reader calls it."""

_OURS = "\0"
"""Stands before paths of this repository while another tree is built; no file name holds it."""


def marked(origin: Origin) -> Origin:
    """The origin with all its paths marked as those of this repository."""
    return _origin(origin, lambda path: _OURS + path)


def told_apart(name: Name) -> Name:
    """`name`, but for marked paths, which are the reader's already."""
    return lambda path: path[1:] if path.startswith(_OURS) else name(path)


def findings(found: Iterable[Finding], name: Name) -> tuple[Finding, ...]:
    """The findings with every place renamed."""
    return tuple(
        msgspec.structs.replace(
            each,
            at=_location(each.at, name),
            related=tuple(_location(related, name) for related in each.related),
            message=each.message.replace(_OURS, ""),
        )
        for each in found
    )


def manifests(found: Iterable[Manifest], name: Name) -> tuple[Manifest, ...]:
    """The manifests with every place of their origins renamed."""
    return tuple(msgspec.structs.replace(each, origin=_origin(each.origin, name)) for each in found)


def _origin(origin: Origin, name: Name) -> Origin:
    steps = tuple(
        msgspec.structs.replace(step, at=_location(step.at, name)) for step in origin.steps
    )
    return Origin(_location(origin.source, name), steps)


def _location(at: Location, name: Name) -> Location:
    return msgspec.structs.replace(at, path=name(at.path))
