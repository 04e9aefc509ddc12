"""Whoever calls the object storage of the estate calls its port."""

import re
from collections.abc import Iterator, Sequence

from gitops.check import building, index
from gitops.check.index import Index, Owned
from gitops.estate.loading import Loaded
from gitops.model import finding
from gitops.model.finding import Finding

Way = tuple[str | int, ...]


def called(clusters: Sequence[Index]) -> Iterator[Finding]:
    """Every text of an object that names the host with a port names the one of fleet.yaml."""
    for facts in clusters:
        loaded = facts.knowledge.estate
        if loaded and facts.cluster.name in loaded.estate.clusters:
            host = loaded.estate.s3.host.encode()
            for owned in facts.holding(host):
                yield from _called(facts, loaded, owned)


def _called(facts: Index, loaded: Loaded, owned: Owned) -> Iterator[Finding]:
    s3 = loaded.estate.s3
    named = re.compile(rf"(?<![\w.-]){re.escape(s3.host)}:(?P<port>[0-9]+)(?![0-9])")
    for way, words in _texts(facts.body(owned.manifest), ()):
        for found in named.finditer(words):
            if int(found["port"]) != s3.port:
                who = owned.manifest.id
                mistake = finding.error(
                    "estate/port",
                    facts.at(owned, *way),
                    f"{who} calls {found.group()}, and by fleet.yaml its port is {s3.port}",
                    "correct one of the two",
                    loaded.at("s3", "port"),
                )
                yield index.about(who, building.within(facts.cluster, mistake))
                break


def _texts(value: object, way: Way) -> Iterator[tuple[Way, str]]:
    match value:
        case str():
            yield way, value
        case dict():
            for key, each in value.items():
                yield from _texts(each, (*way, key))
        case list():
            for position, each in enumerate(value):
                yield from _texts(each, (*way, position))


FLEET_RULES = (called,)
