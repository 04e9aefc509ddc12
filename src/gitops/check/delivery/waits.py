"""Waiting that cannot end.

Source: kustomize-controller, checkHealth; kstatus, which calls a claim ready when it is bound.
"""

from collections.abc import Iterator

from gitops.check import index, pods
from gitops.check.delivery import dependencies
from gitops.check.delivery.stages import Stages
from gitops.check.fields import at, listing
from gitops.check.index import Index, Key, Owned
from gitops.model import finding
from gitops.model.build import Rendered, Suspended
from gitops.model.finding import Finding
from gitops.model.flux import Kustomization


def deadlocks(facts: Index) -> Iterator[Finding]:
    """Nothing is waited for that itself comes after whoever waits."""
    stages = facts.view(Stages)
    for waiting in facts.kustomizations:
        for child in sorted(stages.waited(waiting.id.key)):
            if waiting.id.key in stages.ready_before(child):
                yield _deadlock(stages, waiting, child)


def suspended(facts: Index) -> Iterator[Finding]:
    """Nothing depends on a unit that is never reconciled."""
    stages = facts.view(Stages)
    for dependent in facts.declared:
        for wanted in stages.wanted(dependent.id.key):
            unit = stages.units[wanted]
            if isinstance(unit.outcome, Suspended):
                yield index.about(
                    dependent.id,
                    finding.warning(
                        "flux/depends-on-suspended",
                        dependencies.entry(facts, dependent, wanted),
                        f"{dependent.id} depends on {unit.id}, which is suspended: in a new "
                        "cluster it never becomes ready",
                        "resume it, or remove it from dependsOn",
                        unit.origin.source,
                    ),
                )


def unbound(facts: Index) -> Iterator[Finding]:
    """A claim that is bound with its first pod is not waited for before that pod may come."""
    stages = facts.view(Stages)
    users = _users(facts)
    whole = all(isinstance(unit.outcome, Rendered) for unit in facts.cluster.units)
    for claim in facts.of("", "PersistentVolumeClaim"):
        owner = stages.declared.get(claim.unit.id.key)
        waits = isinstance(owner, Kustomization) and owner.spec.wait
        if waits and whole and _binds_late(facts, claim):
            key = claim.manifest.id.namespace, claim.manifest.id.name
            before = (stages.ready_before(user) for user in users.get(key, ()))
            if all(claim.unit.id.key in needed for needed in before):
                yield _unbound(claim, bool(users.get(key)))


def _users(facts: Index) -> dict[tuple[str, str], set[Key]]:
    """The units that bring pods with a claim, by its namespace and name."""
    users: dict[tuple[str, str], set[Key]] = {}
    for template in pods.templates(facts):
        for volume in listing(template.spec.get("volumes")):
            name = at(volume, "persistentVolumeClaim", "claimName")
            if name:
                users.setdefault((template.namespace, name), set()).add(template.owner.unit.id.key)
    return users


def _binds_late(facts: Index, claim: Owned) -> bool:
    name = at(facts.body(claim.manifest), "spec", "storageClassName")
    kept = facts.find("storage.k8s.io", "StorageClass", "", str(name)) if name else None
    mode = at(facts.body(kept.manifest), "volumeBindingMode") if kept else None
    return mode == "WaitForFirstConsumer"


def _deadlock(stages: Stages, waiting: Kustomization, child: Key) -> Finding:
    unit = stages.units[child]
    return index.about(
        waiting.id,
        finding.error(
            "flux/wait-deadlock",
            waiting.origin.source,
            f"{waiting.id} waits until {unit.id} is ready, and that one starts only when the first "
            "is ready: neither ever is",
            f"remove `wait: true` of {waiting.id}, or the dependsOn that leads back to it",
            unit.origin.source,
        ),
    )


def _unbound(claim: Owned, used: bool) -> Finding:
    why = "its pods come only afterwards" if used else "no pod uses it"
    return index.about(
        claim.manifest.id,
        finding.error(
            "flux/wait-unbound",
            claim.manifest.origin.source,
            f"{claim.unit.id} waits until {claim.manifest.id} is bound, which happens with its "
            f"first pod, and {why}",
            "apply the claim together with the pods that use it, or wait for named objects only",
            claim.unit.origin.source,
        ),
    )
