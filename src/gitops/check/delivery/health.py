"""Health checks that do nothing, or that nothing can pass.

Source: kustomize-controller, checkHealth: it returns at once without `wait` and `healthChecks`, and
`wait` looks at every object applied instead of the named ones.
"""

from collections.abc import Iterator

from gitops.check import index
from gitops.check.index import Index
from gitops.model import finding
from gitops.model.build import Rendered
from gitops.model.finding import Finding
from gitops.model.flux import Kustomization
from gitops.model.flux_sources import Reference
from gitops.model.ids import ObjectId, split_api_version


def inert(facts: Index) -> Iterator[Finding]:
    """`healthCheckExprs` only refine checks that `wait` or `healthChecks` asks for."""
    for found in facts.kustomizations:
        if found.spec.health_check_exprs and not found.spec.wait and not found.spec.health_checks:
            mistake = finding.warning(
                "flux/healthcheck-inert",
                facts.field(found, "spec", "healthCheckExprs"),
                f"{found.id} has healthCheckExprs, but neither `wait: true` nor healthChecks: "
                "they are never evaluated",
                "set `wait: true`, or list the objects in healthChecks",
            )
            yield index.about(found.id, mistake)


def ignored(facts: Index) -> Iterator[Finding]:
    """Named checks count only where not everything is waited for."""
    for found in facts.kustomizations:
        if found.spec.health_checks and found.spec.wait:
            yield index.about(
                found.id,
                finding.warning(
                    "flux/healthcheck-ignored",
                    facts.field(found, "spec", "healthChecks"),
                    f"{found.id} has `wait: true`, which looks at every object that it applies: "
                    "its healthChecks are ignored",
                    "remove healthChecks; or, where they name objects of others, remove `wait`",
                ),
            )


def missing(facts: Index) -> Iterator[Finding]:
    """What is checked by name exists."""
    for found in facts.kustomizations:
        for position, check in enumerate(found.spec.health_checks):
            if not found.spec.wait and not _exists(facts, found, check):
                yield _missing(facts, found, position, check)


def _exists(facts: Index, found: Kustomization, check: Reference) -> bool:
    group, _ = split_api_version(check.api_version)
    spaces = (check.namespace or found.id.namespace, "")
    keys = [(group, check.kind, namespace, check.name) for namespace in spaces]
    by_hand = {"/".join(filter(None, key[1:])) for key in keys} & facts.knowledge.outside
    return bool(by_hand) or any(key in facts.known or facts.find(*key) for key in keys)


def _missing(facts: Index, found: Kustomization, position: int, check: Reference) -> Finding:
    namespace = check.namespace or found.id.namespace
    named = f"{check.kind}/{namespace}/{check.name}"
    message = f"{found.id} waits for {named}, which nothing in this cluster makes: it never passes"
    spot = facts.field(found, "spec", "healthChecks", position)
    hint = "correct the reference, or remove it"
    unseen = [*facts.hiding(namespace), *_unseen_releases(facts, namespace)]
    mistake = index.about(found.id, finding.error("flux/healthcheck-missing", spot, message, hint))
    return facts.weighed(mistake, unseen, found.id, namespace)


def _unseen_releases(facts: Index, namespace: str) -> Iterator[ObjectId]:
    """Releases that write into the namespace, and cannot be seen."""
    outcomes = {unit.id.key: unit.outcome for unit in facts.cluster.units}
    for release in facts.releases:
        place = release.spec.target_namespace or release.id.namespace
        if place == namespace and not isinstance(outcomes.get(release.id.key), Rendered):
            yield release.id
