from gitops.check.delivery import order, pruning, waits
from gitops.check.delivery.stages import Stages
from gitops.check.index import Index
from gitops.check.knowledge import Knowledge
from gitops.estate.beforehand import Brought
from tests.unit.check import clusters

KEY = ("kustomize.toolkit.fluxcd.io", "Kustomization", "flux-system")


def kustomization(name: str, *, wait: bool = False, after: str = "", checks: str = "") -> str:
    depends = f"  dependsOn:\n    - name: {after}\n" if after else ""
    checked = (
        "  healthChecks:\n    - apiVersion: kustomize.toolkit.fluxcd.io/v1\n"
        f"      kind: Kustomization\n      name: {checks}\n"
        if checks
        else ""
    )
    return (
        "---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
        f"metadata:\n  name: {name}\n  namespace: flux-system\nspec:\n{depends}{checked}"
        f"  interval: 1h\n  path: {name}\n  prune: true\n  wait: {str(wait).lower()}\n"
    )


def index(*units: tuple[str, str, str]) -> Index:
    """Units by name, parent and YAML; the first is the root."""
    return Index(
        clusters.cluster(*(clusters.under(parent, name, text) for name, parent, text in units))
    )


def names(keys: frozenset[tuple[str, str, str, str]]) -> set[str]:
    return {key[3] for key in keys}


def test_a_unit_starts_after_its_parents_applied_and_its_dependencies_are_ready() -> None:
    facts = index(
        ("root", "", kustomization("a") + kustomization("b", after="a")),
        ("a", "root", ""),
        ("b", "root", ""),
    )
    stages = Stages(facts)
    assert names(stages.applied_before((*KEY, "b"))) == {"root", "a"}
    assert names(stages.ready_before((*KEY, "b"))) == {"a"}


def test_a_dependency_that_waits_brings_its_children_along() -> None:
    def facts(wait: bool) -> Index:
        return index(
            ("root", "", kustomization("a", wait=wait) + kustomization("b", after="a")),
            ("a", "root", kustomization("child")),
            ("child", "a", ""),
            ("b", "root", ""),
        )

    assert names(Stages(facts(True)).applied_before((*KEY, "b"))) == {"root", "a", "child"}
    assert names(Stages(facts(False)).applied_before((*KEY, "b"))) == {"root", "a"}


def test_a_child_that_is_named_in_health_checks_is_waited_for() -> None:
    facts = index(
        ("root", "", kustomization("a", checks="child") + kustomization("b", after="a")),
        ("a", "root", kustomization("child") + kustomization("other")),
        ("child", "a", ""),
        ("other", "a", ""),
        ("b", "root", ""),
    )
    assert names(Stages(facts).ready_before((*KEY, "b"))) == {"a", "child"}


def test_circles_end() -> None:
    facts = index(
        ("root", "", kustomization("a", after="b") + kustomization("b", after="a", wait=True)),
        ("a", "root", ""),
        ("b", "root", kustomization("c", after="b")),
        ("c", "b", ""),
    )
    assert names(Stages(facts).ready_before((*KEY, "a"))) >= {"b", "c"}
    assert [found.rule for found in waits.deadlocks(facts)] == ["flux/wait-deadlock"]


def test_a_namespace_that_is_there_with_flux_needs_no_order() -> None:
    text = "---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: flux-system\n"
    facts = index(("root", "", kustomization("a")), ("a", "root", text))
    assert list(order.early(facts)) == []


def test_a_definition_that_is_never_pruned_may_be_applied_by_a_unit_that_prunes() -> None:
    text = (
        "---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n"
        "  name: databases.example.org\n  annotations:\n"
        "    kustomize.toolkit.fluxcd.io/prune: disabled\n"
    )
    facts = index(("root", "", kustomization("a")), ("a", "root", text))
    assert list(pruning.definitions(facts)) == []


def test_a_kind_that_helmfile_brings_before_flux_needs_no_order() -> None:
    definition = (
        "---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n"
        "  name: databases.example.org\nspec:\n  names:\n    kind: Database\n"
    )
    user = "---\napiVersion: example.org/v1\nkind: Database\nmetadata:\n  name: a\n"
    whole = clusters.cluster(clusters.kustomization("a", user), clusters.release("op", definition))

    def early(*names: str) -> list[str]:
        known = Knowledge(beforehand=lambda: Brought(frozenset(names)))
        return [found.rule for found in order.early(Index(whole, known))]

    assert early("op/op") == []
    assert early("system/op") == ["flux/early-kind"]
