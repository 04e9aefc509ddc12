"""ServiceAccounts that Flux is to act as."""

import pytest

from gitops.check.index import Index
from gitops.check.wiring import identities
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
