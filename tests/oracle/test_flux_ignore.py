"""What stays out of artifacts, against Flux's sourceignore library and its own tests."""

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gitops.sources import ignore
from gitops.sources.ignore import IgnoringTree
from gitops.sources.tree import MemoryTree
from tests.oracle import fluxlib, tools

pytestmark = pytest.mark.oracle

NAMES = [
    *("a", "b", "c.yaml", "d.png", "e.tar.gz", ".git", ".gitignore", ".github", ".sops.yaml"),
    *("foo bar", "x[1]", "é.zip", ".flux.yaml", "ab", "abc", "#h", "!n", "A-B", "q\\r"),
    *(".sourceignore.d", "cloudbuild.yaml", "k "),
]
PARTS = [
    *("*", "**", "?", "a", "b", "c.yaml", "*.yaml", "*.png", "[a-c]", "[^a]", "[b-a]", "[]a]"),
    *("[a", "\\", "\\#h", "\\!n", "a*", "*b", "*b*", "é*", "foo bar", "**b", "[!a]", "\\a"),
    *("x\\[1\\]", "[a-]", "[\\]]", "ab?", "a*c*", "k\\ ", "", "[[]", "**/a", ".", "[^b-a]"),
]


class Repositories:
    """Draws small repositories with rules in them."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)

    def some(self, count: int) -> Iterator[dict[str, Any]]:
        for _ in range(count):
            files = self._files()
            rules = None if self.draw.random() < 0.5 else self._rules()
            folders = {f"{path.rpartition('/')[0]}/" for path in files if "/" in path}
            yield {
                "do": "ignore",
                "files": files,
                "paths": [*files, *sorted(folders)],
                "ignore": rules,
            }

    def _files(self) -> dict[str, str]:
        files: dict[str, str] = {}
        for _ in range(self.draw.randint(3, 14)):
            size = self.draw.randint(1, 4)
            path = "/".join(self.draw.choice(NAMES) for _ in range(size))
            if not any(f"{path}/".startswith(f"{p}/") or p.startswith(f"{path}/") for p in files):
                files[path] = ""
        folders = {"", *(path.rpartition("/")[0] for path in files)}
        for folder in sorted(folders):
            if ".git" not in folder.split("/") and self.draw.random() < 0.3:
                files[f"{folder}/{ignore.FILE}".lstrip("/")] = self._rules()
        return files

    def _rules(self) -> str:
        return "\n".join(self._rule() for _ in range(self.draw.randint(0, 4)))

    def _rule(self) -> str:
        draw = self.draw
        text = "/".join(draw.choice(PARTS) for _ in range(draw.choice([1, 1, 1, 2, 2, 3, 4])))
        text = f"/{text}" if draw.random() < 0.25 else text
        text = f"{text}/" if draw.random() < 0.25 else text
        text = f"!{text}" if draw.random() < 0.3 else text
        text = text + draw.choice([" ", "  ", "\\ ", "\r"]) if draw.random() < 0.1 else text
        return f"#{text}" if draw.random() < 0.05 else text


@pytest.mark.parametrize("seed", range(3))
def test_thousands_of_paths_are_judged_alike(seed: int) -> None:
    asked = list(Repositories(seed).some(1000))
    for request, answer in zip(asked, fluxlib.ask(asked), strict=True):
        gone = dict(zip(request["paths"], answer["ignored"], strict=True))
        tree = IgnoringTree(MemoryTree(request["files"]), request["ignore"])
        ours = {path: tree.kind(path.rstrip("/")) is None for path in gone}
        assert ours == {path: is_gone(path, gone) for path in gone}, request


def is_gone(path: str, gone: dict[str, bool]) -> bool:
    """A folder is in the archive if anything in it is."""
    inside = (other for other in gone if path.endswith("/") and other.startswith(path))
    return gone[path] and all(gone[other] for other in inside)


def test_the_cases_of_its_own_tests_match_alike() -> None:
    source = next((path for path in tools.public_repositories() if path.name == "fluxcd+pkg"), None)
    if source is None:
        pytest.skip("GITOPS_PUBLIC_REPOSITORIES has no fluxcd+pkg")
    cases = list(published(source / "sourceignore" / "gitignore" / "pattern_test.go"))
    assert len(cases) > 25
    for pattern, path, is_folder, expected in cases:
        (rule,) = ignore.rules(pattern)
        matches = rule.matches(path, is_folder)
        assert (matches and ("Include" if rule.include else "Exclude")) == expected, pattern


CASE = re.compile(
    r'ParsePattern\((?P<pattern>"[^"]*"|`[^`]*`), nil\)\s*'
    r"r := p\.Match\(\[\]string\{(?P<path>[^}]*)\},"
    r" (?P<folder>true|false)\)\s*g\.Expect\(r\)\.To\(Equal\((?P<result>\w+)\)"
)


def published(file: Path) -> Iterator[tuple[str, list[str], bool, str | bool]]:
    """Pattern, path, whether it is a folder, and the outcome (False for no match)."""
    for found in CASE.finditer(file.read_text("utf-8")):
        result = found["result"]
        pattern = found["pattern"][1:-1]
        pattern = pattern if found["pattern"][0] == "`" else pattern.replace("\\\\", "\\")
        path = [name.strip().strip('"') for name in found["path"].split(",")]
        yield pattern, path, found["folder"] == "true", result != "NoMatch" and result
