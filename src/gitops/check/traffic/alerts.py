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
from gitops.check.traffic import durations, ours
from gitops.check.traffic.gateways import bodies
from gitops.check.traffic.monitors import COREOS, VICTORIA
from gitops.check.traffic.promql import labels, reading, templates
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


def expression(entry: Entry) -> str:
    """What it asks of metrics, or "": those of logs have another language."""
    return text(entry.body.get("expr")) if _is_of_metrics(entry) else ""


def _is_of_metrics(entry: Entry) -> bool:
    return text(entry.group.get("type")) not in {"vlogs", "graphite"}


def unreadable(facts: Index) -> Iterator[Finding]:
    """Every expression can be read."""
    for entry in entries(facts):
        wanted = entry.body.get("expr")
        if not isinstance(wanted, str) or not _is_of_metrics(entry):
            continue
        if why := reading.mistake(wanted):
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


def _illegible(name: str, value: str) -> str:
    if not _LABEL.fullmatch(name):
        return f"{name!r} is no name of a label"
    why = templates.mistake(value)
    return f"{name} {why}" if why else ""


def forgetful(facts: Index) -> Iterator[Finding]:
    """Labels and annotations name labels that the expression leaves.

    Others are those that the rule or its group gives; vmalert adds the name of both. Source:
    prometheus/rules, alerting.go; VictoriaMetrics, app/vmalert/rule/alerting.go (toLabels).
    """
    for entry in entries(facts):
        found = _labels(entry)
        for field in ("labels", "annotations"):
            for name, value in mapping(entry.body.get(field)).items():
                lost = [each for each in templates.labels(text(value)) if not found.has(each)]
                if lost:
                    yield _forgotten(facts, entry, (field, str(name)), lost)


_ALWAYS = ("alertgroup", "alertname")


def _labels(entry: Entry) -> labels.Labels:
    """The labels of an alert: any, where a chart makes it or its expression cannot be read."""
    read = reading.read(expression(entry)) if ours.writes(entry.owned) else ""
    found = labels.ANY if isinstance(read, str) else labels.of(read) or labels.NONE
    given = (*mapping(entry.body.get("labels")), *mapping(entry.group.get("labels")), *_ALWAYS)
    return found.plus(map(str, given))


def _forgotten(facts: Index, entry: Entry, way: tuple[str, str], lost: list[str]) -> Finding:
    field, name = way
    return Spot(facts, entry.owned, (*entry.way, *way)).warning(
        "alert/label-lost",
        f"{entry.owned.manifest.id}: {field} of {entry.name}: {name} names "
        f"{', '.join(f'$labels.{each}' for each in lost)}, and the expression leaves no such label",
        "aggregate by that label too, or leave it out",
    )
