"""What is installed before Flux agrees with what Flux and its units expect to be there."""

import re
from pathlib import Path

import pytest

from gitops.bootstrap import installing
from gitops.cli import main
from gitops.sources import config, yamlio
from gitops.sources.disk import DiskTree
from tests.rehearsal import sessions
from tests.repository import manifests

SECRETS = manifests.ROOT / "bootstrap" / "secrets.yaml"


def test_the_gateway_api_is_the_one_that_the_health_check_of_cilium_asks_for() -> None:
    applied = manifests.ROOT / "bootstrap" / "gateway-api" / "kustomization.yaml"
    (version,) = re.findall(r"/download/(v\d+\.\d+)\.\d+/", applied.read_text("utf-8"))
    wanted = {
        match
        for path in (manifests.ROOT / "kubernetes" / "clusters").glob("*/infrastructure.yaml")
        for match in re.findall(r"startsWith\('(v\d+\.\d+)\.'\)", path.read_text("utf-8"))
    }
    assert wanted == {version}


def test_each_secret_that_is_made_by_hand_is_made_by_the_bootstrap() -> None:
    documents, _ = yamlio.parse(SECRETS.read_bytes(), SECRETS.name)
    made = {
        f"Secret/{each.value['metadata']['namespace']}/{each.value['metadata']['name']}"
        for each in documents
    }
    settings, _ = config.load(DiskTree(str(manifests.ROOT)))
    assert made == {each for each in settings.outside if each.startswith("Secret/")}


def test_a_secret_of_the_bootstrap_holds_nothing_but_references() -> None:
    documents, _ = yamlio.parse(SECRETS.read_bytes(), SECRETS.name)
    values = [value for each in documents for value in each.value["stringData"].values()]
    assert [value for value in values if not value.startswith("op://operator/")] == []


def test_every_phase_of_the_plan_is_described() -> None:
    page = (manifests.ROOT / "docs" / "bootstrap.md").read_text("utf-8")
    phases = installing.plan(sessions.facts()).phases
    assert [phase for phase in phases if f"`{phase}`" not in page] == []


@pytest.mark.parametrize("cluster", ["apps", "infra"])
def test_the_plan_of_each_cluster_can_be_read(
    cluster: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Without any chart at hand: what has to be known of them stands in the lock."""
    monkeypatch.setenv("GITOPS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("GITOPS_STATE", str(tmp_path / "state"))
    assert main.main(["bootstrap", cluster, "--repo", str(manifests.ROOT), "--dry-run"]) == 0
    plan = capsys.readouterr().out
    wanted = (
        "release kube-system/cilium",
        "cilium runs on every node",
        "every node is ready",
        "release kube-system/coredns",
        "release flux-system/flux-operator",
        "Flux is asked for",
        f'"path":"kubernetes/clusters/{cluster}"',
    )
    places = [plan.index(words) for words in wanted]
    assert places == sorted(places)
    assert not (tmp_path / "state").exists()
