"""What is told of a release besides its objects."""

from gitops.build.helm import remarks
from gitops.model import finding
from gitops.model.render import RenderProblem, RenderResult
from tests.unit.build.helm.declared import AT, CHART, release

NAME = "HelmRelease/apps/web: web@1.2.3"


def test_a_plain_chart_needs_no_remark() -> None:
    assert remarks.notes(release(), CHART, RenderResult(uses_api_versions=True)) == ()


def test_what_may_differ_in_the_cluster_is_told() -> None:
    result = RenderResult(
        uses_random=True, uses_lookup=True, unchecked=("web/x refers to http://y",)
    )
    assert remarks.notes(release(), CHART, result) == (
        finding.note(
            "helm/unchecked-values",
            AT,
            f"{NAME}: web/x refers to http://y, which is not here: values are not fully checked",
        ),
        finding.note(
            "helm/random-values",
            AT,
            f"{NAME}: templates may draw random values or read the clock; placeholders stand for "
            "them",
            "give such values yourself, so that they are the same each time",
        ),
        finding.note(
            "helm/cluster-lookup",
            AT,
            f"{NAME}: templates may look at the live cluster, which is taken to be empty",
        ),
    )


def test_a_problem_without_a_place_has_no_related_one() -> None:
    assert remarks.unrendered(release(), CHART, RenderProblem("broken archive")) == finding.error(
        "helm/render",
        AT,
        f"{NAME} does not render: broken archive",
        "correct the values, or take another version of the chart",
    )
