"""Addresses of repositories, however they are written, and the copies found by them."""

import pytest

from gitops.build.pipeline import copies
from gitops.build.pipeline.copies import Copies, Watched
from gitops.sources.tree import MemoryTree

ONE = MemoryTree({"deploy/a.yaml": ""})
TWO = MemoryTree({"b.yaml": ""})


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/team/one",
        "https://example.org/team/one.git",
        "https://example.org/team/one/",
        "https://someone@example.org/team/one",
        "https://EXAMPLE.org/team/one",
        "http://someone:password@example.org/team/one.git/",
        "ssh://git@example.org/team/one",
        "git@example.org:team/one.git",
        "git::https://example.org/team/one",
        "oci://example.org/team/one",
        "example.org/team/one",
        " https://example.org/team/one ",
    ],
)
def test_one_repository_has_one_address(url: str) -> None:
    assert copies.address(url) == "example.org/team/one"
    assert Copies({"https://example.org/team/one": ONE}).repository(url) is ONE


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://example.org/Team/One", "example.org/Team/One"),
        ("https://example.org:8443/one", "example.org:8443/one"),
        ("https://example.org", "example.org"),
        ("https://example.org/a@b/one", "example.org/a@b/one"),
        ("", ""),
    ],
)
def test_an_address_keeps_what_tells_repositories_apart(url: str, address: str) -> None:
    assert copies.address(url) == address


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("https://example.org/one//deploy?ref=main", "deploy"),
        ("https://example.org/one.git//deploy/x?ref=v1", "deploy/x"),
        ("https://example.org/one/deploy", "deploy"),
        ("https://example.org/one?ref=main", ""),
        ("git@example.org:one.git//deploy", "deploy"),
        ("example.org/one", ""),
    ],
)
def test_a_remote_leads_into_a_copy(url: str, folder: str) -> None:
    held = Copies({"https://example.org/one": ONE, "https://example.org/one-more": TWO})
    assert held.find(url) == (ONE, folder)


def test_the_longest_address_wins() -> None:
    held = Copies({"https://example.org/one": ONE, "https://example.org/one/two": TWO})
    assert held.find("https://example.org/one/two//x") == (TWO, "x")


@pytest.mark.parametrize("url", ["https://example.org/other", "https://example.org/ones", ""])
def test_other_addresses_lead_nowhere(url: str) -> None:
    assert Copies({"https://example.org/one": ONE}).find(url) is None
    assert Copies({"https://example.org/one": ONE}).repository(url) is None


def test_a_remote_does_not_leave_its_copy() -> None:
    held = Copies({"https://example.org/one": ONE})
    assert held.find("https://example.org/one//../up") is None


def test_whoever_asks_is_remembered() -> None:
    watched = Watched(Copies({"https://example.org/one": ONE}))
    assert not watched.asked
    assert watched.find("https://example.org/other") is None
    assert watched.asked
