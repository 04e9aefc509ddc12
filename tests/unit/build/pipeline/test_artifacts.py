"""Trees that an ArtifactGenerator composes."""

from typing import Any

import msgspec
import pytest

from gitops.build.pipeline import artifacts
from gitops.build.pipeline.artifacts import Artifact, ComposedTree
from gitops.errors import MissingPath, UnreadablePath
from gitops.sources.tree import Kind, MemoryTree

REPO = MemoryTree(
    {
        "apps/a.yaml": "a",
        "apps/b.json": "b",
        "apps/deep/c.yaml": "c",
        "apps/deep/er/d.yaml": "d",
        "top.yaml": "top",
    }
)
OTHER = MemoryTree({"apps/a.yaml": "other", "x.yaml": "x"})


def composed(*copies: dict[str, Any]) -> ComposedTree | str:
    artifact = msgspec.convert({"name": "part", "copy": copies}, Artifact)
    return artifacts.compose(artifact, {"repo": REPO, "other": OTHER})


def files(*copies: dict[str, Any]) -> dict[str, str]:
    """Path and content of every file."""
    tree = composed(*copies)
    assert isinstance(tree, ComposedTree)
    return {path: tree.read(path).decode() for path in sorted(tree.places)}


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("@repo/top.yaml", "@artifact/", {"top.yaml": "top"}),
        ("@repo/top.yaml", "@artifact", {"top.yaml": "top"}),
        ("@repo/top.yaml", "@artifact/other.yaml", {"other.yaml": "top"}),
        ("@repo/top.yaml", "@artifact/in/", {"in/top.yaml": "top"}),
        (
            "@repo/apps",
            "@artifact/",
            {
                "apps/a.yaml": "a",
                "apps/b.json": "b",
                "apps/deep/c.yaml": "c",
                "apps/deep/er/d.yaml": "d",
            },
        ),
        ("@repo/apps/deep", "@artifact/in", {"in/deep/c.yaml": "c", "in/deep/er/d.yaml": "d"}),
        ("@repo/apps/*.yaml", "@artifact/in/", {"in/a.yaml": "a"}),
        (
            "@repo/apps/**/*.yaml",
            "@artifact/",
            {"a.yaml": "a", "deep/c.yaml": "c", "deep/er/d.yaml": "d"},
        ),
        ("@repo/apps/deep/**", "@artifact/", {"c.yaml": "c", "er/d.yaml": "d"}),
        ("@repo/apps/?.json", "@artifact/", {"b.json": "b"}),
        ("@repo/nowhere", "@artifact/", {}),
        ("@repo/nowhere/*", "@artifact/", {}),
    ],
)
def test_a_copy_takes_what_its_pattern_names(
    source: str, target: str, expected: dict[str, str]
) -> None:
    assert files({"from": source, "to": target}) == expected


def test_what_is_excluded_stays_away() -> None:
    copy = {"from": "@repo/apps/**", "to": "@artifact/", "exclude": ["*.json", "apps/deep/er/**"]}
    assert files(copy) == {"a.yaml": "a", "deep/c.yaml": "c"}


def test_of_two_copies_to_one_place_the_later_wins() -> None:
    copies = [{"from": f"@{alias}/apps/a.yaml", "to": "@artifact/"} for alias in ("repo", "other")]
    assert files(*copies) == {"a.yaml": "other"}
    assert files(*copies[::-1]) == {"a.yaml": "a"}


def test_a_composed_tree_is_read_like_any_other() -> None:
    tree = composed({"from": "@repo/apps/**", "to": "@artifact/in/"})
    assert isinstance(tree, ComposedTree)
    assert tree.names("in") == ("a.yaml", "b.json", "deep")
    assert (tree.kind("in"), tree.kind("in/a.yaml")) == (Kind.FOLDER, Kind.FILE)
    assert tree.kind("top.yaml") is None
    assert not tree.is_link("in/a.yaml")
    with pytest.raises(MissingPath):
        tree.read("top.yaml")
    with pytest.raises(UnreadablePath):
        tree.read("in")


def test_a_source_that_is_not_here_is_told() -> None:
    gone = composed({"from": "@gone/apps", "to": "@artifact/"})
    assert gone == "its source @gone is not in this repository"
