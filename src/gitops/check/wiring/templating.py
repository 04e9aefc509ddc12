"""Templates by which ExternalSecrets write their Secrets.

Source: external-secrets v0.12.1, pkg/template/v2/template.go: a template is given what `data` and
`dataFrom` fetched, and a key that it was not given is an error (`missingkey=error`); the Secret is
then not written at all.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check import gotemplates
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot, narrowed
from gitops.check.wiring import near
from gitops.model.finding import Finding

_GROUP = "external-secrets.io"
_KINDS = {
    "ExternalSecret": ("spec",),
    "ClusterExternalSecret": ("spec", "externalSecretSpec"),
}

Way = tuple[str | int, ...]


def unreadable(facts: Index) -> Iterator[Finding]:
    """Every template can be read: a name with a hyphen in it cannot be named by a dot."""
    for owned, _, way, template in _templates(facts):
        for name in dict.fromkeys(gotemplates.hyphens(template)):
            spot = Spot(facts, owned, way)
            key = name.lstrip("$").removeprefix(".")
            mistake = spot.error(
                "secret/template-unreadable",
                f"{spot.who} names {name!r} in a template, where a hyphen ends a name: "
                "its Secret is never written",
                f'write {{{{ index . "{key}" }}}}',
            )
            yield narrowed(mistake, facts, name, template)


def unfetched(facts: Index) -> Iterator[Finding]:
    """Every value that a template takes is fetched under this name."""
    for owned, spec, way, template in _templates(facts):
        if spec.get("dataFrom") or any(gotemplates.hyphens(template)):
            continue
        fetched = [text(mapping(each).get("secretKey")) for each in listing(spec.get("data"))]
        for name in dict.fromkeys(gotemplates.asked(template)):
            if name not in fetched:
                mistake = _unfetched(Spot(facts, owned, way), name, fetched)
                yield narrowed(mistake, facts, name, template)


def _unfetched(spot: Spot, name: str, fetched: list[str]) -> Finding:
    close = near.best(name, fetched)
    known = ", ".join(sorted(fetched)) or "nothing"
    return spot.error(
        "secret/template-value",
        f"{spot.who} takes {name!r} in a template, and fetches {known}: it is never there",
        f"did you mean {close!r}?"
        if close
        else f"fetch {name!r} under `data`, or correct the name",
    )


def _templates(facts: Index) -> Iterator[tuple[Owned, dict[str, Any], Way, str]]:
    """Texts that are templates, with the way to them. Version 1 of the engine is another one."""
    for kind, pointer in _KINDS.items():
        for owned in facts.of(_GROUP, kind):
            spec = mapping(at(facts.body(owned.manifest), *pointer))
            template = mapping(at(spec, "target", "template"))
            is_whole = owned.manifest.incomplete != "placeholder"
            if is_whole and template.get("engineVersion", "v2") == "v2":
                for way, found in _texts(template):
                    yield owned, spec, (*pointer, "target", "template", *way), found


def _texts(template: dict[str, Any]) -> Iterator[tuple[Way, str]]:
    for key, value in mapping(template.get("data")).items():
        yield ("data", key), text(value)
    for position, each in enumerate(listing(template.get("templateFrom"))):
        yield ("templateFrom", position, "literal"), text(mapping(each).get("literal"))
    for field in ("labels", "annotations"):
        for key, value in mapping(at(template, "metadata", field)).items():
            yield ("metadata", field, key), text(value)
