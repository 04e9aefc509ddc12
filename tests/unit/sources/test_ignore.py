"""What of a repository is in the artifact that Flux builds from."""

import pytest

from gitops.errors import MissingPath
from gitops.sources.ignore import IgnoringTree
from gitops.sources.tree import Kind, MemoryTree

FILES = {
    ".git/config": "",
    ".gitignore": "",
    ".github/workflows/ci.yaml": "",
    ".sops.yaml": "",
    "README.md": "",
    "apps/logo.png": "",
    "apps/web/app.yaml": "a: 1\n",
    "apps/web/.sops.yaml": "",
    "infra/db.yaml": "",
}


def packed(files: dict[str, str], ignore: str | None = None) -> list[str]:
    """The files in the artifact."""
    tree = IgnoringTree(MemoryTree(files), ignore)
    return sorted(path for path in files if tree.kind(path) is Kind.FILE)


def test_version_control_images_archives_and_ci_files_are_left_out() -> None:
    assert packed(FILES) == ["README.md", "apps/web/app.yaml", "infra/db.yaml"]


def test_any_pattern_replaces_the_default_ones_but_not_those_for_version_control() -> None:
    everything = sorted(path for path in FILES if not path.startswith(".git"))
    assert packed(FILES, "/nothing") == [".github/workflows/ci.yaml", *everything]
    assert packed({**FILES, "infra/.sourceignore": "x\n"}, "") == [
        ".github/workflows/ci.yaml",
        *everything[:-1],
        "infra/.sourceignore",
        "infra/db.yaml",
    ]


def test_comments_and_blank_lines_are_no_patterns() -> None:
    plain = packed(FILES)
    assert packed({**FILES, ".sourceignore": "# no\n\n \n"}, "#\n") == [".sourceignore", *plain]


def test_a_folder_can_be_kept_alone() -> None:
    assert packed(FILES, "/*\n!/apps/web\n") == ["apps/web/.sops.yaml", "apps/web/app.yaml"]


def test_rules_hold_for_their_folder_and_deeper_ones_win() -> None:
    files = {
        ".sourceignore": "*.yaml\n",
        "a/.sourceignore": "!keep.yaml\n/own.txt\n",
        "a/keep.yaml": "",
        "a/b/keep.yaml": "",
        "a/own.txt": "",
        "a/b/own.txt": "",
        "keep.yaml": "",
    }
    assert packed(files) == [
        ".sourceignore",
        "a/.sourceignore",
        "a/b/keep.yaml",
        "a/b/own.txt",
        "a/keep.yaml",
    ]


def test_the_rules_of_the_source_win_over_those_in_files() -> None:
    files = {"a/.sourceignore": "!x.yaml\n", "a/x.yaml": "", "a/y.yaml": ""}
    assert packed(files, "*.yaml") == ["a/.sourceignore"]


@pytest.mark.parametrize(
    ("pattern", "gone"),
    [
        ("a", ["a", "b/a/x", "c/a"]),
        ("a/", ["b/a/x"]),
        ("/a", ["a"]),
        ("b/", ["b/a/x", "b/x y"]),
        ("**/a", ["a", "b/a/x", "c/a"]),
        ("b/**", ["b/a/x", "b/x y"]),
        ("b/**/x", ["b/a/x"]),
        ("*a", ["a", "b/a/x", "c/a"]),
        ("[a-b]", ["a", "b/a/x", "b/x y", "c/a"]),
        ("[^a-b]", ["b/a/x", "c/a"]),
        ("x y  ", ["b/x y"]),
        ("x?y", ["b/x y"]),
        ("\\a", ["a", "b/a/x", "c/a"]),
        ("[", []),
        ("b**", ["b/a/x", "b/x y"]),
        ("b/a**", []),
        ("!a", []),
    ],
)
def test_patterns_match_as_in_flux(pattern: str, gone: list[str]) -> None:
    files = {"a": "", "b/a/x": "", "b/x y": "", "c/a": ""}
    assert packed(files, pattern) == sorted(set(files) - set(gone))


def test_a_hostile_pattern_takes_no_time() -> None:
    assert packed({"a" * 200: ""}, "*a" * 50 + "*b") == ["a" * 200]


def test_a_folder_with_nothing_in_the_artifact_is_not_there() -> None:
    tree = IgnoringTree(MemoryTree(FILES), "/*\n!/apps/web\n")
    assert tree.names("") == ("apps",)
    assert tree.names("apps") == ("web",)
    assert tree.kind("infra") is None
    with pytest.raises(MissingPath, match=r"infra does not exist in the artifact: the rules of"):
        tree.names("infra")


def test_the_cache_of_a_tool_is_left_out_whole_without_a_look_into_it() -> None:
    files = {
        ".sourceignore": "/*\n!/infra\n",
        ".cache/.gitignore": "# made by a tool\n*\n",
        "cache/.gitignore": "*\n!/kept\n",
        "infra/db.yaml": "",
    }
    asked: list[str] = []

    class Watched(MemoryTree):
        def names(self, path: str) -> tuple[str, ...]:
            asked.append(path)
            return super().names(path)

    assert IgnoringTree(Watched(files)).names("") == ("infra",)
    assert asked == ["", "cache"]


def test_what_is_left_out_cannot_be_read_and_the_reason_is_told() -> None:
    tree = IgnoringTree(MemoryTree(FILES))
    assert tree.read("apps/web/app.yaml") == b"a: 1\n"
    with pytest.raises(MissingPath, match=r"apps/logo.png does not exist in the artifact"):
        tree.read("apps/logo.png")
    with pytest.raises(MissingPath, match=r"^none does not exist$"):
        tree.read("none")


class LinkedTree(MemoryTree):
    """A tree in which `link` is a symbolic link to the folder `real`."""

    def is_link(self, path: str) -> bool:
        return path == "link"


def test_links_and_what_lies_behind_them_are_never_packed() -> None:
    tree = IgnoringTree(LinkedTree({"real/a": "", "link/a": ""}))
    assert tree.names("") == ("real",)
    assert (tree.kind("link"), tree.kind("link/a")) == (None, None)
    with pytest.raises(MissingPath, match="lies behind, a symbolic link"):
        tree.read("link/a")
