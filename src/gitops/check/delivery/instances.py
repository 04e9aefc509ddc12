"""Patches of a FluxInstance: whether they meet something, and at a place that is there.

Source: flux-operator, FluxInstance, `spec.kustomize.patches`; kustomize: a target that matches
nothing changes nothing, and its name is a pattern of the whole; RFC 6902: what is added to has to
be there.
"""

import re
from collections.abc import Iterator
from typing import Any

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.operators import fluxcd
from gitops.check.spot import Spot
from gitops.model.finding import Finding
from gitops.sources import yamlio

_WAY = ("spec", "kustomize", "patches")
_CONTAINER = frozenset(
    {
        *("args", "env", "image", "imagePullPolicy", "livenessProbe", "name", "ports"),
        *("readinessProbe", "resources", "securityContext", "terminationMessagePath"),
        *("terminationMessagePolicy", "volumeMounts"),
    }
)
"""What flux-operator writes into each container. Source: config/data/flux, the Deployments."""


def idle(facts: Index) -> Iterator[Finding]:
    """A patch for controllers is for one that is installed."""
    for spot, target, _, names in _patches(facts):
        wanted = text(target.get("name"))
        if wanted and not _matches(wanted, names):
            yield spot.warning(
                "flux/instance-patch",
                f"{spot.who} patches the Deployment {wanted}, and installs {', '.join(names)}: "
                "nothing is changed",
                "name a controller of spec.components; a name is a pattern of the whole",
            )


def misplaced(facts: Index) -> Iterator[Finding]:
    """A step of a patch adds to something that controllers have."""
    for spot, _, patch, _ in _patches(facts):
        documents, _ = yamlio.parse(patch.encode(), spot.owned.manifest.origin.source.path)
        for step in (each for found in documents for each in listing(found.value)):
            path = text(mapping(step).get("path")).split("/")[1:]
            field = _lost(path)
            if field:
                inner = Spot(facts, spot.owned, (*spot.pointer, "patch"))
                yield inner.error(
                    "flux/instance-patch",
                    f"{spot.who} writes to /{'/'.join(path)}, and the controllers have no "
                    f"{field} there: Flux is not installed",
                    f"a container has {', '.join(sorted(_CONTAINER))}",
                )


def _lost(path: list[str]) -> str:
    """The field that is written into and is not there."""
    match path:
        case ["spec", "template", "spec", "containers", number, field, _, *_]:
            return "second container" if number not in ("0", "-") else _unknown(field)
        case ["spec", "template", "spec", field, _, *_] if field.startswith("container"):
            return "" if field == "containers" else field
        case _:
            return ""


def _unknown(field: str) -> str:
    return "" if field in _CONTAINER else field


def _patches(facts: Index) -> Iterator[tuple[Spot, dict[str, Any], str, list[str]]]:
    """The patches for Deployments, with their targets, and the controllers."""
    for owned in facts.of("fluxcd.controlplane.io", "FluxInstance"):
        for number, each in enumerate(listing(at(facts.body(owned.manifest), *_WAY))):
            target = mapping(mapping(each).get("target"))
            if target.get("kind") == "Deployment":
                spot = Spot(facts, owned, (*_WAY, number))
                yield spot, target, text(mapping(each).get("patch")), _names(facts, owned)


def _names(facts: Index, owned: Owned) -> list[str]:
    given = listing(at(facts.body(owned.manifest), "spec", "components"))
    return [text(each) for each in given] or [*fluxcd.DEFAULT]


def _matches(pattern: str, names: list[str]) -> bool:
    try:
        return any(re.fullmatch(pattern, name) for name in names)
    except re.error:
        return True
