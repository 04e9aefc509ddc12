"""Placeholders in realms that the operator of Keycloak imports.

Source: keycloak, operator, KeycloakRealmImportJobDependentResource: `spec.placeholders` become
variables of the import's container, which otherwise is the one of the Keycloak that is named, and
`${NAME}` is replaced by them. What has no value stays as it is: a client then has the text
`${NAME}` for its secret. Names in small letters (`${client_account}`) are texts of themes.
"""

import re
from collections.abc import Iterator

from gitops.check.fields import at, mapping, text
from gitops.check.index import Index
from gitops.check.spot import Spot
from gitops.check.wiring import near
from gitops.model.finding import Finding

_GROUP = "k8s.keycloak.org"
_NAMED = re.compile(r"\$\{(?:env\.)?([A-Z][A-Z0-9_]*)\}")

Way = tuple[str | int, ...]


def undeclared(facts: Index) -> Iterator[Finding]:
    """Every placeholder of a realm is declared, or is a variable of its Keycloak."""
    for owned in facts.of(_GROUP, "KeycloakRealmImport"):
        body = facts.body(owned.manifest)
        name = text(at(body, "spec", "keycloakCRName"))
        server = facts.find(_GROUP, "Keycloak", owned.manifest.id.namespace, name)
        declared = [*mapping(at(body, "spec", "placeholders"))]
        if server is None:
            continue
        for way, wanted in _named(at(body, "spec", "realm"), ("spec", "realm")):
            if wanted not in declared and wanted.encode() not in server.manifest.raw:
                close = near.best(wanted, declared) or _last(wanted, declared)
                spot = Spot(facts, owned, way)
                yield spot.error(
                    "reference/placeholder",
                    f"{spot.who} has the placeholder ${{{wanted}}}, which `spec.placeholders` does "
                    "not declare: the text itself is imported",
                    f"did you mean {close!r}?" if close else "declare it, or correct the name",
                )


def _last(wanted: str, declared: list[str]) -> str:
    """A name that begins with the same word."""
    word = wanted.partition("_")[0] + "_"
    return next((each for each in sorted(declared) if each.startswith(word)), "")


def _named(value: object, way: Way) -> Iterator[tuple[Way, str]]:
    match value:
        case str():
            for name in dict.fromkeys(_NAMED.findall(value)):
                yield way, name
        case list():
            for position, each in enumerate(value):
                yield from _named(each, (*way, position))
        case dict():
            for field, each in value.items():
                yield from _named(each, (*way, field))
