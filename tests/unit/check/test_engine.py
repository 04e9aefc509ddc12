import msgspec

from gitops.check import engine
from gitops.check.knowledge import Knowledge
from gitops.model.build import Broken, Fleet
from gitops.model.finding import error
from gitops.model.origin import Location
from gitops.sources.schemas import kubernetes
from tests.unit.check import clusters
from tests.unit.check.test_rules import CONFIG

LATE = error("b/b", Location("z.yaml", 0, 9), "late", "hint")
EARLY = error("a/a", Location("a.yaml", 0, 1), "early", "hint")


def test_findings_of_every_level_come_out_in_order() -> None:
    unit = clusters.kustomization("a", outcome=Broken())
    cluster = clusters.cluster(msgspec.structs.replace(unit, findings=(LATE,)))
    found = engine.check(Fleet((cluster,), (EARLY,)))
    assert clusters.told(*found) == ["a.yaml:1 error a/a: early", "z.yaml:9 error b/b: late"]


def test_a_finding_learns_its_cluster_and_unit() -> None:
    unit = clusters.kustomization("a", outcome=Broken())
    cluster = clusters.cluster(msgspec.structs.replace(unit, findings=(LATE,)))
    (found,) = engine.check(Fleet((cluster,)))
    assert (found.cluster, found.subject) == ("test", unit.id)


def test_a_finding_is_told_once_for_each_cluster() -> None:
    cluster = msgspec.structs.replace(clusters.cluster(), findings=(LATE, LATE))
    other = msgspec.structs.replace(cluster, name="other")
    found = engine.check(Fleet((cluster, other)))
    assert [one.cluster for one in found] == ["other", "test"]


def test_the_rules_look_at_every_cluster() -> None:
    cluster = clusters.cluster(clusters.kustomization("a", CONFIG))
    knowledge = Knowledge(definitions=kubernetes.definitions)
    (found,) = engine.check(Fleet((cluster,)), knowledge)
    assert (found.rule, found.cluster) == ("object/namespace-missing", "test")
