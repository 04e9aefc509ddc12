"""The inputs of kustomize's own tests, built by us and by kustomize."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gitops.sources.disk import DiskTree
from tests.oracle import comparing, gocases
from tests.oracle.comparing import Comparison, Outcome
from tests.oracle.gocases import Case

pytestmark = pytest.mark.oracle


def test_the_inputs_of_kustomizes_tests_build_to_the_same_objects(
    tmp_path: Path,
    record_property: Callable[[str, object], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The same objects in the same order, or a failure of both."""
    source = os.environ.get("GITOPS_KUSTOMIZE_SOURCE")
    if not source:
        pytest.skip("GITOPS_KUSTOMIZE_SOURCE names no checkout of kustomize")
    cases = [case for case in gocases.cases(Path(source)) if not _dials(case)]
    with ThreadPoolExecutor(2) as pool:
        comparisons = list(pool.map(lambda case: _compare(case, tmp_path), cases))
    record_property("cases", comparing.report(comparisons))
    with capsys.disabled():
        print(f"\nkustomize's own tests: {comparing.report(comparisons)}")
    assert [each for each in comparisons if each.outcome is Outcome.DIFFERENT] == []


def _dials(case: Case) -> bool:
    return any("://" in text or "github.com/" in text for text in case.files.values())


def _compare(case: Case, folder: Path) -> Comparison:
    root = folder / case.name.replace("/", "-")
    (root / case.folder).mkdir(parents=True)
    for path, text in case.files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    return comparing.compare(case.name, DiskTree(str(root)), root, case.folder, "none")
