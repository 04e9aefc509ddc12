import pytest

from gitops.check.index import Index
from gitops.check.traffic import certificates
from gitops.model.secret import placeholder
from tests.unit.check import clusters

CERTIFICATE = """---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {{name: web, namespace: web}}
spec: {{secretName: web, commonName: {name}, dnsNames: [{name}], issuerRef: {{name: own}}}}
"""
DOMAIN = placeholder("Secret", "flux-system", "cluster-secrets", "DOMAIN")


@pytest.mark.parametrize(
    ("name", "expected"), [("a" * 65, ["certificate/invalid"]), (f"home.{DOMAIN}", [])]
)
def test_the_length_of_a_name_that_is_not_known_is_none(name: str, expected: list[str]) -> None:
    unit = clusters.kustomization("web", CERTIFICATE.format(name=name))
    found = certificates.invalid(Index(clusters.cluster(unit)))
    assert [each.rule for each in found] == expected
