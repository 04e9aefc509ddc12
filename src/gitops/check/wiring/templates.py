"""The templates of the pods of a cluster, by namespace."""

from functools import cached_property

from gitops.check import operators, pods
from gitops.check.index import Index
from gitops.check.pods import Template

_MOVING = frozenset(
    {
        "apps.kubernetes.io/pod-index",
        "batch.kubernetes.io/controller-uid",
        "batch.kubernetes.io/job-completion-index",
        "batch.kubernetes.io/job-name",
        "cnpg.io/instanceName",
        "cnpg.io/instanceRole",
        "controller-revision-hash",
        "job-name",
        "mgr_role",
        "pod-template-hash",
        "role",
        "statefulset.kubernetes.io/pod-name",
    }
)
"""Labels that controllers put on running pods, some of them on one pod after another."""


class Templates:
    """All templates; those of what controllers make are sketches."""

    def __init__(self, facts: Index) -> None:
        self.all = tuple(pods.templates(facts))

    @cached_property
    def applied(self) -> tuple[Template, ...]:
        """Those that units apply: all their fields are known."""
        return tuple(each for each in self.all if each.owner.manifest.incomplete != operators.MADE)

    @cached_property
    def within(self) -> dict[str, list[Template]]:
        """The templates of each namespace."""
        found: dict[str, list[Template]] = {}
        for template in self.all:
            found.setdefault(template.namespace, []).append(template)
        return found

    def selected(self, namespace: str, selector: dict[str, str]) -> list[Template]:
        """The templates whose pods an equality selector selects, now or later."""
        still = {key: value for key, value in selector.items() if key not in _MOVING}.items()
        return [each for each in self.within.get(namespace, ()) if still <= each.labels.items()]
