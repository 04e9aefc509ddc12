"""Alerts say what is wrong, and Prometheus's own tool sees each of them fire and stay silent."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gitops.sources import yamlio
from tests.repository import cases, deliverycases, groundcases, manifests, platformcases

RULES = [
    rule
    for item in manifests.objects()
    if item.kind == "PrometheusRule"
    for group in item.spec["groups"]
    for rule in group["rules"]
]
by_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])

CASES = cases.SERVICES | deliverycases.DELIVERY | groundcases.GROUND | platformcases.PLATFORM
"""A case for every alert but the one that always fires."""


@by_rule
def test_an_alert_says_how_bad_it_is_what_is_wrong_and_what_to_do(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"critical", "warning", "none"}
    assert set(rule["annotations"]) == {"summary", "description", "action"}


def test_every_alert_has_a_name_of_its_own_and_a_case() -> None:
    names = [rule["alert"] for rule in RULES]
    assert sorted(names) == sorted([*CASES, "Watchdog"])


def test_a_dashboard_asks_sources_that_exist() -> None:
    sources = {item.spec["uid"] for item in manifests.objects() if item.kind == "GrafanaDatasource"}
    asked = {panel["datasource"]["uid"] for panel in panels()}
    assert asked and asked <= sources


@pytest.mark.oracle
def test_the_questions_of_dashboards_can_be_read(tmp_path: Path) -> None:
    """As recording rules, which is how promtool reads an expression without a server."""
    asked = [target["expr"] for panel in panels() for target in panel["targets"]]
    rules = [
        {"record": f"panel_{number}", "expr": expr.replace("$cluster", ".*")}
        for number, expr in enumerate(asked)
    ]
    assert lint(tmp_path, rules) == (0, "")


@pytest.mark.oracle
def test_every_alert_fires_and_stays_silent(tmp_path: Path) -> None:
    """Each beside its own rule alone: promtool judges all rules of a file, minute by minute."""
    rules = {
        rule["alert"]: {key: rule[key] for key in rule if key != "annotations"} for rule in RULES
    }
    for name in CASES:
        groups = {"groups": [{"name": "all", "rules": [rules[name]]}]}
        tests = both(name, rules[name]["labels"]["severity"])
        file = {"rule_files": [f"{name}.rule"], "evaluation_interval": "1m", "tests": tests}
        (tmp_path / f"{name}.rule").write_text(yamlio.dump(groups))
        (tmp_path / name).write_text(yamlio.dump(file))
    command = [promtool(), "test", "rules", *CASES]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=120, cwd=tmp_path
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.oracle
def test_the_texts_of_alerts_are_templates_that_work(tmp_path: Path) -> None:
    assert lint(tmp_path, RULES) == (0, "")


def panels() -> list[dict[str, Any]]:
    """The panels of all dashboards."""
    boards = [item for item in manifests.objects() if item.kind == "GrafanaDashboard"]
    return [panel for item in boards for panel in msgspec.json.decode(item.spec["json"])["panels"]]


def lint(folder: Path, rules: list[dict[str, Any]]) -> tuple[int, str]:
    """What promtool says of rules."""
    (folder / "rules.yaml").write_text(yamlio.dump({"groups": [{"name": "all", "rules": rules}]}))
    command = [promtool(), "check", "rules", "--lint=all", "--lint-fatal", "rules.yaml"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, cwd=folder
    )
    return done.returncode, done.stderr


def both(name: str, severity: str) -> list[dict[str, Any]]:
    """The tests of one alert, as promtool reads them."""
    case = CASES[name]
    fired = [{"exp_labels": {"severity": severity, **case.labels}}]
    return [
        {
            "name": name,
            "interval": "1m",
            "input_series": [{"series": key, "values": value} for key, value in series.items()],
            "alert_rule_test": [
                {"eval_time": f"{case.minute}m", "alertname": name, "exp_alerts": expected}
            ],
        }
        for series, expected in ((case.fires, fired), (case.silent, []))
    ]


def promtool() -> str:
    """The path of promtool, of Debian's package prometheus; skips the test where there is none."""
    found = shutil.which("promtool")
    if found is None:
        pytest.skip("promtool is not installed; Debian has it in the package prometheus")
    return found
