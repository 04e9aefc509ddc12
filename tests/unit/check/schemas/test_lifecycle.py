"""The kinds of one group and version do not all go at once."""

import pytest

from gitops.check.schemas import lifecycle


@pytest.mark.parametrize(
    ("api_version", "kind", "last"),
    [
        ("extensions/v1beta1", "Deployment", "1.15.12"),
        ("extensions/v1beta1", "Ingress", "1.21.14"),
        ("storage.k8s.io/v1beta1", "StorageClass", "1.21.14"),
        ("storage.k8s.io/v1beta1", "CSIStorageCapacity", "1.26.15"),
        ("storage.k8s.io/v1beta1", "VolumeAttributesClass", "1.36.0"),
    ],
)
def test_a_version_of_a_kind_is_served_up_to_its_own_release(
    api_version: str, kind: str, last: str
) -> None:
    lifetime = lifecycle.TABLE[api_version, kind]
    assert lifetime.is_deprecated(last)
    assert not lifetime.is_removed(last)
    assert lifetime.is_removed(f"1.{int(last.split('.')[1]) + 1}.0")
