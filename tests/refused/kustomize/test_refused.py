"""Every defect is reported at its line, with all that is wrong and with a way out."""

import os

import pytest

from gitops.build import kustomize
from tests.refused.kustomize import cases


@pytest.mark.parametrize("case", cases.names())
def test_the_defect_is_reported(case: str) -> None:
    """With GITOPS_REWRITE_GOLDEN set, the report is written down instead."""
    repo, expected = cases.read(case)
    report = cases.report(kustomize.build(repo.tree, repo.build))
    if os.environ.get("GITOPS_REWRITE_GOLDEN"):
        cases.expect(case, report)
    else:
        assert report == expected
