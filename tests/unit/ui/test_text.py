import msgspec

from gitops.model.build import Fleet
from gitops.model.finding import Finding, Severity, error, note, warning
from gitops.model.origin import NOWHERE, Location
from gitops.ui import text
from tests.unit.ui import fleets

AT = Location("apps/ks.yaml", 0, 12)


def lines(*findings: Finding, colour: bool = False) -> list[str]:
    report = text.report(Fleet(()), findings, colour=colour)
    return "".join(report).splitlines()


def test_a_finding_starts_with_its_place_and_ends_with_the_way_out() -> None:
    found = error("area/name", AT, "it is wrong", "mend it", Location("other.yaml", 0, 3), NOWHERE)
    assert lines(found) == [
        "apps/ks.yaml:12: error area/name: it is wrong",
        "  see: other.yaml:3",
        "  hint: mend it",
        "1 error",
    ]


def test_a_mistake_that_reaches_several_clusters_is_told_once() -> None:
    once = Finding("area/name", Severity.WARNING, AT, "it is wrong", subject=fleets.WEB)
    found = [msgspec.structs.replace(once, cluster=cluster) for cluster in ("one", "two")]
    assert lines(*found) == [
        "apps/ks.yaml:12: warning area/name: it is wrong",
        "  in: one HelmRelease/web/web, two HelmRelease/web/web",
        "1 warning",
    ]


def test_more_than_four_places_are_counted() -> None:
    found = [Finding("a/b", Severity.ERROR, AT, "m", cluster=c) for c in "abcdef"]
    assert lines(*found)[1] == "  in: a, b, c, d and 2 more"


def test_the_lines_of_a_long_message_stay_together() -> None:
    assert lines(error("area/name", AT, "first\nsecond", "")) == [
        "apps/ks.yaml:12: error area/name: first",
        "    second",
        "1 error",
    ]


def test_what_is_read_from_a_repository_cannot_steer_the_terminal() -> None:
    found = error("area/name", Location("a\x1b]0;b"), "c\x1b[2Jd", "e\rf")
    assert lines(found) == [
        "a\\x1b]0;b: error area/name: c\\x1b[2Jd",
        "  hint: e\\rf",
        "1 error",
    ]


def test_the_repository_as_a_whole_is_a_dot() -> None:
    assert lines(error("cluster/none", NOWHERE, "no cluster", ""))[0] == (
        ".: error cluster/none: no cluster"
    )


def test_colour_comes_only_when_asked_for() -> None:
    assert lines(error("a/b", AT, "m", "h"), colour=True) == [
        "\033[1mapps/ks.yaml:12:\033[0m \033[1;31merror\033[0m a/b: m",
        "\033[2m  hint: h\033[0m",
        "1 error",
    ]


def test_the_summary_counts_by_severity() -> None:
    found = [error("a/b", AT, "1", "h"), error("a/b", AT, "2", "h"), warning("a/b", AT, "3", "h")]
    assert lines(*found, note("a/b", AT, "4"))[-1] == "2 errors, 1 warning, 1 note"
    assert lines() == ["no findings"]


def test_coverage_tells_what_became_of_units_by_kind() -> None:
    assert list(text.report(fleets.FLEET, ())) == [
        "one: 4 Kustomizations (2 rendered, 1 suspended, 1 broken), "
        "2 HelmReleases (1 from the lock, 1 unknown), 3 objects\n",
        "two: 0 objects\n",
        "no findings\n",
    ]


def test_of_many_notes_of_one_rule_the_first_stands_for_all() -> None:
    found = [note("a/b", Location("x.yaml", 0, line), f"m{line}", "h") for line in range(1, 8)]
    assert lines(error("a/c", AT, "wrong", ""), *found) == [
        "apps/ks.yaml:12: error a/c: wrong",
        "x.yaml:1: note a/b: m1",
        "  hint: h",
        "  6 more like it: x.yaml:2, x.yaml:3, x.yaml:4, x.yaml:5 and 2 more (--json tells all)",
        "1 error, 7 notes",
    ]
    assert len(lines(*found[:4])) == 9


def test_errors_are_told_in_full_however_many() -> None:
    found = [error("a/b", Location("x.yaml", 0, line), f"m{line}", "") for line in range(1, 8)]
    assert len(lines(*found)) == 8
