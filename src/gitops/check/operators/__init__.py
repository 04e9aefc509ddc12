"""What controllers make of the objects that units apply, as far as it is certain.

A certificate becomes a Secret, a database cluster becomes Services and Secrets: other objects name
them, and no file holds them. A maker gives bodies with only the fields that its controller is known
to set; it is listed by group and kind.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from gitops.check.operators import secrets
from gitops.model.manifest import Manifest, manifest

MADE = "made"
"""`incomplete` of an object that a controller makes."""

Maker = Callable[[Manifest, dict[str, Any]], Iterator[dict[str, Any]]]

_MAKERS: dict[tuple[str, str], Maker] = {
    **secrets.MAKERS,
}


def made_of(found: Manifest, body: dict[str, Any]) -> Iterator[Manifest]:
    """The objects that some controller makes of this one. Their origin is that of their cause."""
    maker = _MAKERS.get((found.id.group, found.id.kind))
    bodies: Iterable[dict[str, Any]] = maker(found, body) if maker else ()
    for sketch in bodies:
        yield manifest(sketch, found.origin, MADE)


def makes(found: Manifest) -> bool:
    """Whether something is known to be made of objects of this kind."""
    return (found.id.group, found.id.kind) in _MAKERS
