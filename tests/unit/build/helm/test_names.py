"""What a release is called, and where it lives."""

import pytest

from gitops.build.helm import names
from tests.unit.build.helm.declared import CHART, release

LONG = "a-name-that-is-much-longer-than-helm-allows-for-a-release"


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ({}, "web"),
        ({"targetNamespace": "shop"}, "shop-web"),
        ({"targetNamespace": "shop", "releaseName": "given"}, "given"),
        ({"releaseName": "x" * 53}, "x" * 53),
        ({"releaseName": LONG}, "a-name-that-is-much-longer-than-helm-all-96234d3d61bf"),
    ],
)
def test_a_release_is_called_as_flux_calls_it(spec: dict[str, str], name: str) -> None:
    assert names.release_name(release(spec)) == name


def test_objects_go_to_the_target_namespace_and_the_record_does_not() -> None:
    wanted = release({"targetNamespace": "shop"})
    assert names.release_namespace(wanted) == "shop"
    assert names.storage_namespace(wanted) == "apps"
    assert names.storage_namespace(release({"storageNamespace": "records"})) == "records"
    assert names.release_namespace(release()) == "apps"


def test_places_in_a_chart_begin_with_its_name_and_version() -> None:
    assert names.chart(CHART) == "web@1.2.3"
