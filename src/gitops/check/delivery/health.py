"""Health checks that do nothing.

Source: kustomize-controller, checkHealth: it returns at once without `wait` and `healthChecks`.
"""

from collections.abc import Iterator

from gitops.check import index
from gitops.check.index import Index
from gitops.model import finding
from gitops.model.finding import Finding


def inert(facts: Index) -> Iterator[Finding]:
    """`healthCheckExprs` only refine checks that `wait` or `healthChecks` asks for."""
    for found in facts.kustomizations:
        if found.spec.health_check_exprs and not found.spec.wait and not found.spec.health_checks:
            mistake = finding.warning(
                "flux/healthcheck-inert",
                found.origin.source,
                f"{found.id} has healthCheckExprs, but neither `wait: true` nor healthChecks: "
                "they are never evaluated",
                "set `wait: true`, or list the objects in healthChecks",
            )
            yield index.about(found.id, mistake)
