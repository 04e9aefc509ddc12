from gitops.check.delivery import dependencies
from gitops.check.index import Index
from gitops.model.build import Broken
from gitops.model.finding import Severity
from tests.unit.check import clusters


def kustomization(name: str, *depends_on: str) -> str:
    return f"""\
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {{name: {name}, namespace: flux-system}}
spec:
  dependsOn: [{", ".join(f"{{{entry}}}" for entry in depends_on)}]
"""


def missing(*texts: str) -> list[str]:
    root = clusters.kustomization("flux-system", "".join(texts))
    return clusters.told(*dependencies.missing(Index(clusters.cluster(root))))


def cycles(*texts: str) -> list[str]:
    root = clusters.kustomization("flux-system", "".join(texts))
    return clusters.told(*dependencies.cycles(Index(clusters.cluster(root))))


RELEASE = """\
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: db, namespace: flux-system}
spec: {chartRef: {kind: OCIRepository, name: db}}
"""


def test_what_exists_may_be_waited_for() -> None:
    assert missing(kustomization("a"), kustomization("b", "name: a")) == []


def test_a_unit_that_no_file_holds_exists_too() -> None:
    assert missing(kustomization("a", "name: flux-system")) == []


def test_every_entry_that_leads_nowhere_is_reported() -> None:
    assert missing(kustomization("a", "name: x", "name: y, namespace: other")) == [
        "flux-system.yaml:2 error flux/depends-on-missing: Kustomization/flux-system/a depends on "
        "Kustomization/flux-system/x, which does not exist in this cluster: it waits for ever",
        "flux-system.yaml:2 error flux/depends-on-missing: Kustomization/flux-system/a depends on "
        "Kustomization/other/y, which does not exist in this cluster: it waits for ever",
    ]


def test_a_wrong_namespace_is_told_in_the_hint() -> None:
    root = clusters.kustomization(
        "flux-system", kustomization("a") + kustomization("b", "name: a, namespace: apps")
    )
    (found,) = dependencies.missing(Index(clusters.cluster(root)))
    assert found.hint == "there is one in namespace flux-system: name it in the reference"
    assert str(found.subject) == "Kustomization/flux-system/b"


def test_a_kustomization_does_not_wait_for_a_release() -> None:
    assert missing(kustomization("a", "name: db"), RELEASE) == [
        "flux-system.yaml:2 error flux/depends-on-wrong-kind: Kustomization/flux-system/a depends "
        "on Kustomization/flux-system/db, but flux-system/db is a HelmRelease: "
        "a Kustomization waits only for its kind"
    ]


def test_a_release_of_the_same_name_may_be_in_a_unit_that_is_not_known() -> None:
    release = RELEASE.replace("spec: {", "spec: {dependsOn: [{name: op}], ")
    root = clusters.kustomization("flux-system", kustomization("op") + release)
    broken = clusters.kustomization("op", outcome=Broken())
    found = dependencies.missing(Index(clusters.cluster(root, broken)))
    assert clusters.told(*found) == [
        "flux-system.yaml:8 note flux/depends-on-wrong-kind: HelmRelease/flux-system/db depends on "
        "HelmRelease/flux-system/op, but flux-system/op is a Kustomization: a HelmRelease waits "
        "only for its kind, unless Kustomization/flux-system/op has it"
    ]


def test_where_a_part_of_the_cluster_is_not_known_it_is_a_note() -> None:
    root = clusters.kustomization("flux-system", kustomization("a", "name: x"))
    broken = clusters.kustomization("broken", outcome=Broken())
    found = dependencies.missing(Index(clusters.cluster(root, broken)))
    assert clusters.told(*found) == [
        "flux-system.yaml:2 note flux/depends-on-missing: Kustomization/flux-system/a depends on "
        "Kustomization/flux-system/x, which does not exist in this cluster: it waits for ever, "
        "unless Kustomization/flux-system/broken has it"
    ]


def test_a_unit_that_is_hidden_does_not_hold_what_it_waits_for_itself() -> None:
    root = clusters.kustomization("flux-system", kustomization("a", "name: x"))
    broken = clusters.kustomization("a", outcome=Broken())
    (found,) = dependencies.missing(Index(clusters.cluster(root, broken)))
    assert found.severity is Severity.ERROR


def test_an_order_is_no_cycle() -> None:
    assert cycles(kustomization("a", "name: b", "name: c"), kustomization("b", "name: c")) == []


def test_a_cycle_is_named_from_its_smallest_member_on() -> None:
    texts = [
        kustomization("outside", "name: c"),
        kustomization("c", "name: b"),
        kustomization("b", "name: a"),
        kustomization("a", "name: c"),
    ]
    assert cycles(*texts) == [
        "flux-system.yaml:20 error flux/depends-on-cycle: Kustomization flux-system/a → "
        "flux-system/c → flux-system/b → flux-system/a: "
        "each waits for the next, so none is ever applied"
    ]


def test_waiting_for_oneself_is_a_cycle() -> None:
    assert len(cycles(kustomization("a", "name: a"))) == 1


def test_every_cycle_is_reported() -> None:
    texts = [
        kustomization("a", "name: b", "name: c"),
        kustomization("b", "name: a"),
        kustomization("c", "name: a"),
    ]
    assert len(cycles(*texts)) == 2
