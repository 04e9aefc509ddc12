"""Secrets in places that are not made for them: ConfigMaps, variables, values of charts."""

from collections.abc import Iterator

import msgspec

from gitops.check import index, pods
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.platform.keeping import likeness
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.flux import HELM_GROUP


class _Text(msgspec.Struct, frozen=True):
    """A text under a key of an object."""

    owned: Owned
    way: tuple[str | int, ...]
    key: str
    value: str


def literal(facts: Index) -> Iterator[Finding]:
    """What looks like a secret stands in a Secret. What charts make is theirs, and what was
    decrypted is encrypted where it stands."""
    for found in _texts(facts):
        is_secret = likeness.is_named(found.key) and likeness.is_random(found.value)
        if is_secret or likeness.has_form(found.value):
            who = found.owned.manifest.id
            mistake = finding.warning(
                "secret/literal",
                facts.at(found.owned, *found.way),
                f"{who} holds what looks like a secret in {found.key}: whoever reads the "
                "repository, or this object, has it",
                "change it, keep it in a Secret that is encrypted or comes from a vault, and refer "
                "to that",
            )
            yield index.about(who, mistake)


def _texts(facts: Index) -> Iterator[_Text]:
    for owned in facts.of("", "ConfigMap"):
        if _is_own(owned):
            data = mapping(facts.body(owned.manifest).get("data"))
            for key, value in data.items():
                yield _Text(owned, ("data", key), key, text(value))
    for template in pods.templates(facts):
        if _is_own(template.owner):
            for way, container in template.containers:
                for place, entry in enumerate(listing(container.get("env"))):
                    name, value = text(mapping(entry).get("name")), mapping(entry).get("value")
                    yield _Text(template.owner, (*way, "env", place, "value"), name, text(value))
    for owned in facts.of(HELM_GROUP, "HelmRelease"):
        if _is_own(owned):
            values = at(facts.body(owned.manifest), "spec", "values")
            yield from _leaves(owned, ("spec", "values"), values)


def _is_own(owned: Owned) -> bool:
    """Whether the repository writes the object as it is."""
    found = owned.manifest
    return not (found.incomplete or found.revealed) and "@" not in found.origin.source.path


def _leaves(owned: Owned, way: tuple[str | int, ...], value: object) -> Iterator[_Text]:
    match value:
        case dict():
            for key, inner in value.items():
                yield from _leaves(owned, (*way, key), inner)
            if isinstance(value.get("name"), str) and isinstance(value.get("value"), str):
                yield _Text(owned, (*way, "value"), value["name"], value["value"])
        case list():
            for place, inner in enumerate(value):
                yield from _leaves(owned, (*way, place), inner)
        case str():
            yield _Text(owned, way, str(way[-1]), value)


RULES = (literal,)
