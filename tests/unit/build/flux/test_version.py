"""What differs between versions of Flux."""

import pytest

from gitops.build.flux import version


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("2.9.4", (2, 9, 4)),
        ("v2.8.0", (2, 8, 0)),
        ("2.9.0-rc.1", (2, 9, 0)),
        ("2.9", (2, 9, 999)),
        ("2.x", (2, 9, 4)),
        ("", (2, 9, 4)),
    ],
)
def test_versions_are_read_and_unreadable_ones_are_the_newest(
    text: str, parsed: tuple[int, int, int]
) -> None:
    assert version.parsed(text) == parsed


def test_substitution_is_strict_since_2_9() -> None:
    assert version.features("2.9.0").strict_substitution
    assert not version.features("2.8.8").strict_substitution


def test_images_are_merged_since_2_9_3() -> None:
    assert version.features("2.9.3").merge_images
    assert not version.features("2.9.2").merge_images


def test_missing_components_can_be_ignored_since_2_7() -> None:
    assert version.features("2.7.0").ignore_missing_components
    assert not version.features("2.6.4").ignore_missing_components


def test_old_api_versions_are_not_served_any_more() -> None:
    assert version.features("2.6.4").removed_apis == frozenset()
    assert sorted(version.features("2.7.5").removed_apis) == [
        "helm.toolkit.fluxcd.io/v2beta1",
        "kustomize.toolkit.fluxcd.io/v1beta1",
        "source.toolkit.fluxcd.io/v1beta1",
    ]
    assert "helm.toolkit.fluxcd.io/v2beta2" in version.features("2.8.0").removed_apis


@pytest.mark.parametrize(
    ("said", "artifact", "pinned"),
    [
        ("2.9.4", "", "2.9.4"),
        ("v2.9.4", "", "2.9.4"),
        ("2.8.x", "", "2.8"),
        ("2.8", "", "2.8"),
        ("~2.8.1", "", "2.8"),
        ("2.x", "", ""),
        (">=2.8.1", "", ""),
        ("2.x", "oci://example.org/flux-operator-manifests:v0.46.0", "2.8"),
        ("", "oci://example.org/flux-operator-manifests:v0.46.0@sha256:00", "2.8"),
        ("2.x", "oci://example.org/flux-operator-manifests:v0.53.0", "2.9"),
        ("2.x", "oci://example.org/flux-operator-manifests:v0.99.0", ""),
        ("2.x", "oci://example.org/flux-operator-manifests:latest", ""),
    ],
)
def test_a_distribution_pins_flux_by_its_range_or_by_its_artifact(
    said: str, artifact: str, pinned: str
) -> None:
    assert version.of_distribution(said, artifact) == pinned
