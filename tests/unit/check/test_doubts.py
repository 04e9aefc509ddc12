"""What a part of a cluster that cannot be seen may hold, and how much that excuses."""

import pytest

from gitops.check.index import Index
from gitops.check.knowledge import Knowledge
from gitops.check.wiring import storage
from gitops.model.build import Outcome, Suspended, Unknown
from gitops.model.ids import ObjectId
from tests.unit.check import clusters

FOREIGN = """\
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: foreign, namespace: flux-system}
spec: {path: ./, prune: true, sourceRef: {kind: GitRepository, name: x}%s}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: own, namespace: flux-system}
spec: {path: ./, prune: true, sourceRef: {kind: GitRepository, name: x}%s}
"""
BINDING = """\
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: deploy}
roleRef: {kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: deploy, namespace: flux-system}]
"""
CLAIM = """\
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: web}
spec: {storageClassName: fast}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: slow}
"""
UNKNOWN = Unknown("its source is not here")


def facts(foreign: str = "", own: str = "", more: str = "", outcome: Outcome = UNKNOWN) -> Index:
    found = clusters.cluster(
        clusters.kustomization("flux-system", FOREIGN % (foreign, own) + more),
        clusters.kustomization("foreign", outcome=outcome),
        clusters.kustomization("own", CLAIM),
    )
    return Index(found, Knowledge())


def names(hiders: tuple[ObjectId, ...]) -> list[str]:
    return [each.name for each in hiders]


def test_a_source_that_is_not_here_may_hold_anything() -> None:
    assert names(facts().hiding("web")) == ["foreign"]
    assert names(facts().hiding("")) == ["foreign"]


def test_a_target_namespace_keeps_it_there() -> None:
    kept = facts(", targetNamespace: web")
    assert names(kept.hiding("web")) == ["foreign"]
    assert names(kept.hiding("other")) == []
    assert names(kept.hiding("")) == ["foreign"]


@pytest.mark.parametrize(("more", "hiders"), [("", []), (BINDING, ["foreign"])])
def test_an_account_without_rights_on_the_cluster_makes_nothing_for_it(
    more: str, hiders: list[str]
) -> None:
    account = ", targetNamespace: web, serviceAccountName: deploy"
    assert names(facts(account, more=more).hiding("")) == hiders


def test_who_waits_for_nothing_of_it_is_warned() -> None:
    (found,) = storage.classes(facts())
    assert (found.severity, found.rule) == ("warning", "storage/class-missing")
    assert found.message.endswith("unless Kustomization/flux-system/foreign has it")


def test_who_waits_for_it_may_well_find_it_there() -> None:
    (found,) = storage.classes(facts(own=", dependsOn: [{name: foreign}]"))
    assert found.severity == "note"


def test_what_is_suspended_may_have_made_it_before() -> None:
    (found,) = storage.classes(facts(outcome=Suspended()))
    assert found.severity == "note"
