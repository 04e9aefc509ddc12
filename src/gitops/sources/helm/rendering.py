"""Renders one chart with Helm's engine."""

import re
from collections.abc import Callable, Mapping

from msgspec.structs import replace

from gitops.model.render import RenderedObject, RenderProblem, RenderRequest, RenderResult
from gitops.sources.helm import output, preparation
from gitops.sources.helm.preparation import Chart, Unfit

Engine = Callable[[bytes, bytes, RenderRequest], tuple[Mapping[str, str], Mapping[str, str]]]
"""From archive, values and request to the text of each template, and of each file in `crds/`.

Raises EngineError.
"""

_PLACES = (
    re.compile(r"error (?:at|in) \((?P<path>[^():]+):?(?P<line>\d+)?(?::\d+)?\)"),
    re.compile(r"^(?P<path>[^\s:()]+/templates/[^\s:()]+):(?P<line>\d+)"),
)


class EngineError(Exception):
    """The engine refuses a chart; the message is its own."""


def render(request: RenderRequest, engine: Engine) -> RenderResult:
    """What the request gives; a mistake in chart or values is a problem, never an exception."""
    try:
        chart = preparation.prepare(request)
    except Unfit as cause:
        return RenderResult(problem=cause.problem)
    result = RenderResult(
        chart_name=chart.name,
        chart_version=chart.version,
        app_version=chart.app_version,
        uses_api_versions=chart.traits.uses_api_versions,
        uses_random=chart.traits.uses_random,
        uses_lookup=chart.traits.uses_lookup,
        unchecked=chart.unchecked,
    )
    try:
        return replace(result, objects=_objects(request, chart, engine))
    except EngineError as cause:
        return replace(result, problem=_problem(str(cause)))
    except output.Unreadable as cause:
        return replace(result, problem=cause.problem)


def _objects(request: RenderRequest, chart: Chart, engine: Engine) -> tuple[RenderedObject, ...]:
    rendered, crds = engine(chart.archive, chart.values, request)
    # Values are settled only when that matters: most texts with braces in them are not evaluated.
    if chart.may_vary and engine(chart.archive, chart.values, request)[0] != rendered:
        chart = preparation.prepare(request, settle_values=True)
        rendered, crds = engine(chart.archive, chart.values, request)
    objects = output.objects(rendered, hooks=not request.disable_hooks)
    return output.crds(crds) + objects if request.include_crds else objects


def _problem(message: str) -> RenderProblem:
    """The message on one line, with the place in the chart that it names."""
    words = " ".join(message.split())
    found = next(filter(None, (place.search(words) for place in _PLACES)), None)
    if found is None:
        return RenderProblem(words)
    return RenderProblem(words, found["path"].partition("/")[2], int(found["line"] or 0))
