"""Implementations that are loaded when they are first used.

Start-up time is part of the product, and most runs find everything in the cache: they neither start
a program nor render a chart.
"""

from collections.abc import Sequence
from functools import cached_property
from importlib import import_module
from typing import Any

from gitops.model.chart import StoredChart
from gitops.model.render import ChartRenderer, RenderRequest, RenderResult
from gitops.sources.charts.store import Store
from gitops.sources.tree import SourceTree


def load(module: str, name: str) -> Any:
    """What a module calls so; it is loaded now if nobody has."""
    return getattr(import_module(module), name)


def function(module: str, name: str) -> Any:
    """A function whose module is loaded when it is first called."""

    def call(*arguments: Any, **named: Any) -> Any:
        return load(module, name)(*arguments, **named)

    return call


class Renderer:
    """A ChartRenderer that comes into being with the first chart; to be closed."""

    def __init__(self, module: str, name: str) -> None:
        self._place = (module, name)

    @cached_property
    def _renderer(self) -> ChartRenderer:
        made: ChartRenderer = load(*self._place)()
        return made

    def submit(self, request: RenderRequest) -> None:
        """Begin a render, unless it was begun before, and do not wait for it."""
        self._renderer.submit(request)

    def result(self, request: RenderRequest) -> RenderResult:
        """What a request gave; waits for it."""
        return self._renderer.result(request)

    def render(self, requests: Sequence[RenderRequest]) -> tuple[RenderResult, ...]:
        """One result per request, in their order."""
        return self._renderer.render(requests)

    def close(self) -> None:
        """End what was started."""
        close = getattr(self.__dict__.get("_renderer"), "close", None)
        if close is not None:
            close()


class Packer:
    """Keeps charts that lie in the repository in a store."""

    def __init__(self, charts: Store) -> None:
        self._charts = charts

    def pack(self, chart: SourceTree, address: str) -> StoredChart:
        """The chart whose folder is the root of the tree."""
        packer = load("gitops.sources.charts.packing", "Packer")(self._charts)
        packed: StoredChart = packer.pack(chart, address)
        return packed
