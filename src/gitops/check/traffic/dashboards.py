"""Dashboards of the Grafana operator: whether they arrive in a Grafana.

Source: grafana-operator v5, grafana.integreatly.org/v1beta1.
"""

from collections.abc import Iterator

import msgspec

from gitops.check import selectors
from gitops.check.fields import at, mapping, text
from gitops.check.index import Index, Owned
from gitops.check.spot import Spot
from gitops.check.traffic.gateways import bodies
from gitops.check.traffic.sight import Sight
from gitops.model.finding import Finding

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
