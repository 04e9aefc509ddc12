"""Renders one chart with Helm's engine."""

import re
from collections.abc import Callable, Sequence

from gitops.model.render import RenderedObject, RenderProblem, RenderRequest, RenderResult
from gitops.sources.helm import output, preparation, unread
from gitops.sources.helm.preparation import Chart, Unfit

Texts = Sequence[tuple[str, str]]
"""Texts by the path of what gave them; a path may come more than once."""

Engine = Callable[[bytes, bytes, RenderRequest], tuple[Texts, Texts]]
"""From archive, values and request to the text of templates, and of files in `crds/`.

Raises EngineError.
"""

_PLACES = (
    re.compile(r"error (?:at|in) \((?P<path>[^():]+):?(?P<line>\d+)?(?::\d+)?\)"),
    re.compile(r"^(?:template: )?(?P<path>[^\s:()]+/templates/[^\s:()]+):(?P<line>\d+)"),
)


class EngineError(Exception):
    """The engine refuses a chart; the message is its own."""


def render(request: RenderRequest, engine: Engine) -> RenderResult:
    """What the request gives; a mistake in chart or values is a problem, never an exception."""
    try:
        chart = preparation.prepare(request)
        rendered, crds = engine(chart.archive, chart.values, request)
        # Values are settled only when that matters: most braces in them are meant for others.
        if chart.may_vary and engine(chart.archive, chart.values, request)[0] != rendered:
            chart = preparation.prepare(request, settle_values=True)
            rendered, crds = engine(chart.archive, chart.values, request)
            rendered = [(path, chart.restored(text)) for path, text in rendered]
        objects = output.objects(rendered, hooks=not request.disable_hooks)
        if request.include_crds:
            objects = output.crds(crds) + objects
    except Unfit as cause:
        return RenderResult(problem=cause.problem)
    except EngineError as cause:
        return _result(chart, problem=_problem(str(cause)))
    except output.Unreadable as cause:
        return _result(chart, problem=cause.problem)
    return _result(chart, objects=objects, changeless=_unread(chart, request, engine, rendered))


def _unread(
    chart: Chart, request: RenderRequest, engine: Engine, rendered: Texts
) -> tuple[unread.Path, ...]:
    def render(values: bytes) -> object:
        try:
            return dict(engine(chart.archive, values, request)[0])
        except EngineError:
            return None

    return unread.unread(chart.values, chart.files, [text for _, text in rendered], render)


def _result(
    chart: Chart,
    objects: tuple[RenderedObject, ...] = (),
    problem: RenderProblem | None = None,
    changeless: tuple[unread.Path, ...] = (),
) -> RenderResult:
    return RenderResult(
        objects,
        problem,
        chart_name=chart.name,
        chart_version=chart.version,
        app_version=chart.app_version,
        uses_api_versions=chart.traits.uses_api_versions,
        uses_random=chart.traits.uses_random,
        uses_lookup=chart.traits.uses_lookup,
        unchecked=chart.unchecked,
        unread=changeless,
    )


def _problem(message: str) -> RenderProblem:
    """The message on one line, with the place in the chart that it names."""
    words = " ".join(message.split())
    found = next(filter(None, (place.search(words) for place in _PLACES)), None)
    if found is None:
        return RenderProblem(words)
    return RenderProblem(words, found["path"].partition("/")[2], int(found["line"] or 0))
