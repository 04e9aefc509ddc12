"""The facts of our own estate, and what is derived from them."""

import tomllib

from gitops.estate import loading, vault
from gitops.generate import derived
from gitops.sources.disk import DiskTree
from tests.repository import manifests

TREE = DiskTree(str(manifests.ROOT))


def test_the_facts_fit_together_and_all_that_is_derived_from_them_is_fresh() -> None:
    loaded, mistakes = loading.load(TREE)
    assert mistakes == ()
    assert loaded is not None
    assert derived.stale_of(TREE, loaded) == ()


def test_the_clusters_are_those_of_the_facts() -> None:
    loaded, _ = loading.load(TREE)
    assert loaded is not None
    assert sorted(loaded.estate.clusters) == list(manifests.clusters())


def test_charts_are_rendered_for_the_kubernetes_that_the_machines_run() -> None:
    loaded, _ = loading.load(TREE)
    assert loaded is not None
    settings = tomllib.loads((manifests.ROOT / "gitops.toml").read_text("utf-8"))
    assert f"v{settings['kube-version']}" == loaded.estate.versions.kubernetes


def test_the_list_of_secrets_is_sound() -> None:
    assert vault.load(TREE)[1] == ()
