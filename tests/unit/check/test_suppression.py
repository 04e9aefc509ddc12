import datetime

import pytest

from gitops.check import engine, suppression
from gitops.check.index import Index
from gitops.check.knowledge import Knowledge
from gitops.model import finding
from gitops.model.build import Fleet
from gitops.model.finding import Finding
from gitops.model.ids import ObjectId
from gitops.model.origin import Location
from gitops.model.suppression import Ignored, Judged, Suppression
from tests.unit.check import clusters

RULE = "object/duplicate"
OTHER = "object/namespace-missing"
SHOP = ObjectId("apps", "v1", "Deployment", "shop", "web")
FOUND = Finding(
    RULE,
    finding.Severity.WARNING,
    Location("shop/deployment.yaml", 0, 12),
    "latest",
    subject=SHOP,
    cluster="apps",
)
TODAY = datetime.date(2026, 3, 2)
WRITTEN = Location("gitops.toml", 0, 5)


def entry(rule: str = RULE, *, path: str = "", object: str = "", cluster: str = "") -> Suppression:
    return Suppression(rule, "agreed", path, object, cluster, at=WRITTEN)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"path": "shop/*"},
        {"object": "Deployment/shop/*"},
        {"cluster": "a??s"},
        {"path": "*.yaml", "object": "*/web", "cluster": "apps"},
    ],
)
def test_a_finding_that_fits_is_left_out_with_its_reason(fields: dict[str, str]) -> None:
    judged = suppression.judge([FOUND], [entry(**fields)], TODAY, whole=True)
    assert judged == Judged((), (Ignored(FOUND, entry(**fields)),))


@pytest.mark.parametrize(
    "other",
    [
        entry(OTHER),
        entry(path="store/*"),
        entry(object="Deployment/shop"),
        entry(cluster="infra"),
    ],
)
def test_what_does_not_fit_hides_nothing_and_is_told(other: Suppression) -> None:
    judged = suppression.judge([FOUND], [other], TODAY, whole=True)
    unused = finding.warning(
        "ignore/unused",
        WRITTEN,
        f"nothing is ignored here: no finding of {other.rule} fits",
        "remove it",
    )
    assert judged == Judged((unused, FOUND), ())


def test_what_hides_nothing_that_can_be_seen_is_a_note_where_not_all_can() -> None:
    judged = suppression.judge([], [entry()], TODAY, whole=True, seen=False)
    assert [(each.rule, each.severity) for each in judged.findings] == [("ignore/unused", "note")]


@pytest.mark.parametrize(("read", "severity"), [(True, "warning"), (False, "note")])
def test_of_files_it_can_be_told_where_all_were_read(read: bool, severity: str) -> None:
    written = [entry("yaml/syntax")]
    judged = suppression.judge([], written, TODAY, whole=True, seen=False, read=read)
    assert [each.severity for each in judged.findings] == [severity]


def test_nothing_is_called_unused_when_a_cluster_was_left_out() -> None:
    judged = suppression.judge([], [entry()], TODAY, whole=False)
    assert judged == Judged((), ())


def test_after_its_day_a_suppression_hides_nothing_and_says_so() -> None:
    until = Suppression(RULE, "agreed", expires=datetime.date(2026, 3, 1), at=WRITTEN)
    expired = finding.warning(
        "ignore/expired",
        WRITTEN,
        "object/duplicate was to be ignored until 2026-03-01: agreed",
        "mend what it hides, or give it a new day",
    )
    judged = suppression.judge([FOUND], [until], TODAY, whole=True)
    assert judged == Judged((expired, FOUND), ())
    on_the_day = suppression.judge([FOUND], [until], datetime.date(2026, 3, 1), whole=True)
    assert on_the_day.findings == ()


def test_only_the_first_suppression_that_fits_is_used() -> None:
    twice = [entry(), Suppression(RULE, "again", at=Location("gitops.toml", 0, 9))]
    judged = suppression.judge([FOUND], twice, TODAY, whole=True)
    assert [found.rule for found in judged.findings] == ["ignore/unused"]
    assert [ignored.by.reason for ignored in judged.ignored] == ["agreed"]


def annotated(text: str) -> Index:
    lines = "".join(f"      {line}\n" for line in text.splitlines())
    unit = clusters.kustomization(
        "apps",
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  namespace: web\n"
        f"  annotations:\n    {suppression.ANNOTATION}: |\n{lines}",
    )
    return Index(clusters.cluster(unit))


def test_an_object_says_itself_what_to_ignore() -> None:
    facts = annotated(
        "object/duplicate: agreed\nobject/namespace-missing until 2027-03-01: for now\n"
    )
    read, mistakes = suppression.gather([], [facts])
    assert mistakes == []
    assert [(each.rule, each.reason, each.object, str(each.expires)) for each in read] == [
        (RULE, "agreed", "ConfigMap/web/settings", "None"),
        (OTHER, "for now", "ConfigMap/web/settings", "2027-03-01"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        RULE,
        "object/duplicate:",
        "image/other: agreed",
        "object/duplicate until March: agreed",
    ],
)
def test_an_annotation_without_a_rule_a_reason_or_a_day_is_refused(text: str) -> None:
    read, mistakes = suppression.gather([], [annotated(text)])
    assert read == []
    assert [(each.rule, each.message) for each in mistakes] == [
        (
            "ignore/invalid",
            f"ConfigMap/web/settings: {text!r} does not say what to ignore and why",
        )
    ]


def test_a_rule_that_does_not_exist_is_told_once_and_not_called_unused() -> None:
    fleet = Fleet((clusters.cluster(),))
    judged = engine.report(fleet, Knowledge(), [entry("image/latset")], whole=True)
    assert [(each.rule, each.message) for each in judged.findings] == [
        ("ignore/invalid", "there is no rule 'image/latset' to ignore")
    ]
