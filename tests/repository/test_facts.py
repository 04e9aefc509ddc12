"""The facts of our own estate, and what is derived from them."""

import tomllib

from gitops.estate import loading, vault
from gitops.generate import derived, inventory
from gitops.sources.disk import DiskTree
from tests.repository import manifests

TREE = DiskTree(str(manifests.ROOT))


def test_the_facts_fit_together_and_all_that_is_derived_from_them_is_fresh() -> None:
    loaded, mistakes = loading.load(TREE)
    assert mistakes == ()
    assert loaded is not None
    assert derived.stale_of(TREE, loaded, None) == ()


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


def test_nothing_that_clusters_were_asked_to_run_is_missing() -> None:
    """That the page is fresh is for `check` to say, which compiles the clusters."""
    rows, mistakes = inventory.load(TREE)
    assert mistakes == ()
    assert rows is not None
    asked = [each for section in rows.sections for each in section.technologies]
    page = (manifests.ROOT / inventory.PATH).read_text("utf-8")
    told = {line.split(" | ")[0].removeprefix("| "): line for line in page.splitlines()}
    assert [each.name for each in asked if each.unit and "missing" in told[each.name]] == []
