"""The written cases are what the real kustomize gives."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.golden.kustomize import cases
from tests.oracle import tools

pytestmark = pytest.mark.oracle


@pytest.mark.parametrize("case", cases.paths())
def test_the_expectation_is_what_kustomize_gives(case: str, tmp_path: Path) -> None:
    """With GITOPS_REWRITE_GOLDEN set, the expectation is written down instead."""
    repo, expected = cases.read(case)
    command = [tools.kustomize(), "build", "--load-restrictor", "LoadRestrictionsNone"]
    command += ["--reorder", "none", str(repo.write(tmp_path))]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    if os.environ.get("GITOPS_REWRITE_GOLDEN"):
        cases.expect(case, done.stdout)
    else:
        assert done.stdout == expected
