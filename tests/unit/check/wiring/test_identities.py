"""ServiceAccounts that Flux is to act as, and what releases call."""

import pytest

from gitops.check.index import Index
from gitops.check.wiring import hosts, identities
from gitops.model.build import Unknown
from tests.unit.check import clusters

RELEASE = """\
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web, namespace: tenant}
spec:
  interval: 1h
  serviceAccountName: flux
  chartRef: {kind: OCIRepository, name: web}
"""


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", ["serviceaccount/missing"]),
        ("  kubeConfig: {secretRef: {name: other-cluster}}\n", []),
    ],
)
def test_an_account_for_another_cluster_is_there_and_not_here(
    more: str, expected: list[str]
) -> None:
    whole = clusters.cluster(clusters.kustomization("a", RELEASE + more))
    assert [found.rule for found in identities.impersonated(Index(whole))] == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("kustomize-controller", []), ("kustomise-controller", ["serviceaccount/missing"])],
)
def test_the_accounts_of_flux_come_with_it(name: str, expected: list[str]) -> None:
    text = RELEASE.replace("namespace: tenant", "namespace: flux-system")
    text = text.replace("serviceAccountName: flux", f"serviceAccountName: {name}")
    whole = clusters.cluster(clusters.kustomization("a", text))
    assert [found.rule for found in identities.impersonated(Index(whole))] == expected


BINDING = """\
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: controllers
  labels: {app.kubernetes.io/part-of: PART}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: source-watcher, namespace: flux-system}]
"""


@pytest.mark.parametrize(("part", "expected"), [("flux", []), ("fluent", ["rbac/subject-missing"])])
def test_flux_binds_controllers_that_it_is_not_installed_with(
    part: str, expected: list[str]
) -> None:
    whole = clusters.cluster(clusters.kustomization("a", BINDING.replace("PART", part)))
    assert [found.rule for found in identities.subjects(Index(whole))] == expected


@pytest.mark.parametrize(("namespace", "expected"), [("web", 0), ("other", 1)])
def test_a_release_that_is_not_known_may_call_itself(namespace: str, expected: int) -> None:
    text = RELEASE.replace("tenant", "web") + (
        f"  values: {{url: 'http://api.{namespace}.svc.cluster.local'}}\n"
        "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: other}\n"
        "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n"
    )
    units = clusters.kustomization("a", text), clusters.release("web", outcome=Unknown("no chart"))
    assert len(list(hosts.unknown(Index(clusters.cluster(*units))))) == expected
