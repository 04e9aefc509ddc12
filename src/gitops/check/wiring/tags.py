"""The tags by which Fluent Bit leads records from inputs through filters to outputs.

Source: Fluent Bit, "Routing": `*` in `match` stands for any text. fluent-operator v3.10.0,
apis/fluentbit/v1alpha2: an input without a tag has the name of its plugin and a number; `*` in the
tag of `tail` is the path of the file.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from gitops.check.fields import at, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot
from gitops.model.finding import Finding

_GROUP = "fluentbit.fluent.io"
_PLUGINS = {
    "dummy": "dummy",
    "fluentBitMetrics": "fluentbit_metrics",
    "kubernetesEvents": "kubernetes_events",
    "nodeExporterMetrics": "node_exporter_metrics",
    "prometheusScrapeMetrics": "prometheus_scrape",
    "syslog": "syslog",
    "systemd": "systemd",
    "tail": "tail",
    "tcp": "tcp",
    "udp": "udp",
}
"""Inputs whose records have one tag. Others take it from whoever sends."""

_SAME = frozenset({"alias", "logLevel", "processors"})
_NEW = (b'"rewriteTag"', b'"customPlugin"', b'"logToMetrics"')
"""Filters that make records of another tag."""


def unmatched(facts: Index) -> Iterator[Finding]:
    """Every output and filter matches the tag of an input, and every input meets an output."""
    tags = _tags(facts)
    filters = facts.of(_GROUP, "ClusterFilter")
    if not tags or any(mark in each.manifest.raw for each in filters for mark in _NEW):
        return
    outputs = facts.of(_GROUP, "ClusterOutput")
    for owned in (*filters, *outputs):
        match = text(at(facts.body(owned.manifest), "spec", "match"))
        if match and not any(meets(match, tag) for tag in tags.values()):
            spot = Spot(facts, owned, ("spec", "match"))
            known = ", ".join(sorted({*tags.values()}))
            yield spot.warning(
                "reference/no-tag",
                f"{spot.who} matches {match!r}, and inputs give {known}: no record gets there",
                "correct the pattern, or the tag of an input",
            )
    yield from _lost(facts, outputs, tags)


def _lost(facts: Index, outputs: tuple[Owned, ...], tags: dict[str, str]) -> Iterator[Finding]:
    matches = [text(at(facts.body(each.manifest), "spec", "match")) for each in outputs]
    is_whole = bool(matches) and all(matches) and not facts.of(_GROUP, "Output")
    for owned in facts.of(_GROUP, "ClusterInput") if is_whole else ():
        tag = tags[owned.manifest.id.name]
        if not any(meets(match, tag) for match in matches):
            plugin = _plugin(facts, owned)
            spot = Spot(facts, owned, ("spec", plugin, "tag"))
            yield spot.warning(
                "reference/no-tag",
                f"{spot.who} gives {tag!r}, and outputs match {', '.join(sorted({*matches}))}: "
                "its records go nowhere",
                "correct the tag, or the pattern of an output",
            )


def _tags(facts: Index) -> dict[str, str]:
    """The tag of each input; nothing where one of them cannot be told."""
    found: dict[str, str] = {}
    for owned in facts.of(_GROUP, "ClusterInput"):
        plugin = _plugin(facts, owned)
        if plugin not in _PLUGINS:
            return {}
        told = text(at(facts.body(owned.manifest), "spec", plugin, "tag"))
        found[owned.manifest.id.name] = told or f"{_PLUGINS[plugin]}.*"
    return found


def _plugin(facts: Index, owned: Owned) -> str:
    spec: dict[str, Any] = mapping(facts.body(owned.manifest).get("spec"))
    return next((field for field in spec if field not in _SAME), "")


@cache
def meets(one: str, other: str) -> bool:
    """Whether some text fits both patterns."""
    if not one or not other:
        return not (one + other).strip("*")
    if one[0] == "*":
        return meets(one[1:], other) or meets(one, other[1:])
    if other[0] == "*":
        return meets(other, one)
    return one[0] == other[0] and meets(one[1:], other[1:])
