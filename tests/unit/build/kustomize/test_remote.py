"""Which references lead into other repositories."""

import pytest

from gitops.build.kustomize import remote
from gitops.build.kustomize.remote import Address


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        (
            "https://github.com/org/repo//deep/path?ref=v1",
            Address("https://github.com/org/repo", "deep/path", "v1"),
        ),
        ("https://github.com/org/repo/path", Address("https://github.com/org/repo", "path", "")),
        ("github.com/org/repo", Address("https://github.com/org/repo", "", "")),
        ("GitHub.com/org/repo?version=v2", Address("https://github.com/org/repo", "", "v2")),
        ("git@github.com:org/repo", Address("git@github.com:org/repo", "", "")),
        ("git@example.com:org/repo.git/p", Address("git@example.com:org/repo.git", "p", "")),
        ("ssh://git@example.com/org/repo", Address("ssh://git@example.com/org/repo", "", "")),
        ("git::https://example.com/a/b//c", Address("https://example.com/a/b", "c", "")),
        (
            "https://dev.azure.com/org/project/_git/repo/path",
            Address("https://dev.azure.com/org/project/_git/repo", "path", ""),
        ),
    ],
)
def test_an_address_has_parts(reference: str, address: Address) -> None:
    assert remote.parse(reference) == address
    assert remote.is_remote(reference)


@pytest.mark.parametrize(
    "reference",
    ["a.yaml", "../base", "./git@example", "/github.com/a/b", "github.com", "a:b/c", ""],
)
def test_a_path_is_no_address(reference: str) -> None:
    assert not remote.is_remote(reference)


def test_a_file_on_the_web_is_remote_though_it_is_no_repository() -> None:
    assert remote.parse("https://example.com/a.yaml") is None
    assert remote.is_remote("https://example.com/a.yaml")
