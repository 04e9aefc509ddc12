"""Clusters as trees of units: who renders whom, and what became of each."""

from collections.abc import Iterator

from gitops.model.build import ChartUse, Cluster, Fleet, Rendered, Unit, Unknown
from gitops.model.ids import ObjectId
from gitops.ui import coverage, phrase

_MARKS = {"rendered": "✓", "from the lock": "≈", "unknown": "?", "suspended": "‖", "broken": "✗"}


def lines(fleet: Fleet) -> Iterator[str]:
    """Each cluster with its units below it, children under the unit that renders them."""
    for cluster in fleet.clusters:
        yield f"{phrase.printable(cluster.name)} ({phrase.printable(cluster.entry) or '.'})\n"
        yield from _units(cluster)


def _units(cluster: Cluster) -> Iterator[str]:
    children = _children(cluster)
    waiting = _branches(children.pop(None, []), "")
    while waiting:
        unit, lead, rest = waiting.pop()
        yield f"{lead}{_unit(unit)}\n"
        # Taken out of the map, a unit that two parents render is shown in full only once.
        waiting += _branches(children.pop(unit.id, []), rest)


def _children(cluster: Cluster) -> dict[ObjectId | None, list[Unit]]:
    """Units by parent; None holds the roots and those whose parent is not shown."""
    known = {unit.id for unit in cluster.units}
    children: dict[ObjectId | None, list[Unit]] = {}
    for unit in cluster.units:
        shown = unit.parent in known and unit.parent != unit.id
        children.setdefault(unit.parent if shown else None, []).append(unit)
    return children


def _branches(units: list[Unit], indent: str) -> list[tuple[Unit, str, str]]:
    """Unit, the lead of its own line, and the indent of what is below it; last one first."""
    branches = [(unit, f"{indent}├─ ", f"{indent}│  ") for unit in units[:-1]]
    branches += [(unit, f"{indent}└─ ", f"{indent}   ") for unit in units[-1:]]
    return branches[::-1]


def _unit(unit: Unit) -> str:
    mark = _MARKS[coverage.word(unit.outcome)]
    parts = [_chart(unit.chart)] if unit.chart else []
    return "  ".join([f"{mark} {phrase.printable(str(unit.id))}", *parts, _outcome(unit)])


def _chart(chart: ChartUse) -> str:
    return phrase.printable(f"{chart.address.rpartition('/')[2]} {chart.version}")


def _outcome(unit: Unit) -> str:
    match unit.outcome:
        case Rendered(manifests):
            return phrase.count(len(manifests), "object")
        case Unknown(reason):
            return f"unknown: {phrase.printable(reason)}"
        case outcome:
            return coverage.word(outcome)
