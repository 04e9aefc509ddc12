"""Dashboards of the Grafana operator: whether they arrive in a Grafana.

Source: grafana-operator v5, grafana.integreatly.org/v1beta1.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from gitops.check import selectors
from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot
from gitops.check.traffic import questions
from gitops.check.traffic.gateways import bodies
from gitops.check.traffic.sight import Sight
from gitops.model.finding import Finding
from gitops.model.secret import holds_placeholder

_GROUP = "grafana.integreatly.org"
_KINDS = (
    "GrafanaAlertRuleGroup",
    "GrafanaContactPoint",
    "GrafanaDashboard",
    "GrafanaDatasource",
    "GrafanaFolder",
)


def unreadable(facts: Index) -> Iterator[Finding]:
    """A dashboard that is written out is JSON."""
    for owned, body in bodies(facts, _GROUP, "GrafanaDashboard"):
        found = text(at(body, "spec", "json"))
        try:
            if found:
                msgspec.json.decode(found)
        except msgspec.DecodeError as why:
            yield Spot(facts, owned, ("spec", "json")).error(
                "dashboard/json",
                f"{owned.manifest.id} is no JSON: {why}",
                "export the dashboard again",
            )


def unclaimed(facts: Index) -> Iterator[Finding]:
    """What is for a Grafana is for one that exists."""
    instances = [*bodies(facts, _GROUP, "Grafana")]
    for kind in _KINDS:
        for owned, body in bodies(facts, _GROUP, kind):
            selector = mapping(at(body, "spec", "instanceSelector"))
            anywhere = at(body, "spec", "allowCrossNamespaceImport") is True
            if not any(
                selectors.matches(selector, mapping(at(each, "metadata", "labels")))
                for home, each in instances
                if anywhere or _together(home, owned)
            ):
                yield _unclaimed(facts, owned, selectors.shown(selector), anywhere)


def _together(one: Owned, other: Owned) -> bool:
    return one.manifest.id.namespace == other.manifest.id.namespace


def _unclaimed(facts: Index, owned: Owned, wanted: str, anywhere: bool) -> Finding:
    sight = facts.view(Sight)
    where = "any namespace" if anywhere else f"namespace {owned.manifest.id.namespace}"
    return sight.absent(
        "dashboard/not-selected",
        Spot(facts, owned, ("spec", "instanceSelector")),
        "" if anywhere else owned.manifest.id.namespace,
        f"{owned.manifest.id} is for a Grafana with {wanted} in {where}, and there is none",
        "correct instanceSelector, or set allowCrossNamespaceImport",
    )


_BUILT_IN = ("-- Grafana --", "-- Mixed --", "-- Dashboard --", "grafana", "default", "")
"""Data sources that each Grafana has."""


def sourceless(facts: Index) -> Iterator[Finding]:
    """A panel asks a data source that there is. Grafana finds one by its uid, older dashboards by
    its name. Silent where some are made by other means than the operator.

    Source: grafana-operator, GrafanaDatasource.GetGrafanaUID: one without a uid gets that of its
    object, which only the cluster knows.
    """
    grafanas, sources = bodies(facts, _GROUP, "Grafana"), [*bodies(facts, _GROUP, _SOURCE)]
    known = {name for owned, body in sources for name in _names(owned, body)}
    if not known or any(at(body, "spec", "external") for _, body in grafanas):
        return
    unnamed = any(not (at(body, "spec", "uid") or _uid(body)) for _, body in sources)
    for owned, body in bodies(facts, _GROUP, "GrafanaDashboard"):
        for way, name in _asked(facts, owned, body):
            is_told = name in known or name in _BUILT_IN or (unnamed and _UUID.fullmatch(name))
            if not is_told and "$" not in name and not holds_placeholder(name):
                yield Spot(facts, owned, way).error(
                    "dashboard/datasource-missing",
                    f"{owned.manifest.id} asks data source {name!r}, which no GrafanaDatasource is",
                    f"there is {', '.join(sorted(known))}",
                )
                break


_SOURCE = "GrafanaDatasource"


_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _uid(body: dict[str, Any]) -> str:
    return text(at(body, "spec", "datasource", "uid"))


def _names(owned: Owned, body: dict[str, Any]) -> set[str]:
    source = mapping(at(body, "spec", "datasource"))
    given = (at(body, "spec", "uid"), source.get("uid"), source.get("name"))
    return {text(each) for each in given} - {""}


def _asked(
    facts: Index, owned: Owned, body: dict[str, Any]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What inputs are filled with, then what panels name themselves. An input called VAR_… is a
    constant: Grafana calls those of data sources DS_… when it exports a dashboard."""
    for position, each in enumerate(listing(at(body, "spec", "datasources"))):
        if text(mapping(each).get("inputName")).startswith("VAR_"):
            continue
        name = text(mapping(each).get("datasourceName"))
        yield ("spec", "datasources", position, "datasourceName"), name
    way, written = _written(facts, owned, body)
    try:
        model = msgspec.json.decode(written or "{}")
    except msgspec.DecodeError:
        return
    for place, panel in questions.panels(mapping(model), way):
        targets = enumerate(map(mapping, listing(panel.get("targets"))))
        below = (((*place, "targets", number), each) for number, each in targets)
        for holder, each in ((place, panel), *below):
            source = each.get("datasource")
            field = ("uid",) if mapping(source).get("uid") else ()
            yield (*holder, "datasource", *field), text(mapping(source).get("uid") or source)


def _written(facts: Index, owned: Owned, body: dict[str, Any]) -> tuple[tuple[str, ...], str]:
    """The text of a dashboard, which may stand in a ConfigMap; "" where it is elsewhere."""
    named = mapping(at(body, "spec", "configMapRef"))
    held = facts.find("", "ConfigMap", owned.manifest.id.namespace, text(named.get("name")))
    if held is not None:
        found = at(facts.body(held.manifest), "data", text(named.get("key")))
        return ("spec", "configMapRef"), text(found)
    return ("spec", "json"), text(at(body, "spec", "json"))
