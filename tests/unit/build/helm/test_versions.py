"""Which version a range, a reference or a repackaged chart stands for."""

from typing import Any

import pytest

from gitops.build.helm import versions
from gitops.build.helm.versions import CHART_LAYER, Unresolved
from gitops.model.flux_sources import OCIRef
from tests.unit.build.helm.declared import release

HELD = ("0.9.0", "1.0.0", "1.2.0", "v1.3.0", "1.4", "2.0.0-rc.1", "latest")
DIGEST = "sha256:0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("wanted", "version"),
    [
        ("", "v1.3.0"),
        ("*", "v1.3.0"),
        ("1.2.0", "1.2.0"),
        ("1.x", "v1.3.0"),
        ("<1", "0.9.0"),
        (">=2.0.0-0", "2.0.0-rc.1"),
        ("latest", "latest"),
        ("1.4", "1.4"),
    ],
)
def test_an_exact_version_wins_and_then_the_highest_in_the_range(wanted: str, version: str) -> None:
    assert versions.resolve(wanted, HELD) == version


@pytest.mark.parametrize(
    ("wanted", "held", "reason"),
    [
        ("^3", ("1.0.0", "2.0.0"), "no version matches '^3' among 1.0.0, 2.0.0"),
        ("", (), "no version is a release; none is here"),
        ("newest", ("1.0.0",), "'newest' is neither a version nor a range"),
    ],
)
def test_why_there_is_no_version_is_told(wanted: str, held: tuple[str, ...], reason: str) -> None:
    assert versions.resolve(wanted, held) == Unresolved(reason)


def test_a_full_version_is_a_tag_of_its_own() -> None:
    assert [text for text in ("1.2.3", "v1.2.3", "1.2", "^1") if versions.is_exact(text)] == [
        "1.2.3",
        "v1.2.3",
    ]


TAGS = ("1.0.0", "1.1.0", "1.1.0-rc.1", "1.2.0_build", "1.3.0-dev", "latest")


@pytest.mark.parametrize(
    ("ref", "media", "found"),
    [
        (OCIRef(digest=DIGEST, semver="*", tag="x"), "", DIGEST),
        (OCIRef(semver="1.x", tag="x"), "", "1.1.0"),
        (OCIRef(semver="1.x"), CHART_LAYER, "1.2.0_build"),
        (OCIRef(semver=">=1.0.0-0", semver_filter="-rc"), "", "1.1.0-rc.1"),
        (OCIRef(tag="x"), "", "x"),
        (OCIRef(), "", "latest"),
    ],
)
def test_a_repository_is_pulled_by_digest_range_tag_or_latest(
    ref: OCIRef, media: str, found: str
) -> None:
    assert versions.reference(ref, TAGS, media) == found


@pytest.mark.parametrize(
    ("ref", "reason"),
    [
        (OCIRef(semver="2.x"), "no tag matches '2.x' among 1.0.0"),
        (OCIRef(semver="x y"), "'x y' is not a range"),
        (
            OCIRef(semver="*", semver_filter="("),
            "semverFilter '(' is not a pattern: missing ), unterminated subpattern at position 0",
        ),
    ],
)
def test_a_reference_that_leads_nowhere_says_why(ref: OCIRef, reason: str) -> None:
    assert versions.reference(ref, ("1.0.0",)) == Unresolved(reason)


@pytest.mark.parametrize(
    ("version", "tag", "tracked"),
    [
        ("1.2.3", "1.2.3", "1.2.3+0123456789ab"),
        ("1.2.3", "latest", "1.2.3+0123456789ab"),
        ("1.2.3", "", "1.2.3+0123456789ab"),
        ("v1.2.3", "v1.2.3", "1.2.3+0123456789ab"),
        ("1.2.3+own", "1.2.3_own", "1.2.3+0123456789ab"),
    ],
)
def test_a_chart_from_a_registry_carries_its_digest(version: str, tag: str, tracked: str) -> None:
    assert versions.tracked(version, DIGEST, tag) == tracked


def test_a_digest_that_is_not_known_leaves_the_version_alone() -> None:
    assert versions.tracked("v1.2.3", "", "v1.2.3") == "v1.2.3"


def test_a_tag_must_be_the_version_of_the_chart_in_it() -> None:
    reason = "the tag '1.2.4' does not match the chart's own version '1.2.3'"
    assert versions.tracked("1.2.3", DIGEST, "1.2.4") == Unresolved(reason)
    assert versions.tracked("one", DIGEST) == Unresolved("the chart's version 'one' is not semver")


@pytest.mark.parametrize(
    ("chart", "version"),
    [
        ({}, "v1.2.3"),
        ({"valuesFiles": ["values.yaml"]}, "v1.2.3"),
        ({"valuesFiles": ["./values.yaml"]}, "v1.2.3"),
        ({"valuesFiles": ["large.yaml"]}, "1.2.3+1"),
        ({"reconcileStrategy": "Revision"}, "v1.2.3"),
        (
            {"reconcileStrategy": "Revision", "sourceRef": {"kind": "GitRepository"}},
            "1.2.3+0123456789ab",
        ),
        (
            {
                "reconcileStrategy": "Revision",
                "sourceRef": {"kind": "Bucket"},
                "valuesFiles": ["values.yaml", "large.yaml"],
            },
            "1.2.3+0123456789ab.1",
        ),
    ],
)
def test_a_chart_that_is_packed_anew_says_so_in_its_version(
    chart: dict[str, Any], version: str
) -> None:
    wanted = release({"chart": {"spec": {"chart": "web", **chart}}})
    assert versions.packaged("v1.2.3", wanted, DIGEST) == version


def test_a_chart_by_reference_is_not_packed_anew() -> None:
    wanted = release({"chartRef": {"kind": "OCIRepository", "name": "web"}})
    assert versions.packaged("v1.2.3", wanted) == "v1.2.3"
