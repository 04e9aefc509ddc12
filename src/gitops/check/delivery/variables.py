"""Variables that Flux substitutes.

Source: kustomize-controller, `spec.postBuild`: without it nothing is substituted at all.
"""

import difflib
import re
from collections.abc import Iterator

from gitops.check import fields, index
from gitops.check.index import Index, Key
from gitops.model import finding
from gitops.model.build import Unit
from gitops.model.finding import Finding
from gitops.model.flux import Kustomization
from gitops.model.manifest import Manifest
from gitops.model.origin import Location

_VARIABLE = re.compile(rb"(?<!\$)\$\{([_a-zA-Z][_a-zA-Z0-9]*)\}")
_CLOSE = 0.85
_PROGRAMS = frozenset({"ConfigMap", "GrafanaDashboard", "Secret"})
"""Kinds whose texts have variables of their own: those of programs and dashboards."""


def unused(facts: Index) -> Iterator[Finding]:
    """Every key of a ConfigMap that is substituted from stands in some object.

    Where a part of the cluster cannot be seen nothing is said: it may use whatever is left. Those
    of one name in several namespaces are copies: what one is used for, all are.
    """
    if facts.hidden:
        return
    found = _readers(facts)
    used: dict[str, set[str]] = {}
    for settings, readers in found.items():
        names = (name for reader in readers for name in reader.used_variables)
        used.setdefault(settings[3], set()).update(names)
    told: set[Location] = set()
    for settings in found:
        if settings in facts.owned:
            place = facts.owned[settings][0].manifest.origin.source
            if place not in told:
                yield from _unused(facts, settings, used[settings[3]])
            told.add(place)


def idle(facts: Index) -> Iterator[Finding]:
    """A variable that a unit sets itself stands in one of its objects, as far as these can be seen.

    It is told of where another variable, of nearly the same name, is not set and takes its default.
    """
    units = {unit.id.key: unit for unit in facts.cluster.units}
    for found in facts.kustomizations:
        unit = units.get(found.id.key)
        set_here = found.spec.post_build.substitute if found.spec.post_build else {}
        given = {*_given(facts, found)}
        for name in sorted({*set_here} - {*(unit.used_variables if unit else set_here)}):
            others = {*unit.used_variables} - {*set_here} - given if unit else set()
            meant = _meant(name, others)
            if meant:
                mistake = finding.warning(
                    "flux/unused-variable",
                    facts.field(found, "spec", "postBuild", "substitute", name),
                    f"{found.id} sets {name}, which none of its objects uses; {meant} is used, and "
                    "not set there",
                    f"did you mean {meant}?",
                )
                yield index.about(found.id, mistake)


def _given(facts: Index, found: Kustomization) -> Iterator[str]:
    """The variables that ConfigMaps of the cluster give to a unit."""
    for source in found.spec.post_build.substitute_from if found.spec.post_build else ():
        held = facts.find("", source.kind, found.id.namespace, source.name)
        yield from fields.mapping(facts.body(held.manifest).get("data")) if held else ()


def _meant(name: str, others: set[str]) -> str:
    """A name that is the same but for case and underscores, or nearly."""
    plain = _plain(name)
    same = (each for each in sorted(others) if _plain(each) == plain)
    close = difflib.get_close_matches(name, sorted(others), 1, _CLOSE)
    return next(same, "") or next(iter(close), "")


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def unfilled(facts: Index) -> Iterator[Finding]:
    """A unit whose objects hold a variable that others take from a ConfigMap takes it, too.

    Programs have variables of their own: told is only of names that a ConfigMap of the cluster
    sets, and not of texts for programs or of what a container defines.
    """
    known = {
        name
        for settings in _readers(facts)
        if settings in facts.owned
        for name in fields.mapping(facts.body(facts.owned[settings][0].manifest).get("data"))
    }
    units = {unit.id.key: unit for unit in facts.cluster.units}
    for found in facts.kustomizations if known else ():
        unit = units.get(found.id.key)
        if unit and found.spec.post_build is None:
            left = [each for each in unit.manifests if _left(each, known)]
            if left:
                yield _unfilled(facts, found, left, sorted(_left(left[0], known)))


def _left(each: Manifest, known: set[str]) -> set[str]:
    if b"${" not in each.raw or each.id.kind in _PROGRAMS:
        return set()
    names = {name.decode() for name in _VARIABLE.findall(each.raw)} & known
    return {name for name in names if b'"name":"%s"' % name.encode() not in each.raw}


def _unfilled(
    facts: Index, found: Kustomization, left: list[Manifest], names: list[str]
) -> Finding:
    more = f" and {len(left) - 1} more" if len(left) > 1 else ""
    mistake = finding.warning(
        "flux/unfilled-variable",
        facts.field(found, "spec"),
        f"{found.id} has no postBuild, and {left[0].id}{more} keeps the text ${{{names[0]}}}, "
        "which other units take from a ConfigMap",
        "name the ConfigMap under postBuild.substituteFrom",
        left[0].origin.source,
    )
    return index.about(found.id, mistake)


def _readers(facts: Index) -> dict[Key, list[Unit]]:
    """ConfigMaps with the units that substitute from them."""
    units = {unit.id.key: unit for unit in facts.cluster.units}
    readers: dict[Key, list[Unit]] = {}
    for found in facts.kustomizations:
        for source in found.spec.post_build.substitute_from if found.spec.post_build else ():
            if source.kind == "ConfigMap" and found.id.key in units:
                key = ("", "ConfigMap", found.id.namespace, source.name)
                readers.setdefault(key, []).append(units[found.id.key])
    return readers


def _unused(facts: Index, settings: Key, used: set[str]) -> Iterator[Finding]:
    owned = facts.owned[settings][0]
    manifest = owned.manifest
    keys = fields.mapping(manifest.body().get("data"))
    if idle := sorted(keys.keys() - used):
        mistake = finding.warning(
            "flux/unused-variable",
            facts.at(owned, "data", idle[0]),
            f"{manifest.id} sets {', '.join(idle)}, which no Kustomization of this cluster uses",
            "remove what is left over, or correct the name where it is used",
        )
        yield index.about(manifest.id, mistake)
