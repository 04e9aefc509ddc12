"""Rendering with an engine of our own making."""

from pathlib import Path

import pytest

from gitops.model.render import RenderProblem, RenderRequest, RenderResult
from gitops.sources.charts import archive
from gitops.sources.helm import rendering
from gitops.sources.helm.rendering import EngineError, Texts
from tests.unit.sources.helm_charts import packed, request

POD = "kind: Pod\nmetadata: {name: a}\n"
CRD = "kind: CustomResourceDefinition\nmetadata: {name: b}\n"


def engine(archived: bytes, values: bytes, asked: RenderRequest) -> tuple[Texts, Texts]:
    return [("web/templates/a.yaml", POD)], [("web/crds/b.yaml", CRD)]


def failing(message: str) -> rendering.Engine:
    def fail(archived: bytes, values: bytes, asked: RenderRequest) -> tuple[Texts, Texts]:
        raise EngineError(message)

    return fail


def kinds(result: RenderResult) -> list[tuple[str, bool]]:
    return [(each.template, each.crd) for each in result.objects]


def test_definitions_come_first_unless_they_are_not_wanted() -> None:
    assert kinds(rendering.render(request("web"), engine)) == [
        ("crds/b.yaml", True),
        ("templates/a.yaml", False),
    ]
    assert kinds(rendering.render(request("web", include_crds=False), engine)) == [
        ("templates/a.yaml", False)
    ]


def test_a_result_says_what_the_chart_is_and_does() -> None:
    result = rendering.render(request("cluster", chart_version="9.9.9"), engine)
    assert (result.chart_name, result.chart_version, result.app_version) == (
        "cluster",
        "9.9.9",
        "1.1",
    )
    assert (result.uses_api_versions, result.uses_lookup, result.uses_random) == (True, True, False)


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        (
            "execution error at (web/templates/a.yaml:3:4): why not",
            RenderProblem(
                "execution error at (web/templates/a.yaml:3:4): why not", "templates/a.yaml", 3
            ),
        ),
        (
            "parse error at (web/charts/b/templates/_b.tpl:12): unexpected EOF",
            RenderProblem(
                "parse error at (web/charts/b/templates/_b.tpl:12): unexpected EOF",
                "charts/b/templates/_b.tpl",
                12,
            ),
        ),
        (
            'web/templates/a.yaml:7:9\n  executing "x" at <.y>:\n    nil pointer',
            RenderProblem(
                'web/templates/a.yaml:7:9 executing "x" at <.y>: nil pointer', "templates/a.yaml", 7
            ),
        ),
        (
            "template: web/templates/a.yaml:7:9: executing",
            RenderProblem("template: web/templates/a.yaml:7:9: executing", "templates/a.yaml", 7),
        ),
        (
            "values don't fit:\nweb:\n- at '/a': no",
            RenderProblem("values don't fit: web: - at '/a': no"),
        ),
    ],
)
def test_what_the_engine_says_is_a_problem_with_its_place(
    message: str, problem: RenderProblem
) -> None:
    result = rendering.render(request("web"), failing(message))
    assert result == RenderResult(
        problem=problem, chart_name="web", chart_version="1.2.3", app_version="2.0"
    )


def test_text_that_is_no_object_is_a_problem() -> None:
    result = rendering.render(request("web"), lambda *_: ([("web/templates/a.yaml", "- a")], []))
    assert result.problem == RenderProblem(
        "what the template gives is no Kubernetes object", "templates/a.yaml", 1
    )


def test_a_chart_that_cannot_be_prepared_is_a_problem(tmp_path: Path) -> None:
    result = rendering.render(request(tmp_path / "none"), engine)
    problem = RenderProblem("none cannot be read: No such file or directory")
    assert result == RenderResult(problem=problem)


class Drawing:
    """An engine that evaluates the first value, gives the second as it is, and counts its runs."""

    def __init__(self, *, evaluates: bool) -> None:
        self.evaluates = evaluates
        self.runs = 0

    def __call__(self, archived: bytes, values: bytes, asked: RenderRequest) -> tuple[Texts, Texts]:
        self.runs += 1
        held = archive.unpack(archived, "a")["values.yaml"].decode()
        drawn = str(self.runs if b"randAlpha" in archived else "steady") if self.evaluates else ""
        text = f"kind: Pod\nmetadata: {{name: a{drawn}}}\nheld: '{held}'\n"
        return [("web/templates/a.yaml", text)], []


DRAWN = '{"a": "{{ randAlpha 3 }}"}'


def test_values_that_are_evaluated_are_settled(tmp_path: Path) -> None:
    chart = packed(tmp_path / "a.tgz", {"values.yaml": DRAWN})
    drawing = Drawing(evaluates=True)
    (found,) = rendering.render(request(chart), drawing).objects
    assert drawing.runs == 3
    assert found.raw == (
        b'{"kind":"Pod","metadata":{"name":"asteady"},"held":"{\\"a\\":\\"{{ randAlpha 3 }}\\"}"}'
    )


def test_values_that_are_not_evaluated_are_left_alone(tmp_path: Path) -> None:
    chart = packed(tmp_path / "a.tgz", {"values.yaml": DRAWN})
    drawing = Drawing(evaluates=False)
    (found,) = rendering.render(request(chart), drawing).objects
    assert drawing.runs == 2
    assert b"{{ randAlpha 3 }}" in found.raw
