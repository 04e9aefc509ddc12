"""Units of panels: whether they are those of what is shown.

Source: grafana.com/docs, "Standard options": `percent` takes numbers up to 100, `percentunit` up to
1; `s` and `ms` take what they say.
"""

from collections.abc import Iterator
from typing import Any

from gitops.check.fields import at, listing, mapping, text
from gitops.check.index import Index
from gitops.check.spot import Spot
from gitops.check.traffic.promql import dimensions
from gitops.check.traffic.promql.dimensions import Dimension
from gitops.check.traffic.questions import Dashboard, Questions, Way
from gitops.model.finding import Finding

_WAY = ("fieldConfig", "defaults", "unit")

_OTHERS: dict[str, frozenset[Dimension]] = {
    "bits": frozenset({"seconds", "milliseconds"}),
    "bps": frozenset({"seconds", "milliseconds", "bytes in a second"}),
    "bytes": frozenset({"seconds", "milliseconds", "a share of 1", "percent"}),
    "Bps": frozenset({"seconds", "milliseconds", "a share of 1", "percent"}),
    "decbytes": frozenset({"seconds", "milliseconds", "a share of 1", "percent"}),
    "ms": frozenset({"seconds", "bytes", "bytes in a second", "percent"}),
    "percent": frozenset({"a share of 1", "seconds", "bytes", "bytes in a second"}),
    "percentunit": frozenset({"percent", "bytes", "bytes in a second"}),
    "s": frozenset({"milliseconds", "bytes", "bytes in a second", "percent"}),
}
"""What is something else than a unit says."""

_MEANT: dict[Dimension, str] = {
    "a share of 1": "percentunit",
    "bytes": "bytes",
    "bytes in a second": "Bps",
    "milliseconds": "ms",
    "percent": "percent",
    "seconds": "s",
}


def other(facts: Index) -> Iterator[Finding]:
    """A panel shows what it asks for in the unit that it is in."""
    found = facts.view(Questions)
    asked = {(id(each.owned), each.way): each.expression for each in found.of_dashboards}
    for dashboard in found.dashboards:
        for way, panel in dashboard.panels:
            unit = text(at(panel, *_WAY))
            if unit in _OTHERS and not _is_changed(panel):
                ways = (
                    (*way, "targets", number, "expr")
                    for number, _ in enumerate(listing(panel.get("targets")))
                )
                shown = {
                    dimensions.of(asked[id(dashboard.owned), each])
                    for each in ways
                    if (id(dashboard.owned), each) in asked
                }
                if len(shown) == 1 and (of := min(shown)) in _OTHERS[unit]:
                    yield _finding(facts, dashboard, (*way, *_WAY), panel, of)


def _is_changed(panel: dict[str, Any]) -> bool:
    """Whether something is done to the numbers or to single fields before they are shown."""
    overrides = listing(at(panel, "fieldConfig", "overrides"))
    properties = (
        text(mapping(each).get("id"))
        for override in map(mapping, overrides)
        for each in listing(override.get("properties"))
    )
    return bool(panel.get("transformations")) or "unit" in properties


def _finding(
    facts: Index, dashboard: Dashboard, way: Way, panel: dict[str, Any], of: Dimension
) -> Finding:
    unit = text(at(panel, *_WAY))
    return Spot(facts, dashboard.owned, way).warning(
        "dashboard/unit",
        f"{dashboard.owned.manifest.id}: the panel {text(panel.get('title'))} shows {of} in the "
        f"unit {unit!r}",
        f"set the unit to {_MEANT[of]}, or convert in the expression",
    )
