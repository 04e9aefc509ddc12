"""The API versions of a cluster."""

import pytest

from gitops.build.helm import capabilities


def test_groups_versions_and_kinds_are_listed() -> None:
    served = capabilities.api_versions("1.33.5")
    assert {
        "v1",
        "v1/Pod",
        "apps/v1",
        "apps/v1/Deployment",
        "policy/v1/PodDisruptionBudget",
    } <= set(served)
    assert list(served) == sorted(served)


def test_what_clusters_no_longer_serve_is_not() -> None:
    served = capabilities.api_versions("1.33.5")
    assert [each for each in served if "beta" in each or "alpha" in each] == []


@pytest.mark.parametrize(
    ("name", "versions"),
    [
        ("networking.k8s.io/v1/ServiceCIDR", ["1.33.5", "v1.36.0", "1.40"]),
        ("resource.k8s.io/v1", ["v1.36.0", "1.40"]),
        ("admissionregistration.k8s.io/v1/MutatingAdmissionPolicy", ["v1.36.0", "1.40"]),
        ("flowcontrol.apiserver.k8s.io/v1beta3", ["1.30.0", "1.31"]),
    ],
)
def test_the_list_follows_the_version_of_kubernetes(name: str, versions: list[str]) -> None:
    asked = ["1.30.0", "1.31", "1.33.5", "v1.36.0", "1.40"]
    assert [each for each in asked if name in capabilities.api_versions(each)] == versions


def test_custom_resources_are_added() -> None:
    assert "example.org/v1" in capabilities.api_versions("1.33.5", ["example.org/v1"])
