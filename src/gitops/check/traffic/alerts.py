"""Alerts and recorded series: whether they can be read.

Source: Prometheus, model/rulefmt; VictoriaMetrics, vmalert.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from gitops.check.fields import listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot
from gitops.check.traffic import durations, promql
from gitops.check.traffic.gateways import bodies
from gitops.check.traffic.monitors import COREOS, VICTORIA
from gitops.model.finding import Finding

_KINDS = ((COREOS, "PrometheusRule"), (VICTORIA, "VMRule"))
_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")

Way = tuple[str | int, ...]


class Entry(msgspec.Struct, frozen=True):
    """An alert or a recorded series, and the group that it is in."""

    owned: Owned
    way: Way
    group: dict[str, Any]
    body: dict[str, Any]

    @property
    def name(self) -> str:
        """Its name."""
        return text(self.body.get("alert")) or text(self.body.get("record"))


def entries(facts: Index) -> Iterator[Entry]:
    """All of them, in order."""
    for group_name, kind in _KINDS:
        for owned, body in bodies(facts, group_name, kind):
            for number, group in enumerate(listing(mapping(body.get("spec")).get("groups"))):
                for position, rule in enumerate(listing(mapping(group).get("rules"))):
                    way = ("spec", "groups", number, "rules", position)
                    yield Entry(owned, way, mapping(group), mapping(rule))


def unreadable(facts: Index) -> Iterator[Finding]:
    """Every expression can be read. Those of logs have another language."""
    for entry in entries(facts):
        wanted = entry.body.get("expr")
        if text(entry.group.get("type")) in {"vlogs", "graphite"} or not isinstance(wanted, str):
            continue
        if why := promql.mistake(wanted):
            yield Spot(facts, entry.owned, (*entry.way, "expr")).error(
                "alert/expression",
                f"{entry.owned.manifest.id}: the expression of {entry.name} cannot be read: {why}",
                "correct the expression; until then none of these rules is loaded",
            )


def mistimed(facts: Index) -> Iterator[Finding]:
    """Every span of time can be read by whoever evaluates the rules."""
    for entry in entries(facts):
        for field in ("for", "keep_firing_for"):
            span = entry.body.get(field)
            victoria = entry.owned.manifest.id.kind == "VMRule"
            reads = durations.victoria_metrics if victoria else durations.prometheus
            if isinstance(span, str) and span and not reads(span):
                yield Spot(facts, entry.owned, (*entry.way, field)).error(
                    "alert/duration",
                    f"{entry.owned.manifest.id}: {field} of {entry.name} is {span!r}, "
                    "which is no span of time",
                    "write it like 5m or 1h30m",
                )


def twice(facts: Index) -> Iterator[Finding]:
    """Within a group no two alerts have the same name and labels."""
    seen: set[tuple[object, ...]] = set()
    for entry in entries(facts):
        marks = tuple(sorted((k, str(v)) for k, v in mapping(entry.body.get("labels")).items()))
        where = (entry.owned.manifest.id, *entry.way[:3])
        key = (*where, entry.name, marks, str(entry.body.get("expr")))
        if key in seen:
            yield Spot(facts, entry.owned, entry.way).warning(
                "alert/duplicate",
                f"{entry.owned.manifest.id} has {entry.name} twice, with the same labels and "
                "expression",
                "remove one of them",
            )
        seen.add(key)


def illegible(facts: Index) -> Iterator[Finding]:
    """Labels have names that may be, and templates are closed."""
    for entry in entries(facts):
        for field in ("labels", "annotations"):
            for name, value in mapping(entry.body.get(field)).items():
                why = _illegible(str(name), text(value))
                if why:
                    yield Spot(facts, entry.owned, (*entry.way, field, str(name))).error(
                        "alert/template",
                        f"{entry.owned.manifest.id}: {field} of {entry.name}: {why}",
                        "correct it; until then none of these rules is loaded",
                    )


_ACTION = re.compile(r"\{\{(.*?)\}\}", re.S)


def _illegible(name: str, value: str) -> str:
    if not _LABEL.fullmatch(name):
        return f"{name!r} is no name of a label"
    rest = _ACTION.sub("", value)
    if "{{" in rest:
        return f"{name} has a template that is not closed"
    words = [found.strip("- \n\t").partition(" ")[0] for found in _ACTION.findall(value)]
    opened = sum(word in {"if", "range", "with", "define", "block"} for word in words)
    if opened != words.count("end"):
        return f"{name} has {opened} blocks and {words.count('end')} times `end`"
    return ""
