"""The layout: where things stand, what they are called, and which way references point."""

import re

import pytest
from pathspec import GitIgnoreSpec

from tests.repository import manifests

by_cluster = pytest.mark.parametrize("cluster", manifests.clusters())
LAYERS = ("clusters", "infrastructure", "workloads", "bases", "components")
OWNERS = {"infrastructure": 3, "workloads": 4, "bases": 2, "components": 2}
"""How many folders below kubernetes/ a unit, a base or a component lies."""
FOREIGN = {"identity-keycloak-operator"}
"""What comes from repositories of others as it is. A new one is a decision."""


def test_the_tree_has_its_five_layers_and_no_other() -> None:
    assert {path.split("/")[1] for path in manifests.files()} <= set(LAYERS)


def test_every_file_is_yaml_by_its_name() -> None:
    assert [path for path in manifests.files() if not path.endswith(".yaml")] == []


def test_flux_kustomizations_stand_in_the_clusters_and_nowhere_else() -> None:
    """A tenant's stands with the tenant, in whose namespace the rights are that it applies with."""
    steps = [
        item
        for item in manifests.objects()
        if manifests.is_step(item) and "serviceAccountName" not in item.spec
    ]
    assert [item.path for item in steps if not item.path.startswith("kubernetes/clusters/")] == []


def test_below_the_clusters_no_file_names_a_cluster_folder() -> None:
    wrong = [
        path
        for path in manifests.files()
        if not path.startswith("kubernetes/clusters/")
        and re.search(
            rf"clusters/({'|'.join(manifests.clusters())})\b",
            (manifests.ROOT / path).read_text("utf-8"),
        )
    ]
    assert wrong == []


@by_cluster
def test_a_flux_kustomization_has_the_words_of_its_path_as_its_name(cluster: str) -> None:
    steps = manifests.steps(cluster).items()
    assert {
        name: manifests.unit(step)
        for name, step in steps
        if manifests.is_own(step) and name != "-".join(manifests.unit(step).split("/")[-2:])
    } == {}


@by_cluster
def test_a_flux_kustomization_applies_a_unit(cluster: str) -> None:
    wrong = [
        name
        for name, step in manifests.steps(cluster).items()
        if manifests.is_own(step)
        and (
            not re.fullmatch(
                r"\./kubernetes/(infrastructure|workloads/(platform|tenants))/[^/]+/[^/]+",
                step.spec["path"],
            )
            or not (manifests.ROOT / manifests.unit(step) / "kustomization.yaml").is_file()
        )
    ]
    assert wrong == []


@by_cluster
def test_a_flux_kustomization_reads_this_repository_or_a_release_of_another(cluster: str) -> None:
    """Another one stands beside the step that reads it, at a tag and nothing else."""
    pinned = {
        (item.path, item.kind, item.name)
        for item in manifests.objects()
        if item.kind == "GitRepository" and set(item.spec["ref"]) == {"tag"}
    }
    steps = manifests.steps(cluster)
    others = {name for name, step in steps.items() if not manifests.is_own(step)}
    assert others <= FOREIGN
    for name, step in steps.items():
        source = step.spec["sourceRef"]
        assert source["kind"] == "GitRepository"
        assert name not in others or (step.path, source["kind"], source["name"]) in pinned
    assert {step.body["metadata"]["namespace"] for step in steps.values()} == {"flux-system"}


def test_every_file_is_reached_from_some_cluster() -> None:
    reached = {
        path
        for cluster in manifests.clusters()
        for step in manifests.steps(cluster).values()
        for path in manifests.contents(manifests.unit(step))
    }
    beyond = {path for path in manifests.files() if path.split("/")[1] != "clusters"}
    assert sorted(beyond ^ reached) == []


def test_references_stay_in_their_folder_or_point_to_a_whole_base_or_component() -> None:
    wrong = []
    for path in manifests.files():
        folder, _, name = path.rpartition("/")
        if name != "kustomization.yaml":
            continue
        (kustomization,) = manifests.documents(path)
        for reference in manifests.references(kustomization):
            target = manifests.resolve(folder, reference)
            if not allowed(owner(path), target):
                wrong.append(f"{path}: {reference}")
    assert wrong == []


def test_a_file_holds_one_object_and_is_named_for_its_kind() -> None:
    wrong = []
    for path in manifests.files():
        if path.startswith("kubernetes/clusters/"):
            continue
        kinds = [item.kind.lower() for item in manifests.documents(path)]
        name = path.rpartition("/")[2].removesuffix(".yaml")
        expected = "kustomization" if kinds == ["component"] else "".join(kinds[:1])
        if len(kinds) != 1 or not re.fullmatch(rf"{expected}(-[a-z0-9-]+)?", name):
            wrong.append(path)
    assert wrong == []


def test_keys_come_in_the_order_readers_expect() -> None:
    order = ["apiVersion", "kind", "metadata"]
    assert [item.path for item in manifests.objects() if list(item.body)[:3] != order] == []


def test_flux_is_given_the_manifests_and_nothing_else() -> None:
    ignore = GitIgnoreSpec.from_lines(
        (manifests.ROOT / ".sourceignore").read_text("utf-8").splitlines()
    )
    assert [path for path in manifests.files() if ignore.match_file(path)] == []
    others = ["README.md", "gitops", "src/gitops/errors.py", "docs/adr/0001-x.md", "kubernetes.md"]
    assert [path for path in others if not ignore.match_file(path)] == []


def owner(path: str) -> str:
    """The unit, base or component that a file belongs to."""
    parts = path.split("/")
    return "/".join(parts[: OWNERS[parts[1]] + 1])


def allowed(source: str, target: str) -> bool:
    """Units may use bases and components, bases may use components; all may use their own files."""
    layer, aim = source.split("/")[1], target.split("/")[1]
    if target.startswith(f"{source}/"):
        return True
    below = {"infrastructure": ("bases", "components"), "workloads": ("bases", "components")}
    return aim in below.get(layer, ("components",) if layer == "bases" else ()) and (
        target == owner(f"{target}/kustomization.yaml")
    )
