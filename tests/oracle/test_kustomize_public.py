"""Every kustomization of public repositories, built by us and by kustomize."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gitops.sources.disk import DiskTree
from tests.oracle import comparing, tools
from tests.oracle.comparing import Comparison, Outcome

pytestmark = [pytest.mark.oracle, pytest.mark.public]

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")


def test_every_public_kustomization_builds_to_the_same_objects(
    record_property: Callable[[str, object], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """The same objects in the same order, or a failure of both."""
    comparisons: list[Comparison] = []
    for repository in tools.public_repositories():
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(lambda each: _compare(*each), _kustomizations(repository)))
        comparisons += found
        with capsys.disabled():
            print(f"\n{repository.name}: {comparing.report(found)}", end="")
    record_property("kustomizations", comparing.report(comparisons))
    with capsys.disabled():
        print(f"\nall public kustomizations: {comparing.report(comparisons)}")
    assert [each for each in comparisons if each.outcome is Outcome.DIFFERENT] == []


def _kustomizations(repository: Path) -> list[tuple[Path, Path]]:
    files = (path for name in NAMES for path in repository.rglob(name))
    kustomizations = (path for path in files if b"kind: Component" not in path.read_bytes())
    return [(repository, path.parent) for path in sorted(kustomizations)]


def _compare(repository: Path, folder: Path) -> Comparison:
    tree = DiskTree(str(repository))
    path = folder.relative_to(repository).as_posix()
    return comparing.compare(
        f"{repository.name}/{path}", tree, repository, "" if path == "." else path, "legacy"
    )
