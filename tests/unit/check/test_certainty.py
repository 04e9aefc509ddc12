"""What an error needs besides the objects that it is about."""

import msgspec
import pytest

from gitops.check import certainty
from gitops.check.catalogue import RULES
from gitops.check.index import Index
from gitops.check.knowledge import Knowledge
from gitops.check.rule import Ground
from gitops.model import finding
from gitops.model.build import Rendered, Suspended, Unit, Unknown
from gitops.model.finding import Severity
from gitops.model.ids import ObjectId
from gitops.model.origin import Location
from gitops.model.secret import placeholder
from tests.unit.check import clusters

TOLD = Knowledge(outside=frozenset(("Secret/default/by-hand",)))
OF_GROUND = {
    Ground.ITSELF: "schema/type",
    Ground.STARTED: "flux/source-missing",
    Ground.OUTSIDE: "secret/missing",
    Ground.WHOLE: "network-policy/denied-flow",
}
UNKNOWN = clusters.release("web", outcome=Unknown("no chart"))
KNOWN = clusters.kustomization("web", outcome=Rendered(()))


def severity(ground: Ground, facts: Index, namespace: str = "web") -> Severity:
    """Of an error about a Secret of a namespace."""
    subject = ObjectId("", "v1", "Secret", namespace, "a")
    told = finding.error(OF_GROUND[ground], Location("a.yaml", 0, 1), "wrong", "correct it")
    (weighed,) = certainty.weighed((facts,), [_about(told, subject)])
    return weighed.severity


def _about(told: finding.Finding, subject: ObjectId) -> finding.Finding:
    return msgspec.structs.replace(told, subject=subject, cluster="test")


def test_the_rules_here_are_of_their_grounds() -> None:
    assert {ground: RULES[name].ground for ground, name in OF_GROUND.items()} == {
        ground: ground for ground in Ground
    }


def test_what_objects_prove_by_themselves_is_always_an_error() -> None:
    assert severity(Ground.ITSELF, Index(clusters.cluster(UNKNOWN))) is Severity.ERROR


@pytest.mark.parametrize("ground", [Ground.OUTSIDE, Ground.WHOLE])
def test_an_error_needs_that_somebody_tells_what_is_made_by_hand(ground: Ground) -> None:
    whole = clusters.cluster(KNOWN)
    assert severity(ground, Index(whole)) is Severity.WARNING
    assert severity(ground, Index(whole, TOLD)) is Severity.ERROR
    assert severity(ground, Index(whole, Knowledge(outside_told=True))) is Severity.ERROR


def test_what_compares_many_objects_needs_all_of_its_namespace() -> None:
    facts = Index(clusters.cluster(_applied("web"), UNKNOWN), TOLD)
    assert severity(Ground.WHOLE, facts, "web") is Severity.WARNING
    assert severity(Ground.WHOLE, facts, "other") is Severity.ERROR
    assert severity(Ground.OUTSIDE, facts, "web") is Severity.ERROR


def test_a_unit_that_is_not_known_may_have_objects_anywhere() -> None:
    hidden = clusters.kustomization("hidden", outcome=Suspended())
    facts = Index(clusters.cluster(hidden), TOLD)
    assert severity(Ground.WHOLE, facts, "other") is Severity.WARNING


def test_units_and_sources_need_that_the_start_of_flux_is_declared() -> None:
    declared = clusters.cluster(KNOWN)
    assert severity(Ground.STARTED, Index(declared)) is Severity.ERROR
    assert severity(Ground.STARTED, Index(clusters.cluster())) is Severity.WARNING
    assert severity(Ground.STARTED, Index(clusters.cluster(), TOLD)) is Severity.ERROR


def test_a_folder_that_nothing_starts_may_be_no_cluster_beside_one_that_something_does() -> None:
    declared = clusters.cluster(KNOWN)
    left = msgspec.structs.replace(clusters.cluster(), name="left")
    told = finding.error("schema/type", Location("a.yaml", 0, 1), "wrong", "correct it")
    told = msgspec.structs.replace(told, cluster="left")

    def weighed(*indexes: Index) -> list[Severity]:
        return [each.severity for each in certainty.weighed(indexes, [told])]

    assert weighed(Index(declared), Index(left)) == [Severity.WARNING]
    assert weighed(Index(left)) == [Severity.ERROR]
    named = Knowledge(named=True)
    assert weighed(Index(declared, named), Index(left, named)) == [Severity.ERROR]


def test_a_value_that_stands_for_another_proves_nothing() -> None:
    facts = (Index(clusters.cluster(KNOWN)),)
    name = placeholder("Secret", "web", "settings", "domain")
    told = finding.error("schema/type", Location("a.yaml", 0, 1), f"{name} is long", "correct it")
    assert [each.severity for each in certainty.weighed(facts, [told])] == [Severity.WARNING]


def test_a_mistake_of_no_cluster_needs_it_of_all() -> None:
    told = finding.error("secret/missing", Location("a.yaml", 0, 1), "wrong", "correct it")
    both = (Index(clusters.cluster(), TOLD), Index(clusters.cluster()))
    assert [each.severity for each in certainty.weighed(both, [told])] == [Severity.WARNING]
    assert [each.severity for each in certainty.weighed(both[:1], [told])] == [Severity.ERROR]


def _applied(namespace: str) -> Unit:
    """A unit that applies a release in a namespace of its own name."""
    return clusters.kustomization(
        "apps",
        f"""---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: {namespace}
  namespace: {namespace}
spec:
  interval: 1h
  chartRef:
    kind: OCIRepository
    name: {namespace}
""",
    )
