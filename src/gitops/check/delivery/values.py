"""Values of releases that their chart never reads; Helm passes them over in silence."""

from collections.abc import Iterator

from gitops.check import index
from gitops.check.index import Index
from gitops.model import finding
from gitops.model.finding import Finding


def unread(facts: Index) -> Iterator[Finding]:
    """Every value changes something, or could. Known only where the chart is in the store."""
    for unit in facts.cluster.units:
        release = facts.find(*unit.id.key)
        if unit.chart is None or release is None:
            continue
        for path in unit.chart.unread:
            yield index.about(
                unit.id,
                finding.warning(
                    "helm/unread-value",
                    facts.at(release, "spec", "values", *path),
                    f"{unit.id}: the chart {unit.chart.address} {unit.chart.version} never reads "
                    f"the value {'.'.join(path)}: it renders the same without it",
                    "correct the name or the place, which the chart's own values.yaml tells, or "
                    "remove it",
                ),
            )
