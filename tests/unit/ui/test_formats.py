"""The formats that other programs read: exact bytes where there is no schema to hold them to."""

import datetime
from xml.etree import ElementTree

import msgspec

from gitops.check.catalogue import RULES
from gitops.model import finding
from gitops.model.finding import Finding
from gitops.model.origin import NOWHERE, Location
from gitops.model.suppression import Ignored, Suppression
from gitops.ui import github, gitlab, json, junit, sarif
from tests.unit.ui import fleets

ERROR = msgspec.structs.replace(
    finding.error(
        "object/duplicate",
        Location("apps/web and more.yaml", 0, 9),
        "50 % of it: one,\ntwo",
        "remove <one>",
        Location("apps/other.yaml", 0, 3),
    ),
    subject=fleets.config_map("b", 9).id,
    cluster="one",
)
WARNING = finding.warning("ignore/unused", Location("gitops.toml"), "nothing is ignored here", "")
NOTE = finding.note("helm/damaged-chart", NOWHERE, "a chart is damaged")
FOUND = (NOTE, ERROR, WARNING)
BY = Suppression("flux/healthcheck-inert", "agreed", expires=datetime.date(2027, 3, 1))
IGNORED = Ignored(
    finding.warning("flux/healthcheck-inert", Location("clusters/one/ks.yaml", 0, 40), "inert", ""),
    BY,
)


def test_github_gets_commands_with_the_worst_first_and_everything_escaped() -> None:
    assert list(github.report(FOUND)) == [
        "::error file=apps/web and more.yaml,line=9,title=object/duplicate::"
        "50 %25 of it: one,%0Atwo%0Aremove <one>\n",
        "::warning file=gitops.toml,title=ignore/unused::nothing is ignored here\n",
        "::notice title=helm/damaged-chart::a chart is damaged\n",
    ]


def test_properties_of_a_command_are_escaped_more_than_its_text() -> None:
    found = finding.error("object/duplicate", Location("a,b:c%.yaml", 0, 1), "x", "")
    assert list(github.report([found])) == [
        "::error file=a%2Cb%3Ac%25.yaml,line=1,title=object/duplicate::x\n"
    ]


def test_gitlab_gets_a_list_with_a_place_for_every_finding() -> None:
    shown = msgspec.json.decode("".join(gitlab.report(FOUND)))
    assert [(each["check_name"], each["severity"], each["location"]) for each in shown] == [
        ("helm/damaged-chart", "info", {"path": "gitops.toml", "lines": {"begin": 1}}),
        ("object/duplicate", "major", {"path": "apps/web and more.yaml", "lines": {"begin": 9}}),
        ("ignore/unused", "minor", {"path": "gitops.toml", "lines": {"begin": 1}}),
    ]
    assert shown[1]["description"] == "50 % of it: one,\ntwo. remove <one>"
    assert len({each["fingerprint"] for each in shown}) == 3


def test_a_fingerprint_survives_lines_that_move() -> None:
    moved = msgspec.structs.replace(ERROR, at=Location("apps/web and more.yaml", 0, 12))
    before, after = ("".join(gitlab.report([each])) for each in (ERROR, moved))
    assert before.replace('"begin": 9', '"begin": 12') == after


def test_sarif_names_rules_places_and_what_is_suppressed() -> None:
    log = msgspec.json.decode("".join(sarif.report(FOUND, [IGNORED], RULES, "1.0.0")))
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [
        "flux/healthcheck-inert",
        "helm/damaged-chart",
        "ignore/unused",
        "object/duplicate",
    ]
    note, error, warning, suppressed = run["results"]
    assert note["locations"] == []
    assert error["level"] == "error"
    assert error["ruleIndex"] == 3
    assert error["message"]["text"] == (
        "50 % of it: one,\ntwo\nIn: one ConfigMap/web/b\nThe way out: remove <one>"
    )
    assert error["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {
                    "uri": "apps/web%20and%20more.yaml",
                    "uriBaseId": "%SRCROOT%",
                },
                "region": {"startLine": 9},
            }
        }
    ]
    assert error["relatedLocations"][0]["physicalLocation"]["region"] == {"startLine": 3}
    assert "region" not in warning["locations"][0]["physicalLocation"]
    assert suppressed["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "agreed"}
    ]
    assert all("suppressions" not in result for result in (note, error, warning))


def test_junit_has_a_case_for_every_unit_and_one_for_what_belongs_to_none() -> None:
    text = "".join(junit.report(fleets.FLEET, FOUND))
    suites = ElementTree.fromstring(text)
    counts = {
        suite.get("name"): tuple(suite.get(n) for n in ("tests", "failures", "skipped"))
        for suite in suites
    }
    assert counts == {"repository": ("2", "0", "0"), "one": ("6", "1", "2"), "two": ("0", "0", "0")}
    failed = [
        case.get("name") for case in suites.iter("testcase") if case.find("failure") is not None
    ]
    assert failed == ["Kustomization/flux-system/apps"]
    (failure,) = suites.iter("failure")
    assert failure.get("message") == "1 error: object/duplicate"
    assert failure.text == (
        "apps/web and more.yaml:9: error object/duplicate: 50 % of it: one,\ntwo (remove <one>)"
    )
    skipped = {
        case.get("name"): found.get("message")
        for case in suites.iter("testcase")
        if (found := case.find("skipped")) is not None
    }
    assert skipped == {
        "HelmRelease/web/cache": "no chart cache 2.0.0",
        "Kustomization/flux-system/later": "suspended",
    }


def test_junit_keeps_control_characters_out_of_the_document() -> None:
    found = finding.error("object/duplicate", Location("a\x00b.yaml"), "bell \x07 & <b>", "")
    (failure,) = ElementTree.fromstring("".join(junit.report(fleets.FLEET, [found]))).iter(
        "failure"
    )
    assert failure.text == "a\\x00b.yaml: error object/duplicate: bell \\x07 & <b>"


def test_json_tells_what_is_ignored_and_why() -> None:
    shown = msgspec.json.decode("".join(json.report(fleets.FLEET, [], [IGNORED])))
    assert shown["findings"] == []
    assert [(each["rule"], each["reason"], each["expires"]) for each in shown["ignored"]] == [
        ("flux/healthcheck-inert", "agreed", "2027-03-01")
    ]


def test_formats_show_a_mistake_of_two_clusters_once() -> None:
    twice: list[Finding] = [ERROR, msgspec.structs.replace(ERROR, cluster="two")]
    assert len(list(github.report(twice))) == 1
    assert len(msgspec.json.decode("".join(gitlab.report(twice)))) == 1
