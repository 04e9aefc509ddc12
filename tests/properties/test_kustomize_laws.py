"""What holds for every build of every written case."""

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from gitops.build import kustomize
from gitops.model.origin import Location
from gitops.sources.tree import Kind, MemoryTree
from tests.golden.kustomize import cases

CASES = cases.paths()
ROOT = Path(__file__).parents[2]


def digest(case: str) -> str:
    """A digest of everything that a build gives."""
    repo, _ = cases.read(case)
    return hashlib.sha256(msgspec.json.encode(kustomize.build(repo.tree, repo.build))).hexdigest()


def test_threads_do_not_disturb_each_other() -> None:
    alone = [digest(case) for case in CASES]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(digest, CASES * 3)) == alone * 3


def test_the_hash_seed_does_not_matter() -> None:
    program = "from tests.properties.test_kustomize_laws import *; print([*map(digest, CASES)])"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT}/src"},
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(outputs) == 1


@pytest.mark.parametrize("case", CASES)
def test_every_origin_leads_to_a_line(case: str) -> None:
    repo, _ = cases.read(case)
    tree = repo.tree
    for manifest in kustomize.build(tree, repo.build).manifests:
        places = [manifest.origin.source, *(step.at for step in manifest.origin.steps)]
        assert [place for place in places if not _exists(tree, place)] == []


@pytest.mark.parametrize("case", CASES)
def test_a_build_changes_nothing_that_it_is_given(case: str) -> None:
    repo, _ = cases.read(case)
    before = dict(repo.files)
    first = kustomize.build(repo.tree, repo.build)
    assert repo.files == before
    assert kustomize.build(repo.tree, repo.build) == first


def _exists(tree: MemoryTree, place: Location) -> bool:
    if tree.kind(place.path) is not Kind.FILE:
        return False
    return place.line <= tree.read(place.path).count(b"\n") + 1
