"""Our builds against what kustomize 5.8.1 gave for the same input."""

import pytest

from gitops.build import kustomize
from gitops.sources import yamlio
from gitops.sources.yamlio import Dialect
from tests.golden.kustomize import cases


@pytest.mark.parametrize("case", cases.paths())
def test_a_build_gives_what_kustomize_gives(case: str) -> None:
    repo, expected = cases.read(case)
    result = kustomize.build(repo.tree, repo.build)
    assert [finding for finding in result.findings if finding.severity == "error"] == []
    documents, _ = yamlio.parse(expected.encode(), "expected.yaml", Dialect.SIGS)
    assert [manifest.body() for manifest in result.manifests] == [
        document.value for document in documents
    ]
