import msgspec

from gitops.check import novelty
from gitops.model import finding
from gitops.model.origin import Location

OLD = finding.error(
    "object/duplicate", Location("a.yaml", 0, 3), "a.yaml:3 and b.yaml:12 differ", ""
)


def test_a_finding_that_only_moved_is_not_new() -> None:
    moved = msgspec.structs.replace(
        OLD, at=Location("a.yaml", 1, 8), message="a.yaml:8 and b.yaml:99 differ"
    )
    assert list(novelty.new([moved], [OLD])) == []


def test_whatever_else_differs_makes_a_finding_new() -> None:
    others = [
        msgspec.structs.replace(OLD, at=Location("c.yaml", 0, 3)),
        msgspec.structs.replace(OLD, cluster="apps"),
        msgspec.structs.replace(OLD, message="something else"),
        msgspec.structs.replace(OLD, severity=finding.Severity.NOTE),
    ]
    assert list(novelty.new(others, [OLD])) == others


def test_one_more_of_the_same_is_new() -> None:
    second = msgspec.structs.replace(OLD, at=Location("a.yaml", 2, 40))
    assert list(novelty.new([OLD, second], [OLD])) == [second]
    assert list(novelty.new([OLD], [OLD, second])) == []
