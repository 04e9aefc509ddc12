"""The written cases are what the real kustomize gives."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.golden.kustomize import cases
from tests.harness import Repo
from tests.oracle import tools
from tests.refused.kustomize import cases as refused

pytestmark = pytest.mark.oracle

NOT_FETCHED = "remote-bases"
"""The one defect that kustomize mends itself, by dialling out."""


@pytest.mark.parametrize("case", cases.paths())
def test_the_expectation_is_what_kustomize_gives(case: str, tmp_path: Path) -> None:
    """With GITOPS_REWRITE_GOLDEN set, the expectation is written down instead."""
    repo, expected = cases.read(case)
    done = _build(repo, tmp_path)
    assert done.returncode == 0, done.stderr
    if os.environ.get("GITOPS_REWRITE_GOLDEN"):
        cases.expect(case, done.stdout)
    else:
        assert done.stdout == expected


@pytest.mark.parametrize("case", [name for name in refused.names() if name != NOT_FETCHED])
def test_kustomize_refuses_what_we_refuse(case: str, tmp_path: Path) -> None:
    repo, expected = refused.read(case)
    done = _build(repo, tmp_path)
    assert (done.returncode != 0) == (": error " in expected), done.stderr


def _build(repo: Repo, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [tools.kustomize(), "build", "--load-restrictor", "LoadRestrictionsNone"]
    command += ["--reorder", "none", str(repo.write(folder))]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
