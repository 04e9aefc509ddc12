"""Names in DNS have one owner: of two instances of external-dns with one name, each removes what
the other made.

Source: external-dns, docs/registry/txt.md: `--txt-owner-id` tells whose a record is, `default`
where nobody sets it; an instance removes records of its own that nothing asks for (policy `sync`).
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import msgspec

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.platform.versions.rules import charts
from gitops.model import finding
from gitops.model.finding import Finding

_VALUES = ("spec", "values")


class Instance(msgspec.Struct, frozen=True):
    """An instance: who it says that it is, and whose names it looks after."""

    facts: Index
    owned: Owned
    owner: str
    provider: str
    domains: frozenset[str]
    prefix: tuple[str, str]

    @property
    def name(self) -> str:
        """The release, with its cluster."""
        return f"{self.owned.manifest.id} of cluster {self.facts.cluster.name}"


def owners(clusters: tuple[Index, ...]) -> Iterator[Finding]:
    """Instances that look after names of one domain at one provider have different names."""
    found = [each for facts in clusters for each in _instances(facts)]
    for one, other in combinations(found, 2):
        same = (one.owner, one.provider, one.prefix) == (other.owner, other.provider, other.prefix)
        if same and one.domains & other.domains:
            yield _twice(one, other)


def _twice(one: Instance, other: Instance) -> Finding:
    field = ("txtOwnerId",) if at(_values(one.facts, one.owned), "txtOwnerId") else ()
    domain = min(one.domains & other.domains)
    mistake = finding.error(
        "network/dns-owner",
        one.facts.at(one.owned, *_VALUES, *field),
        f"{one.name} keeps names of {domain} as {one.owner!r}, and so does {other.name}: each "
        "removes what the other made",
        "give each a txtOwnerId of its own, by the name of the cluster",
        other.facts.at(other.owned, *_VALUES, *field),
    )
    return msgspec.structs.replace(
        mistake, subject=one.owned.manifest.id, cluster=one.facts.cluster.name
    )


def _instances(facts: Index) -> Iterator[Instance]:
    """Those whose values can be seen, that name domains and whose records are marked."""
    for owned, chart, _, _ in facts.view(charts):
        values = _values(facts, owned)
        unseen = at(facts.body(owned.manifest), "spec", "valuesFrom")
        if chart != "external-dns" or unseen or values.get("registry", "txt") != "txt":
            continue
        flags = _flags(values.get("extraArgs"))
        given = values.get("provider")
        yield Instance(
            facts,
            owned,
            flags.get("txt-owner-id") or text(values.get("txtOwnerId")) or "default",
            given if isinstance(given, str) else text(mapping(given).get("name")),
            frozenset(map(text, listing(values.get("domainFilters")))),
            (text(values.get("txtPrefix")), text(values.get("txtSuffix"))),
        )


def _values(facts: Index, owned: Owned) -> dict[str, Any]:
    return mapping(at(facts.body(owned.manifest), *_VALUES))


def _flags(given: object) -> dict[str, str]:
    """Arguments, which the chart takes as a mapping or a list."""
    if isinstance(given, dict):
        return {text(key): text(value) for key, value in given.items()}
    parts = (text(each).removeprefix("--").partition("=") for each in listing(given))
    return {name: value for name, _, value in parts}


FLEET_RULES = (owners,)
