"""`gitops handover`: what Helmfile reads of the repository."""

import shutil
from pathlib import Path

import pytest

from gitops.cli import main
from tests.architecture import project

REPOSITORY = project.ROOT / "tests" / "refused" / "check" / "bootstrap-handover"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GITOPS_CACHE", str(tmp_path / "cache"))
    return shutil.copytree(REPOSITORY, tmp_path / "repository")


def test_releases_are_printed_as_flux_has_them(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["handover", "--repo", str(repository), "test"]) == 0
    assert capsys.readouterr().out.startswith(
        "releases:\n"
        "  names:\n"
        "    namespace: kube-system\n"
        "    chart: oci://example.org/charts/names\n"
        "    version: 1.2.3\n"
        "    values:\n"
        "      replicas: 2\n"
    )


def test_files_of_values_are_written_as_flux_has_them(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["handover", "--repo", str(repository), "--write"]) == 0
    path = "bootstrap/clusters/test/network-values.yaml"
    assert capsys.readouterr().out == f"written {path}\n"
    assert (repository / path).read_text("utf-8") == (
        "---\n"
        "# Derived from the HelmRelease kube-system/network by `gitops handover --write`: change "
        "that one\n"
        "# and run it again. All values it has in this cluster, to install it with Helm alone.\n"
        "mode: native\n"
        "mesh:\n"
        "  id: 1\n"
    )


def test_one_cluster_has_to_be_named(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["handover", "--repo", str(repository)]) == 2
    assert "name one cluster, or --write" in capsys.readouterr().err


def test_a_repository_without_a_bootstrap_hands_nothing_over(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(repository / "bootstrap")
    assert main.main(["handover", "--repo", str(repository), "test"]) == 2
    assert "the repository has no bootstrap/helmfile.d" in capsys.readouterr().err
