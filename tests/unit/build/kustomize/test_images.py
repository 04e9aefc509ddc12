"""The parts of an image reference."""

import pytest

from gitops.build.kustomize import images


@pytest.mark.parametrize(
    ("image", "parts"),
    [
        ("web", ("web", "", "")),
        ("web:1", ("web", "1", "")),
        ("web@sha256:a", ("web", "", "sha256:a")),
        ("web:1@sha256:a", ("web", "1", "sha256:a")),
        ("host:5000/web", ("host:5000/web", "", "")),
        ("host:5000/web:1", ("host:5000/web", "1", "")),
        ("host:5000/web@sha256:a", ("host:5000/web", "", "sha256:a")),
        ("a/b/c:1", ("a/b/c", "1", "")),
    ],
)
def test_an_image_has_a_name_a_tag_and_a_digest(image: str, parts: tuple[str, str, str]) -> None:
    assert images.split(image) == parts
