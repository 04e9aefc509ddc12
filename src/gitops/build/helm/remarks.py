"""What is told of a release besides its objects."""

from gitops.build.helm import names
from gitops.model import finding
from gitops.model.chart import StoredChart
from gitops.model.finding import Finding
from gitops.model.flux import HelmRelease
from gitops.model.origin import Location
from gitops.model.render import RenderProblem, RenderResult

_LONGEST = 1200
"""Characters of Helm's words that are shown; a guess that holds all but recursions."""


def unrendered(release: HelmRelease, chart: StoredChart, problem: RenderProblem) -> Finding:
    """That the chart does not render, with the place in the chart where Helm names one."""
    place = Location(f"{names.chart(chart)}/{problem.template}", 0, problem.line)
    return finding.error(
        "helm/render",
        release.origin.source,
        f"{release.id}: {names.chart(chart)} does not render: {_short(problem.message)}",
        "correct the values, or take another version of the chart",
        *((place,) if problem.template else ()),
    )


def _short(message: str) -> str:
    """Helm repeats itself for every level of a recursion; what matters is at the ends."""
    if len(message) <= _LONGEST:
        return message
    return f"{message[: _LONGEST // 2]} … {message[-_LONGEST // 2 :]}"


def notes(release: HelmRelease, chart: StoredChart, result: RenderResult) -> tuple[Finding, ...]:
    """What could not be verified, or may not be what the cluster would have."""
    told = [
        ("helm/unchecked-values", f"{reason}, which is not here: values are not fully checked", "")
        for reason in result.unchecked
    ]
    if result.uses_random:
        told.append(
            (
                "helm/random-values",
                "templates may draw random values or read the clock; placeholders stand for them",
                "give such values yourself, so that they are the same each time",
            )
        )
    if result.uses_lookup:
        told.append(
            (
                "helm/cluster-lookup",
                "templates may look at the live cluster, which is taken to be empty",
                "",
            )
        )
    at = release.origin.source
    return tuple(
        finding.note(rule, at, f"{release.id}: {names.chart(chart)}: {message}", hint)
        for rule, message, hint in told
    )
