"""The lines that set the variables of a line that is wrong.

Source: Flux, Kustomization, `spec.postBuild`: what `substitute` says counts more than what any of
`substituteFrom` has, and of those the last.
"""

import re
from collections.abc import Iterator

import msgspec

from gitops.check.fields import at, mapping
from gitops.check.index import Index
from gitops.model.build import Unit
from gitops.model.finding import Finding
from gitops.model.flux import Kustomization
from gitops.model.origin import Location

_VARIABLE = re.compile(r"(?<!\$)\$\{([_a-zA-Z][_a-zA-Z0-9]*)")


def shown(facts: Index, found: Finding) -> Finding:
    """The same finding; where its line holds variables, the lines that set them are related."""
    names = dict.fromkeys(_VARIABLE.findall(facts.knowledge.line(found.at)))
    if not names or found.subject is None:
        return found
    owner = _owner(facts, found)
    places = [place for name in names for place in _set(facts, owner, name)] if owner else []
    more = [each for each in places if each not in (found.at, *found.related)]
    return msgspec.structs.replace(found, related=(*found.related, *more)) if more else found


def _owner(facts: Index, found: Finding) -> Kustomization | None:
    """The Kustomization that applies the file: a release is applied by one, too."""
    assert found.subject is not None
    unit = _unit(facts, found.subject.key)
    if unit is not None and unit.id.kind == "HelmRelease":
        unit = _unit(facts, unit.id.key)
    known = (each for each in facts.kustomizations if unit and each.id.key == unit.id.key)
    return next(known, None)


def _unit(facts: Index, key: tuple[str, str, str, str]) -> Unit | None:
    owned = facts.owned.get(key)
    return owned[0].unit if owned else None


def _set(facts: Index, owner: Kustomization, name: str) -> Iterator[Location]:
    post = owner.spec.post_build
    if post is not None and name in post.substitute:
        applied = facts.owned.get(owner.id.key)
        if applied:
            yield facts.at(applied[0], "spec", "postBuild", "substitute", name)
        return
    for source in reversed(post.substitute_from) if post else ():
        held = facts.find("", source.kind, owner.id.namespace, source.name)
        if held is not None and name in mapping(at(facts.body(held.manifest), "data")):
            yield facts.at(held, "data", name)
            return
