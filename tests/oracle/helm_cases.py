"""Charts to compare with: our own, and those below the folder that GITOPS_PUBLIC_CHARTS names."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from gitops.sources import yamlio

CHARTS = Path(__file__).parents[1] / "charts"
KUBE_VERSION = "1.33.5"
_MOST_FILES = 4
"""How many of the values files in a chart's `ci` folder are tried."""

OWN: dict[str, list[dict[str, Any]]] = {
    "web": [
        {},
        {"replicas": 3, "labels": {"team": "a", "size": "1"}, "monitor": True},
        {"config": {"colour": None, "size": 12345678, "f": 1.5, "t": True}},
        {"image": {"repository": "x", "tag": "1.0"}, "unknown": {"a": [1, 2]}},
        {"replicas": "many"},
        {"image": None},
    ],
    "order": [{}, {"never": True}],
    "parts": [
        {},
        {"twig": {"enabled": True}, "tags": {"optional": True}},
        {"leaf": {"size": 3, "dropped": None}, "global": {"domain": "other"}},
        {"fromGiver": "own", "taken": {"b": 2}},
    ],
    "random": [{}, {"length": 40, "evaluated": "plain"}],
    "cluster": [{}, {"asked": ["v1", "batch/v1", "extensions/v1beta1", "nothing"]}],
    "scalars": [{}, {"large": 1e21, "nothing": 1, "list": [], "half": 0.1}],
}


class Case(NamedTuple):
    """A chart and the values it is given."""

    chart: Path
    values: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.chart.name} {self.values}"[:200]


def own() -> Iterator[Case]:
    """Our own charts, each with several values."""
    for name, given in OWN.items():
        for values in given:
            yield Case(CHARTS / name, values)


def public() -> Iterator[Case]:
    """Other people's charts with their defaults, and with values from their own tests."""
    root = os.environ.get("GITOPS_PUBLIC_CHARTS")
    if not root:
        pytest.skip("GITOPS_PUBLIC_CHARTS names no folder with charts")
    for metadata in sorted(Path(root).glob("*/Chart.yaml")):
        chart = metadata.parent
        yield Case(chart, {})
        for file in sorted(chart.glob("ci/*.yaml"))[:_MOST_FILES]:
            documents, _ = yamlio.parse(file.read_bytes(), file.name, yamlio.Dialect.SIGS)
            if documents and isinstance(documents[0].value, dict):
                yield Case(chart, documents[0].value)


def masked(value: Any) -> Any:
    """The value with every text alike: what is left where texts are random."""
    match value:
        case dict():
            return {key: masked(held) for key, held in value.items()}
        case list() | tuple():
            return [masked(held) for held in value]
        case str():
            return "text"
    return value


def whole(value: Any) -> Any:
    """The value with whole numbers as integers: JSON knows no difference."""
    match value:
        case dict():
            return {key: whole(held) for key, held in value.items()}
        case list():
            return [whole(held) for held in value]
        case float() if value.is_integer():
            return int(value)
    return value


def ended(value: Any) -> Any:
    """The value with texts without the line ends after them."""
    match value:
        case dict():
            return {key: ended(held) for key, held in value.items()}
        case list() | tuple():
            return [ended(held) for held in value]
        case str():
            return value.rstrip("\n")
    return value
