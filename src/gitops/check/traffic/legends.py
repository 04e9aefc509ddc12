"""Legends of panels: whether they name labels that the questions leave.

Source: grafana/grafana, pkg/promlib/models and querydata/response.go (getName): nothing stands in
the place of a label that a series does not have. A table has columns in the place of a legend.
"""

import re
from collections.abc import Iterator
from typing import Any

from gitops.check.fields import listing, mapping, text
from gitops.check.index import Index
from gitops.check.spot import Spot
from gitops.check.traffic.promql import labels
from gitops.check.traffic.questions import Dashboard, Questions, Way
from gitops.model.finding import Finding

_LABEL = re.compile(r"\{\{\s*([A-Za-z_]\w*)\s*\}\}")


def forgetful(facts: Index) -> Iterator[Finding]:
    """A legend names labels that its question leaves."""
    found = facts.view(Questions)
    asked = {(id(each.owned), each.way): each for each in found.of_dashboards}
    for dashboard in found.dashboards:
        for way, target in _targets(dashboard):
            question = asked.get((id(dashboard.owned), (*way, "expr")))
            left = labels.of(question.expression) if question and not question.mistake else None
            named = _named(target)
            if question and left and (lost := [each for each in named if not left.has(each)]):
                yield Spot(facts, dashboard.owned, (*way, "legendFormat")).warning(
                    "dashboard/legend-label",
                    f"{dashboard.owned.manifest.id}: the legend of {question.whose} names "
                    f"{', '.join(lost)}, and the expression leaves no such label",
                    "aggregate by that label too, or leave it out",
                )


def _targets(dashboard: Dashboard) -> Iterator[tuple[Way, dict[str, Any]]]:
    for way, panel in dashboard.panels:
        for number, each in enumerate(listing(panel.get("targets"))):
            yield (*way, "targets", number), mapping(each)


def _named(target: dict[str, Any]) -> list[str]:
    """The labels that a legend names, where it is shown. The name of a series is none of them: in
    MetricsQL some expressions keep it."""
    if target.get("hide") is True or target.get("format") == "table":
        return []
    named = dict.fromkeys(_LABEL.findall(text(target.get("legendFormat"))))
    return [each for each in named if each != "__name__"]
