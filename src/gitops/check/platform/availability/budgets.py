"""Budgets for the pods of what is critical: without one, a drain may end all of them at once.

Source: kubernetes.io, Specifying a Disruption Budget: evictions are held back by budgets alone.
"""

from collections.abc import Iterator

from gitops.check import index, selectors
from gitops.check.fields import at
from gitops.check.index import Index
from gitops.check.platform.availability import spreading
from gitops.check.pods import Template
from gitops.model import finding
from gitops.model.finding import Finding


def unguarded(facts: Index) -> Iterator[Finding]:
    """What is critical and has several pods has a budget."""
    for template in spreading.critical(facts):
        hidden = facts.hiding(template.namespace)
        if template.replicas > 1 and not hidden and not _has_budget(facts, template):
            who = template.owner.manifest.id
            mistake = finding.warning(
                "availability/no-budget",
                facts.at(template.owner, "metadata", "name"),
                f"{who} is critical by its priority class and has no PodDisruptionBudget: draining "
                "several nodes may end all of its pods",
                "add one with maxUnavailable: 1",
            )
            yield index.about(who, mistake)


def _has_budget(facts: Index, template: Template) -> bool:
    return any(
        budget.manifest.id.namespace == template.namespace
        and selectors.matches(at(facts.body(budget.manifest), "spec", "selector"), template.labels)
        for budget in facts.of("policy", "PodDisruptionBudget")
    )


RULES = (unguarded,)
